/** Something the user can mend; `main.ts` prints both sentences and no stack. */
export class BenchmarkError extends Error {
  readonly _tag = 'BenchmarkError';
  override readonly name = 'BenchmarkError';
  /** What to do about it. */
  readonly remedy: string | undefined;

  constructor(
    message: string,
    options: { readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.remedy = options.remedy;
  }
}

/** Whether an error is a {@link BenchmarkError}. */
export function isBenchmarkError(error: unknown): error is BenchmarkError {
  return error instanceof BenchmarkError;
}

/** What an error says, in one line. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}
