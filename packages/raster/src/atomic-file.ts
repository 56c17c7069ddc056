import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RasterError, reasonOf, systemCode } from './errors.js';

/** Largest single write: one system call cannot take more than 2 GiB. */
export const WRITE_PART = 1 << 28;

let serial = 0;

/** A name beside `path` that no other process or call uses. */
export function temporaryPath(path: string): string {
  serial += 1;
  return join(dirname(path), `.${basename(path)}.${process.pid}.${serial}.tmp`);
}

/**
 * Writes a whole file or nothing: to a temporary name beside it, synced, then renamed.
 * A reader sees the old file or the new one, never half of it. Missing folders are made.
 *
 * @param bytes the content, or its parts in order (so that a header need not be copied onto data).
 * @throws RasterError `WriteFailed`; an earlier file at `path` is untouched then.
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array | readonly Uint8Array[],
): Promise<void> {
  const parts = bytes instanceof Uint8Array ? [bytes] : bytes;
  const temporary = temporaryPath(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(temporary, 'w');
    try {
      for (const part of parts) {
        for (let at = 0; at < part.length;) {
          at += (await handle.write(part, at, Math.min(WRITE_PART, part.length - at))).bytesWritten;
        }
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(path, cause);
  }
}

/**
 * Fills a folder completely or not at all: `fill` writes into a temporary folder beside it,
 * which then takes the place of `path`. An earlier folder there stays until that moment.
 *
 * @throws RasterError `WriteFailed`, or what `fill` threw; an earlier folder is untouched then.
 */
export async function replaceFolder(
  path: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const temporary = temporaryPath(path);
  const previous = `${temporary}.old`;
  try {
    await mkdir(temporary, { recursive: true });
    await fill(temporary);
    const existed = await exists(path);
    if (existed) await rename(path, previous);
    try {
      await rename(temporary, path);
    } catch (cause) {
      if (existed) await rename(previous, path);
      throw cause;
    }
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw cause instanceof RasterError ? cause : writeError(path, cause);
  }
  await rm(previous, { recursive: true, force: true }).catch(() => undefined);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The error of a file that could not be written, with advice for a full disk. */
export function writeError(path: string, cause: unknown): RasterError {
  const advice =
    systemCode(cause) === 'ENOSPC'
      ? 'Free some disk space, or write to another disk.'
      : 'Check that the folder is there and may be written to.';
  return new RasterError(
    'WriteFailed',
    `${path}: expected to write this file. Received: ${reasonOf(cause)}. ${advice}`,
    { cause },
  );
}
