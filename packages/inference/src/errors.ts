/** A model folder, series or scene that a model cannot be applied to. */
export class InferenceError extends Error {
  readonly _tag = 'InferenceError';
  override readonly name = 'InferenceError';
}

/** Whether `error` is an {@link InferenceError}, also one from another copy of this package. */
export function isInferenceError(error: unknown): error is InferenceError {
  return error instanceof Error && '_tag' in error && error._tag === 'InferenceError';
}
