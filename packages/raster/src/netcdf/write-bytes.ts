import type { StoredArray } from '../raster-file.js';
import type { WrittenType } from '../grid-dataset.js';

/** Little-endian bytes, put together field by field. */
export class ByteBuilder {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(...values: readonly number[]): this {
    for (const value of values) {
      const at = this.#take(1);
      this.#view.setUint8(at, value);
    }
    return this;
  }

  u16(value: number): this {
    const at = this.#take(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    const at = this.#take(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  /** File addresses and lengths: exact up to 2^53. */
  u64(value: number): this {
    const at = this.#take(8);
    this.#view.setBigUint64(at, BigInt(value), true);
    return this;
  }

  bytes(values: Uint8Array): this {
    const at = this.#take(values.length);
    this.#bytes.set(values, at);
    return this;
  }

  zeros(count: number): this {
    this.#take(count);
    return this;
  }

  build(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Makes room, and says where it is; before `#view` is taken, which may change. */
  #take(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
}

const ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Numbers as an array of their type. */
export function typedArray(dtype: WrittenType, values: readonly number[] | number): StoredArray {
  return typeof values === 'number' ? new ARRAYS[dtype](values) : new ARRAYS[dtype](values);
}

/** Whether an array is of the type's kind. */
export function isOfType(array: StoredArray, dtype: WrittenType): boolean {
  return array instanceof ARRAYS[dtype];
}

/** The memory of a typed array (Node runs on little-endian machines alone). */
export function bytesOf(array: StoredArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
