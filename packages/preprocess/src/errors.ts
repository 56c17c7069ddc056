/**
 * What went wrong:
 * - `InvalidOption`: an option out of range, or options that contradict each other;
 * - `InvalidInput`: a dataset folder that is not as described (manifest, labels, missing samples);
 * - `WrongShape`: an image or array of another size than its neighbours or its manifest;
 * - `TooFew`: not enough scenes or days to fill every split;
 * - `NoSpace`: the disk has no room for the result.
 */
export type PreprocessErrorTag =
  'InvalidOption' | 'InvalidInput' | 'WrongShape' | 'TooFew' | 'NoSpace';

/**
 * The error of every function of this package. Files that are missing or damaged raise the
 * `RasterError` of `@arctic/raster`, which reads them.
 */
export class PreprocessError extends Error {
  readonly _tag: PreprocessErrorTag;

  constructor(tag: PreprocessErrorTag, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PreprocessError';
    this._tag = tag;
  }
}

/** Whether `error` is a {@link PreprocessError}, of one kind where `tag` is given. */
export function isPreprocessError(
  error: unknown,
  tag?: PreprocessErrorTag,
): error is PreprocessError {
  return error instanceof PreprocessError && (tag === undefined || error._tag === tag);
}
