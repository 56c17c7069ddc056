/** A configuration the forecaster cannot be built from, or input of the wrong shape. */
export class ConvLstmError extends Error {
  readonly _tag = 'ConvLstmError';
  override readonly name = 'ConvLstmError';
}

/** Whether `error` is a {@link ConvLstmError}, also one from another copy of this package. */
export function isConvLstmError(error: unknown): error is ConvLstmError {
  return error instanceof Error && '_tag' in error && error._tag === 'ConvLstmError';
}
