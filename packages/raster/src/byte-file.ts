import { open, type FileHandle } from 'node:fs/promises';
import { RasterError, reasonOf } from './errors.js';
import { assertFile } from './read-bytes.js';

/** A file read piece by piece: a length that is not there is an error, never a short answer. */
export class ByteFile {
  readonly path: string;
  /** Bytes in the file when it was opened. */
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle, size: number) {
    this.path = path;
    this.size = size;
    this.#handle = handle;
  }

  /** @throws RasterError `MissingFile` */
  static async open(path: string): Promise<ByteFile> {
    await assertFile(path);
    try {
      const handle = await open(path, 'r');
      return new ByteFile(path, handle, (await handle.stat()).size);
    } catch (cause) {
      throw new RasterError(
        'MissingFile',
        `${path}: expected a readable file. Received: ${reasonOf(cause)}. Check its permissions.`,
        { cause },
      );
    }
  }

  /**
   * `length` bytes from `at`, in a buffer of their own.
   *
   * @throws RasterError `DamagedFile` where the file ends before.
   */
  async read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!(at >= 0 && length >= 0 && at + length <= this.size)) {
      throw damagedFile(this.path, `${length} bytes at ${at}`, `a file of ${this.size} bytes`);
    }
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.#handle.read(bytes, done, length - done, at + done);
      if (bytesRead === 0)
        throw damagedFile(this.path, `${length} bytes at ${at}`, `${done} of them`);
      done += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** The error of a file that contradicts itself. */
export function damagedFile(
  path: string,
  expected: string,
  received: string,
  cause?: unknown,
): RasterError {
  return new RasterError(
    'DamagedFile',
    `${path}: expected ${expected}. Received: ${received}. Copy or download the file again.`,
    cause === undefined ? {} : { cause },
  );
}

/** Bytes that a file may always claim to unpack to, whatever its own size. */
const ALWAYS_PLAUSIBLE = 1 << 28;

/** Most that a byte of a file may unpack to: deflate reaches 1,032, constant zstd chunks more. */
const LARGEST_RATIO = 4096;

/**
 * Stops absurd sizes in damaged headers before memory is asked for.
 *
 * @param bytes what the header says that the values take.
 * @throws RasterError `DamagedFile`
 */
export function assertPlausible(path: string, what: string, bytes: number, fileSize: number): void {
  if (Number.isFinite(bytes) && bytes >= 0 && bytes <= ALWAYS_PLAUSIBLE + LARGEST_RATIO * fileSize)
    return;
  throw damagedFile(
    path,
    `${what} that fits a file of ${fileSize} bytes`,
    `${bytes} bytes when unpacked`,
  );
}
