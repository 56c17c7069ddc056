/**
 * What went wrong with a file:
 * - `MissingFile`: there is nothing (or no readable file) at the path;
 * - `DamagedFile`: the file is there, but it is truncated or contradicts itself;
 * - `UnsupportedFormat`: a sound file of a kind this package does not read;
 * - `WrongShape`: sizes of arrays, windows or images that do not fit together;
 * - `InvalidValue`: a value outside its range, such as percent where a fraction is meant;
 * - `WriteFailed`: the file could not be written (no space, no permission).
 */
export type RasterErrorTag =
  | 'MissingFile'
  | 'DamagedFile'
  | 'UnsupportedFormat'
  | 'WrongShape'
  | 'InvalidValue'
  | 'WriteFailed';

/** The error of every function of this package; `_tag` says which kind, `cause` what lay under it. */
export class RasterError extends Error {
  readonly _tag: RasterErrorTag;

  constructor(tag: RasterErrorTag, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'RasterError';
    this._tag = tag;
  }
}

/** Whether `error` is a `RasterError`, of one kind where `tag` is given. */
export function isRasterError(error: unknown, tag?: RasterErrorTag): error is RasterError {
  return error instanceof RasterError && (tag === undefined || error._tag === tag);
}

/** The text of anything thrown, for messages that quote a cause. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The error code of a Node system error (`ENOENT`, `ENOSPC`), or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
