/** What went wrong, for code that wants to act on it. */
export type RuntimeErrorKind =
  | 'option'
  | 'platform'
  | 'tfjs-node-missing'
  | 'library-missing'
  | 'compiler'
  | 'build'
  | 'cache'
  | 'disk'
  | 'download'
  | 'checksum'
  | 'wheel'
  | 'smoke-test'
  | 'load';

/** Thrown when the native backend cannot be installed or loaded; `remedy` is the command that mends it. */
export class RuntimeError extends Error {
  readonly _tag = 'RuntimeError';
  readonly kind: RuntimeErrorKind;
  readonly remedy: string | undefined;

  constructor(
    kind: RuntimeErrorKind,
    message: string,
    options: { readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RuntimeError';
    this.kind = kind;
    this.remedy = options.remedy;
  }
}

/** Whether `error` is a {@link RuntimeError}, also one from another copy of this package. */
export function isRuntimeError(error: unknown): error is RuntimeError {
  return error instanceof Error && '_tag' in error && error._tag === 'RuntimeError';
}

/** The first line of whatever was thrown. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n')[0] ?? '';
}

/** What was thrown in one line, with the command that mends it. */
export function failureSentence(error: unknown): string {
  const remedy = isRuntimeError(error) ? error.remedy : undefined;
  return remedy ? `${firstLine(error)} Mend with: ${remedy}` : firstLine(error);
}
