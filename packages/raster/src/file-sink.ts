import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { temporaryPath, WRITE_PART, writeError } from './atomic-file.js';
import { systemCode } from './errors.js';

/** A file being written from front to back. */
export class FileSink {
  readonly #handle: FileHandle;
  #position = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Bytes written so far, where the next ones go. */
  get position(): number {
    return this.#position;
  }

  /** Writes at the end; gives the place of the first byte. */
  async append(bytes: Uint8Array): Promise<number> {
    const at = this.#position;
    await this.writeAt(bytes, at);
    this.#position = at + bytes.length;
    return at;
  }

  /** Writes over earlier bytes, or ahead of them. */
  async writeAt(bytes: Uint8Array, at: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const length = Math.min(WRITE_PART, bytes.length - done);
      done += (await this.#handle.write(bytes, done, length, at + done)).bytesWritten;
    }
  }

  /** Leaves room at the end; gives its place. */
  reserve(length: number): number {
    const at = this.#position;
    this.#position += length;
    return at;
  }
}

/**
 * Writes a file piece by piece, whole or not at all: to a temporary name beside it, synced, then
 * renamed. Missing folders are made.
 *
 * @throws RasterError `WriteFailed`, or what `fill` threw; an earlier file at `path` is untouched then.
 */
export async function streamFile(
  path: string,
  fill: (sink: FileSink) => Promise<void>,
): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(temporary, 'w');
    try {
      await fill(new FileSink(handle));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    // What callbacks throw is theirs; system errors are of the disk.
    throw systemCode(cause) === undefined ? cause : writeError(path, cause);
  }
}
