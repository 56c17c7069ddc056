import { existsSync } from 'node:fs';

/** A mistake in what the user asked for: one sentence with the place, the expectation and the value. */
export class UsageError extends Error {
  readonly _tag = 'UsageError';
}

/** A training that was asked to stop, or whose time was up: everything is saved, and it can go on. */
export class ResumableStop extends Error {
  readonly _tag = 'ResumableStop';
}

/** Checks that a path of the user leads somewhere. @throws UsageError */
export function expectPath(option: string, path: string): void {
  if (!existsSync(path))
    throw new UsageError(`${option} ${path}: expected a file or folder. Received: nothing there`);
}

/** True for every error that carries a tag: the packages' own and this app's, fit to show without a stack. */
export function isTaggedError(error: unknown): error is Error & { readonly _tag: string } {
  return error instanceof Error && '_tag' in error && typeof error._tag === 'string';
}

const OTHER_FOLDER = 'Pass --out DIR with a folder that you may write to.';

/** What was expected of the disk, and what to do, by error code. */
const SYSTEM_MESSAGES: Readonly<Record<string, string>> = {
  ENOSPC: `expected free space on the disk. Received: none left. Earlier results are untouched; free some space or pass --out DIR on another disk.`,
  EACCES: `expected permission to use it. Received: permission denied. ${OTHER_FOLDER}`,
  EPERM: `expected permission to use it. Received: permission denied. ${OTHER_FOLDER}`,
  EROFS: `expected a place that can be written. Received: a read-only file system. ${OTHER_FOLDER}`,
  ENOTDIR: `expected a folder. Received: a file on the way there. ${OTHER_FOLDER}`,
  EEXIST: `expected a folder. Received: a file. ${OTHER_FOLDER}`,
};

/** The one sentence to print for an error, or `null` when it is a fault of this program and the stack is worth seeing. */
export function explain(error: unknown): string | null {
  if (isTaggedError(error)) return oneLine(error.message);
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return null;
  const { code, message } = error;
  const place = 'path' in error && typeof error.path === 'string' ? error.path : 'disk';
  const known = typeof code === 'string' ? SYSTEM_MESSAGES[code] : undefined;
  return `${place}: ${known ?? `expected a file or folder that can be read and written. Received: ${oneLine(message)}`}`;
}

/** Parsers quote what they stumbled over, line breaks and all. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
