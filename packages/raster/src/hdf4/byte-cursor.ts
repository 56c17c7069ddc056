import { damagedFile } from '../byte-file.js';

const LATIN1 = new TextDecoder('latin1');

/** Reads big-endian numbers one after the other, and never past the end. */
export class ByteCursor {
  readonly #path: string;
  readonly #what: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  /** @param what names the record in messages. */
  constructor(path: string, what: string, bytes: Uint8Array) {
    this.#path = path;
    this.#what = what;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  /** A length or count, which cannot be negative. @throws RasterError `DamagedFile` */
  count(): number {
    const value = this.i32();
    if (value < 0) {
      throw damagedFile(this.#path, `a size from 0 in ${this.#what}`, String(value));
    }
    return value;
  }

  bytes(length: number): Uint8Array {
    const from = this.#take(length);
    return this.#bytes.subarray(from, from + length);
  }

  /** Text of a known length, up to its first NUL. */
  text(length: number): string {
    return textOf(this.bytes(length));
  }

  #take(length: number): number {
    if (length > this.left) {
      throw damagedFile(
        this.#path,
        `${length} more bytes in ${this.#what}`,
        `${this.left} of ${this.#bytes.length}`,
      );
    }
    const from = this.#at;
    this.#at += length;
    return from;
  }
}

/** Latin-1 text up to its first NUL. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return LATIN1.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
