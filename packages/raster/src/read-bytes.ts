import { open, stat } from 'node:fs/promises';
import { RasterError, reasonOf } from './errors.js';

/** Largest single read: one system call cannot give more than 2 GiB. */
const READ_PART = 1 << 28;

/** @throws RasterError `MissingFile` unless there is a file at `path`. */
export async function assertFile(path: string): Promise<void> {
  const entry = await stat(path).catch((cause: unknown) => {
    throw missing(path, cause);
  });
  if (!entry.isFile()) {
    throw new RasterError(
      'MissingFile',
      `${path}: expected a file. Received: a folder. Name one file in it.`,
    );
  }
}

/**
 * All bytes of a file, at offset 0 of a buffer of their own (so that typed arrays can lie on it);
 * beyond the 2 GiB limit of `fs.readFile` too.
 *
 * @throws RasterError `MissingFile`
 */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  await assertFile(path);
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const bytes = new Uint8Array(size);
      let at = 0;
      while (at < size) {
        const { bytesRead } = await handle.read(bytes, at, Math.min(READ_PART, size - at), at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return at === size ? bytes : bytes.slice(0, at);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw missing(path, cause);
  }
}

function missing(path: string, cause: unknown): RasterError {
  return new RasterError(
    'MissingFile',
    `${path}: expected a readable file. Received: ${reasonOf(cause)}. Check the path.`,
    { cause },
  );
}
