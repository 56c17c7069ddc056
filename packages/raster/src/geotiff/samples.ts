import type { StoredArray, StoredType } from '../raster-file.js';
import { undoDifferencesInto, undoFloatPrediction } from './predictor.js';

/** What the bytes of an unpacked block mean. */
export interface SampleLayout {
  readonly dtype: StoredType;
  readonly bits: number;
  readonly float: boolean;
  readonly predictor: number;
  readonly littleEndian: boolean;
}

/**
 * Numbers of an unpacked block [rows, width, samples]: predictor undone, bytes turned to the
 * machine's order, odd bit counts and half floats widened.
 *
 * @param bytes at an offset that its elements can lie on; may be overwritten.
 */
export function samplesOfBytes(
  bytes: Uint8Array,
  width: number,
  samples: number,
  layout: SampleLayout,
): StoredArray {
  const { bits, float, predictor } = layout;
  const size = bits / 8;
  if (size !== 1 && size !== 2 && size !== 4 && size !== 8) {
    return unpackBits(bytes, width * samples, bits);
  }
  let ordered = bytes;
  if (predictor === 3) {
    ordered = undoFloatPrediction(bytes, width, samples, size);
  } else {
    if (!layout.littleEndian) swapInto(bytes, size);
    if (predictor === 2) undoDifferencesInto(bytes, width, samples, size);
  }
  const { buffer, byteOffset } = ordered;
  const length = ordered.length / size;
  if (float && size === 2) return widenHalves(new Uint16Array(buffer, byteOffset, length));
  switch (layout.dtype) {
    case 'uint8':
      return ordered;
    case 'int8':
      return new Int8Array(buffer, byteOffset, length);
    case 'int16':
      return new Int16Array(buffer, byteOffset, length);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, length);
    case 'int32':
      return new Int32Array(buffer, byteOffset, length);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, length);
    case 'float32':
      return new Float32Array(buffer, byteOffset, length);
    case 'float64':
      return new Float64Array(buffer, byteOffset, length);
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer, byteOffset, length), Number);
    case 'uint64':
      return Float64Array.from(new BigUint64Array(buffer, byteOffset, length), Number);
  }
}

/** An array of zeros for stored elements. */
export function storedArray(dtype: StoredType, length: number): StoredArray {
  switch (dtype) {
    case 'uint8':
      return new Uint8Array(length);
    case 'int8':
      return new Int8Array(length);
    case 'int16':
      return new Int16Array(length);
    case 'uint16':
      return new Uint16Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'uint32':
      return new Uint32Array(length);
    case 'float32':
      return new Float32Array(length);
    default:
      return new Float64Array(length);
  }
}

function swapInto(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
}

/** Integers of any bit count, highest bit first; each row begins at a byte. */
function unpackBits(bytes: Uint8Array, line: number, bits: number): StoredArray {
  const rowBytes = Math.ceil((line * bits) / 8);
  const rows = Math.floor(bytes.length / rowBytes);
  const out = storedArray(bits <= 8 ? 'uint8' : bits <= 16 ? 'uint16' : 'uint32', rows * line);
  for (let row = 0; row < rows; row++) {
    let held = 0;
    let value = 0;
    let at = row * rowBytes;
    for (let i = 0; i < line; i++) {
      // Arithmetic instead of shifts: up to 39 bits are held.
      while (held < bits) {
        value = value * 256 + (bytes[at++] ?? 0);
        held += 8;
      }
      held -= bits;
      const unit = 2 ** held;
      const sample = Math.floor(value / unit);
      out[row * line + i] = sample;
      value -= sample * unit;
    }
  }
  return out;
}

function widenHalves(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  for (let i = 0; i < out.length; i++) {
    const half = halves[i] ?? 0;
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    out[i] =
      exponent === 0
        ? sign * fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? sign * Infinity
            : NaN
          : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return out;
}
