import type { StoredArray } from '../../raster-file.js';
import { storedArray } from '../stored-array.js';
import type { H5Number } from './datatype.js';

/** Numbers of bytes in the file's order; the bytes may be changed in place. */
export function numbersOf(bytes: Uint8Array<ArrayBuffer>, type: H5Number): StoredArray {
  if (type.dtype !== 'float16') return storedArray(bytes, type.dtype, type.bigEndian);
  const halves = storedArray(bytes, 'uint16', type.bigEndian);
  return Float32Array.from(halves, halfToFloat);
}

/** The value of the bits of an IEEE half-precision number. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
