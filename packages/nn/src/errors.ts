/** What went wrong, as a word to branch on. */
export type NnErrorReason = 'config' | 'shape' | 'state' | 'format';

/**
 * The one error of this package.
 *
 * `reason` is `config` for impossible layer options, `shape` for a tensor that does not fit,
 * `state` for parameters that do not match a model, `format` for a damaged parameter file.
 */
export class NnError extends Error {
  readonly _tag = 'NnError';
  override readonly name = 'NnError';

  constructor(
    readonly reason: NnErrorReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether `error` came from this package, also across two copies of it. */
export function isNnError(error: unknown): error is NnError {
  return error instanceof Error && '_tag' in error && error._tag === 'NnError';
}
