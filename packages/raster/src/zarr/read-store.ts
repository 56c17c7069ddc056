import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { damagedFile } from '../byte-file.js';
import { FolderStore } from '../zarr-store.js';

/** A folder read as zarrita reads it, with metadata of some arrays put in place of their own. */
export class ReadStore {
  readonly #files: FolderStore;
  readonly #metadata: ReadonlyMap<string, Uint8Array>;

  /** @param metadata by key, such as `/sic/zarr.json`. */
  constructor(
    readonly folder: string,
    metadata: ReadonlyMap<string, Uint8Array>,
  ) {
    this.#files = new FolderStore(folder);
    this.#metadata = metadata;
  }

  async get(key: `/${string}`): Promise<Uint8Array | undefined> {
    return this.#metadata.get(key) ?? this.#files.get(key);
  }

  /** Bytes of a value; undefined where it is not there. */
  async size(key: string): Promise<number | undefined> {
    const entry = await stat(join(this.folder, key)).catch(() => null);
    return entry?.isFile() ? entry.size : undefined;
  }

  /** A piece of a value, or its last bytes: for shards. */
  async getRange(
    key: `/${string}`,
    range: { readonly offset: number; readonly length: number } | { readonly suffixLength: number },
  ): Promise<Uint8Array | undefined> {
    const size = await this.size(key);
    if (size === undefined) return undefined;
    const length = 'suffixLength' in range ? range.suffixLength : range.length;
    const offset = 'suffixLength' in range ? size - length : range.offset;
    const path = join(this.folder, key);
    if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
      throw damagedFile(path, `${length} bytes at ${offset}`, `${size} bytes`);
    }
    const handle = await open(path, 'r');
    try {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      if (bytesRead !== length) throw damagedFile(path, `${length} bytes`, `${bytesRead}`);
      return bytes;
    } finally {
      await handle.close();
    }
  }
}
