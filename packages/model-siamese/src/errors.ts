/** An impossible configuration, or tensors that do not fit the model. */
export class SiameseError extends Error {
  readonly _tag = 'SiameseError';
  override readonly name = 'SiameseError';
}

/** Whether `error` is a {@link SiameseError}, also one from another copy of this package. */
export function isSiameseError(error: unknown): error is SiameseError {
  return error instanceof Error && '_tag' in error && error._tag === 'SiameseError';
}
