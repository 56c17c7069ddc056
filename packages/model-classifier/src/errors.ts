/** An impossible configuration, or tensors that do not fit the model. */
export class ClassifierError extends Error {
  readonly _tag = 'ClassifierError';
  override readonly name = 'ClassifierError';
}

/** Whether `error` is a {@link ClassifierError}, also one from another copy of this package. */
export function isClassifierError(error: unknown): error is ClassifierError {
  return error instanceof Error && '_tag' in error && error._tag === 'ClassifierError';
}
