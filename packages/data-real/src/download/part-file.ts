import { constants } from 'node:fs';
import {
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataRealError, reasonOf } from '../errors.js';
import { at } from './json-field.js';

/** What was known of the server's file when a part of it was written. */
export interface PartOrigin {
  readonly url: string;
  /** A strong ETag, else the date of the last change, else null: what `If-Range` may hold. */
  readonly validator: string | null;
  /** Length of the whole file, null where the server does not say. */
  readonly total: number | null;
}

/**
 * A file on its way: `path.part`, with its origin in `path.part.json`, until it is whole and takes
 * its name. Both survive a crash, so that the next attempt goes on.
 */
export class PartFile {
  readonly path: string;
  readonly partPath: string;
  readonly #originPath: string;

  constructor(path: string) {
    this.path = path;
    this.partPath = `${path}.part`;
    this.#originPath = `${path}.part.json`;
  }

  /** Bytes there from an earlier attempt and their origin; null where there are none to go on from. */
  async earlier(url: string): Promise<{ bytes: number; origin: PartOrigin } | null> {
    try {
      const origin: unknown = JSON.parse(await readFile(this.#originPath, 'utf8'));
      const { size } = await stat(this.partPath);
      if (!isOrigin(origin) || origin.url !== url || size === 0) return null;
      if (origin.total !== null && size > origin.total) return null;
      return { bytes: size, origin };
    } catch {
      return null;
    }
  }

  /** Opens the part for writing: emptied and with a new origin at `from` 0, else as it is. @throws `WriteFailed` */
  async open(from: number, origin: PartOrigin): Promise<FileHandle> {
    return this.guarded(async () => {
      await mkdir(dirname(this.path), { recursive: true });
      if (from > 0) return await open(this.partPath, constants.O_WRONLY);
      // Emptied first: a kill in between must not leave old bytes under a new origin. Of a part
      // that goes on the origin is there already, and stays.
      const handle = await open(this.partPath, 'w');
      try {
        await writeFile(this.#originPath, JSON.stringify(origin));
      } catch (error) {
        await handle.close();
        throw error;
      }
      return handle;
    });
  }

  /** Throws the part away. */
  async discard(): Promise<void> {
    await this.guarded(async () => {
      await rm(this.partPath, { force: true });
      await rm(this.#originPath, { force: true });
    });
  }

  /** Gives the whole part its name. @throws `WriteFailed` */
  async finish(): Promise<void> {
    await this.guarded(async () => {
      await rename(this.partPath, this.path);
      await rm(this.#originPath, { force: true });
    });
  }

  /** Runs something that touches the disk. @throws DataRealError `WriteFailed` */
  async guarded<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (cause) {
      const isFull = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
      throw new DataRealError(
        'WriteFailed',
        `${this.path}: expected to write this file. Received: ${reasonOf(cause)}. ${isFull ? 'Free some disk space, or choose another folder' : 'Check that the folder may be written to'}, then run it again: it goes on where it stopped.`,
        { cause },
      );
    }
  }
}

function isOrigin(value: unknown): value is PartOrigin {
  const [validator, total] = [at(value, 'validator'), at(value, 'total')];
  return (
    typeof at(value, 'url') === 'string' &&
    (validator === null || typeof validator === 'string') &&
    (total === null || typeof total === 'number')
  );
}
