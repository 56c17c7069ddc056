import { NnError } from './errors.js';

/** Bytes per value of the types that are read. */
export const ELEMENT_BYTES = {
  F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U32: 4, U16: 2, U8: 1, BOOL: 1,
} as const; // prettier-ignore

/** The values in `bytes` (a copy of its own, so aligned), as 32-bit floats or integers. */
export function decodeValues(
  bytes: Uint8Array<ArrayBuffer>,
  dtype: keyof typeof ELEMENT_BYTES,
  name: string,
): Float32Array | Int32Array {
  const { buffer } = bytes;
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer));
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), halfToFloat);
    case 'BF16':
      return new Float32Array(
        Uint32Array.from(new Uint16Array(buffer), (half) => half << 16).buffer,
      );
    case 'I32':
      return new Int32Array(buffer);
    case 'I64':
      return Int32Array.from(new BigInt64Array(buffer), (value) => fit(Number(value), name));
    case 'U32':
      return Int32Array.from(new Uint32Array(buffer), (value) => fit(value, name));
    case 'I16':
      return Int32Array.from(new Int16Array(buffer));
    case 'U16':
      return Int32Array.from(new Uint16Array(buffer));
    case 'I8':
      return Int32Array.from(new Int8Array(buffer));
    case 'U8':
    case 'BOOL':
      return Int32Array.from(bytes);
  }
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function fit(value: number, name: string): number {
  if (value === (value | 0)) return value;
  throw new NnError(
    'format',
    `Expected whole numbers of 32 bits in "${name}". Received: ${value}.`,
  );
}
