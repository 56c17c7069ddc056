import { damagedFile, type ByteFile } from '../../byte-file.js';
import { ByteCache } from '../../hdf4/byte-cache.js';
import { H5Cursor, type H5Widths } from './h5-cursor.js';

/** Metadata lies scattered in small pieces: they are read by pages of this size. */
const PAGE = 1 << 16;
const KEPT_PAGES = 64;

/** Most bytes of one piece of metadata, far above what libraries write. */
const LARGEST_BLOCK = 1 << 24;

/** The metadata of an HDF5 file, by address. */
export class H5Blocks {
  readonly file: ByteFile;
  readonly widths: H5Widths;
  /** Where address 0 lies in the file: after a user block. */
  readonly base: number;
  readonly #pages = new ByteCache(PAGE * KEPT_PAGES);

  constructor(file: ByteFile, widths: H5Widths, base: number) {
    this.file = file;
    this.widths = widths;
    this.base = base;
  }

  get path(): string {
    return this.file.path;
  }

  /** @throws RasterError `DamagedFile` where the file ends before, or the piece is absurdly long. */
  async read(address: number, length: number): Promise<H5Cursor> {
    const from = this.base + address;
    if (!(address >= 0 && length <= LARGEST_BLOCK && from + length <= this.file.size)) {
      throw damagedFile(
        this.path,
        `${length} bytes of HDF5 metadata at ${from}`,
        `a file of ${this.file.size} bytes`,
      );
    }
    return new H5Cursor(this.path, await this.#bytes(from, length), this.widths);
  }

  /** As much of `length` bytes as the file has. */
  async readUpTo(address: number, length: number): Promise<H5Cursor> {
    const room = Math.max(0, this.file.size - this.base - address);
    return this.read(address, Math.min(length, room));
  }

  /** @throws RasterError `DamagedFile` unless the piece begins with `signature`. */
  async readSigned(address: number, length: number, signature: string): Promise<H5Cursor> {
    const cursor = await this.read(address, length);
    this.#assertSignature(cursor, signature);
    return cursor;
  }

  #assertSignature(cursor: H5Cursor, signature: string): void {
    const found = cursor.signature();
    if (found !== signature) {
      throw damagedFile(this.path, `HDF5 ${signature}`, JSON.stringify(found));
    }
  }

  async #bytes(from: number, length: number): Promise<Uint8Array> {
    const first = Math.floor(from / PAGE);
    const last = Math.floor((from + Math.max(length, 1) - 1) / PAGE);
    if (last - first > 1) return this.file.read(from, length);
    const head = await this.#page(first);
    if (last === first) return head.subarray(from - first * PAGE, from - first * PAGE + length);
    const out = new Uint8Array(length);
    const part = head.subarray(from - first * PAGE);
    out.set(part);
    out.set((await this.#page(last)).subarray(0, length - part.length), part.length);
    return out;
  }

  #page(index: number): Promise<Uint8Array> {
    const at = index * PAGE;
    return this.#pages.get(String(index), () =>
      this.file.read(at, Math.min(PAGE, Math.max(0, this.file.size - at))),
    );
  }
}
