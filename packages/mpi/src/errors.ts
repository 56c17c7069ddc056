/** The ways in which MPI can fail, told apart by `_tag`. */
export type MpiErrorTag =
  /** No MPI library could be loaded. */
  | 'LibraryNotFound'
  /** A call returned an error code. */
  | 'CallFailed'
  /** The other processes did not come within the time limit. */
  | 'TimedOut';

/** What this package throws; `_tag` says which kind it is. */
export class MpiError extends Error {
  constructor(
    readonly _tag: MpiErrorTag,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
    this.name = `Mpi${_tag}Error`;
  }
}

/** Whether `error` comes from this package, and, if a tag is given, is of that kind. */
export function isMpiError(error: unknown, tag?: MpiErrorTag): error is MpiError {
  return error instanceof MpiError && (tag === undefined || error._tag === tag);
}
