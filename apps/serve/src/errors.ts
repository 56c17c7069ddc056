/** A request or an option that cannot be met, with the place, the expectation and the value. */
export class ServeError extends Error {
  readonly _tag = 'ServeError';
  /** HTTP status. */
  readonly status: number;
  /** Last part of the problem's type, such as `no-forecast`. */
  readonly kind: string;
  /** Seconds after which to try again, of 503 and 429. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    kind: string,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfter?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.kind = kind;
    this.retryAfter = options.retryAfter;
  }
}

/** True for every error that carries a tag: the packages' own and this app's, fit to show without a stack. */
export function isTaggedError(error: unknown): error is Error & { readonly _tag: string } {
  return error instanceof Error && '_tag' in error && typeof error._tag === 'string';
}
