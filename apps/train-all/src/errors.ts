/** A mistake in what the user asked for: one sentence with the place, the expectation and the value. */
export class UsageError extends Error {
  readonly _tag = 'UsageError';
}

/** True for every error that carries a tag: the packages' own and this app's, fit to show without a stack. */
export function isTaggedError(error: unknown): error is Error & { readonly _tag: string } {
  return error instanceof Error && '_tag' in error && typeof error._tag === 'string';
}

const SYSTEM_MESSAGES: Readonly<Record<string, string>> = {
  ENOSPC:
    'No space left on the disk; earlier results are untouched. Free some space or pass --out DIR on another disk.',
  EACCES: 'Permission denied. Pass --out DIR with a folder that you may write to.',
  EROFS: 'The file system is read-only. Pass --out DIR with a folder that you may write to.',
};

/** The one sentence to print for an error, or `null` when it is a fault of this program and the stack is worth seeing. */
export function explain(error: unknown): string | null {
  if (isTaggedError(error)) return error.message;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const known = SYSTEM_MESSAGES[error.code];
    if (known !== undefined) {
      const place = 'path' in error && typeof error.path === 'string' ? `${error.path}: ` : '';
      return place + known;
    }
  }
  return null;
}
