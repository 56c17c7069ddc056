/**
 * What went wrong with a source:
 * - `MissingInput`: nothing at the path, or nothing that may be read;
 * - `NoData`: the input is there, but holds no file of the product, kind or dates asked for;
 * - `DamagedFile`: a file is truncated or contradicts its name, header or published checksum;
 * - `UnsupportedFormat`: a sound file of another product or version;
 * - `InvalidOption`: options that make no sense, or that the input cannot answer alone;
 * - `LoginNeeded`: a server wants a login that is not there, or did not accept it;
 * - `AccessDenied`: the login is known, but may not have this file;
 * - `NotFound`: a server does not have the file;
 * - `DownloadFailed`: a server could not be reached or kept failing;
 * - `WriteFailed`: a file could not be written (no space, no permission);
 * - `Aborted`: the caller's signal ended it.
 */
export type DataRealErrorTag =
  | 'MissingInput'
  | 'NoData'
  | 'DamagedFile'
  | 'UnsupportedFormat'
  | 'InvalidOption'
  | 'LoginNeeded'
  | 'AccessDenied'
  | 'NotFound'
  | 'DownloadFailed'
  | 'WriteFailed'
  | 'Aborted';

/** The error of every function of this package; `_tag` says which kind, `cause` what lay under it. */
export class DataRealError extends Error {
  readonly _tag: DataRealErrorTag;

  constructor(tag: DataRealErrorTag, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'DataRealError';
    this._tag = tag;
  }
}

/** Whether `error` is a `DataRealError`, of one kind where `tag` is given. */
export function isDataRealError(error: unknown, tag?: DataRealErrorTag): error is DataRealError {
  return error instanceof DataRealError && (tag === undefined || error._tag === tag);
}

/** The text of anything thrown, for messages that quote a cause. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
