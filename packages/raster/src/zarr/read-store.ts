import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { damagedFile } from '../byte-file.js';
import { FolderStore } from '../zarr-store.js';

/** Filters may make chunks longer before they are packed. */
const ROOM_BYTES = 1 << 16;

/** The folder of a store as zarrita reads one array of it. */
export class ReadStore {
  readonly #files: FolderStore;
  readonly #key: string;
  readonly #metadata: Uint8Array;
  readonly #bloscBytes: number | null;

  /**
   * @param key of the array's metadata file, such as `/sic/zarr.json`.
   * @param metadata what zarrita finds there.
   * @param bloscBytes what a chunk takes unpacked where blosc packs them; null elsewhere.
   */
  constructor(
    readonly folder: string,
    key: string,
    metadata: Uint8Array,
    bloscBytes: number | null,
  ) {
    this.#files = new FolderStore(folder);
    this.#key = key;
    this.#metadata = metadata;
    this.#bloscBytes = bloscBytes;
  }

  async get(key: `/${string}`): Promise<Uint8Array | undefined> {
    if (key === this.#key) return this.#metadata;
    const bytes = await this.#files.get(key);
    if (bytes) this.#assertBlosc(key, bytes);
    return bytes;
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
      if ('offset' in range) this.#assertBlosc(key, bytes);
      return bytes;
    } finally {
      await handle.close();
    }
  }

  /** The decoder takes as much memory as a chunk's header says: it must be a chunk's worth. */
  #assertBlosc(key: string, bytes: Uint8Array): void {
    if (this.#bloscBytes === null || bytes.length < 8) return;
    const claimed = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
    if (claimed <= 2 * this.#bloscBytes + ROOM_BYTES) return;
    const path = join(this.folder, key);
    throw damagedFile(path, `a chunk of ${this.#bloscBytes} bytes`, `${claimed} when unpacked`);
  }
}
