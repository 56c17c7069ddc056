import { bytesPerElement } from '../make-variable.js';
import type { StoredArray, StoredType } from '../raster-file.js';

/** Whether this machine keeps the low byte first. */
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Numbers of bytes as files have them, without a copy where the machine has their order.
 *
 * @param bytes a buffer of their own from its start; turned in place where the order differs.
 */
export function storedArray(
  bytes: Uint8Array<ArrayBuffer>,
  dtype: StoredType,
  bigEndian: boolean,
): StoredArray {
  const size = bytesPerElement(dtype);
  const own = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset: at, length } = own;
  const count = Math.floor(length / size);
  if (size > 1 && bigEndian === LITTLE_ENDIAN) {
    const view = Buffer.from(buffer, at, count * size);
    if (size === 2) view.swap16();
    else if (size === 4) view.swap32();
    else view.swap64();
  }
  switch (dtype) {
    case 'int8':
      return new Int8Array(buffer, at, count);
    case 'uint8':
      return new Uint8Array(buffer, at, count);
    case 'int16':
      return new Int16Array(buffer, at, count);
    case 'uint16':
      return new Uint16Array(buffer, at, count);
    case 'int32':
      return new Int32Array(buffer, at, count);
    case 'uint32':
      return new Uint32Array(buffer, at, count);
    case 'float32':
      return new Float32Array(buffer, at, count);
    case 'float64':
      return new Float64Array(buffer, at, count);
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer, at, count), Number);
    case 'uint64':
      return Float64Array.from(new BigUint64Array(buffer, at, count), Number);
  }
}
