import { damagedFile } from '../../byte-file.js';

/** What an undefined address reads as. */
export const NOWHERE = -1;

/** How wide the file writes addresses and lengths, in bytes. */
export interface H5Widths {
  readonly offset: number;
  readonly length: number;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const LATIN1 = new TextDecoder('latin1');

/** Text of UTF-8 bytes, of Latin-1 where they are not UTF-8; up to `\0` bytes, which are dropped. */
export function textOf(bytes: Uint8Array): string {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    text = LATIN1.decode(bytes);
  }
  return text.replaceAll('\0', '');
}

/** Reads little-endian numbers one after the other, and never past the end. */
export class H5Cursor {
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly widths: H5Widths;
  readonly #view: DataView;
  at = 0;

  constructor(path: string, bytes: Uint8Array, widths: H5Widths) {
    this.path = path;
    this.bytes = bytes;
    this.widths = widths;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  #take(count: number): number {
    if (!(count >= 0 && count <= this.left)) {
      throw damagedFile(this.path, `${count} more bytes of HDF5 metadata`, `${this.left}`);
    }
    const from = this.at;
    this.at += count;
    return from;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** An unsigned number of 0 to 8 bytes; beyond 2^53 it is only near. */
  uint(width: number): number {
    const from = this.#take(width);
    let value = 0;
    for (let i = width - 1; i >= 0; i--) value = value * 256 + (this.bytes[from + i] ?? 0);
    return value;
  }

  /** A length in the file's width. */
  length(): number {
    return this.uint(this.widths.length);
  }

  /** An address in the file's width, `NOWHERE` where all its bits are set. */
  address(): number {
    const { offset } = this.widths;
    const value = this.uint(offset);
    return value >= 2 ** (8 * offset) - 1 ? NOWHERE : value;
  }

  slice(count: number): Uint8Array {
    const from = this.#take(count);
    return this.bytes.subarray(from, from + count);
  }

  skip(count: number): void {
    this.#take(count);
  }

  /** Text of a known length. */
  text(count: number): string {
    const bytes = this.slice(count);
    const end = bytes.indexOf(0);
    return textOf(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** Text up to its `\0`, which is passed over. */
  textToNul(): string {
    const end = this.bytes.indexOf(0, this.at);
    const text = this.text((end < 0 ? this.bytes.length : end) - this.at);
    this.skip(Math.min(1, this.left));
    return text;
  }

  signature(): string {
    return LATIN1.decode(this.slice(4));
  }

  /** A cursor of the next bytes. */
  sub(count: number): H5Cursor {
    return new H5Cursor(this.path, this.slice(count), this.widths);
  }
}
