import { RasterError } from '../errors.js';
import { bytesPerElement } from '../make-variable.js';
import type { StoredArray, StoredType } from '../raster-file.js';

/** How numbers lie in an HDF4 file. */
export interface NumberType {
  readonly dtype: StoredType;
  readonly littleEndian: boolean;
  /** Whether it holds text; unsigned characters are numbers. */
  readonly text: boolean;
}

const LITTLE_ENDIAN = 0x4000;
const NATIVE = 0x1000;

/** Codes of DFNT_*, without their flags. */
const TYPES: Readonly<Record<number, StoredType>> = {
  3: 'uint8',
  4: 'uint8',
  5: 'float32',
  6: 'float64',
  20: 'int8',
  21: 'uint8',
  22: 'int16',
  23: 'uint16',
  24: 'int32',
  25: 'uint32',
  26: 'int64',
  27: 'uint64',
};

/** Machines whose numbers are read, as a number type's fourth byte names them. */
const MACHINES: Readonly<Record<number, boolean>> = { 0: false, 1: false, 4: true };

/**
 * The number type of a code and its flags; a flag of native order means little-endian, as on all
 * machines that have written such files for decades.
 *
 * @throws RasterError `UnsupportedFormat`
 */
export function numberType(path: string, code: number): NumberType {
  const base = code & 0xff;
  const dtype = TYPES[base];
  if (dtype === undefined) throw unsupported(path, `number type ${code}`);
  return {
    dtype,
    littleEndian: (code & (LITTLE_ENDIAN | NATIVE)) !== 0,
    text: base === 4,
  };
}

/** The number type of a tag-106 record: version, code, bits, machine. */
export function numberTypeOfRecord(path: string, record: Uint8Array): NumberType {
  const [, code = 0, , machine = 0] = record;
  const littleEndian = MACHINES[machine];
  if (littleEndian === undefined) throw unsupported(path, `numbers of machine ${machine}`);
  return { ...numberType(path, code), littleEndian };
}

function unsupported(path: string, received: string): RasterError {
  return new RasterError(
    'UnsupportedFormat',
    `${path}: expected integers or IEEE floats. Received: ${received}. Convert it, e.g. with hrepack or h4toh5.`,
  );
}

/**
 * Numbers of bytes; the bytes are swapped in place and may become the storage of the result.
 *
 * @param bytes at offset 0 of a buffer of their own, a whole number of elements.
 */
export function toNumbers(bytes: Uint8Array<ArrayBuffer>, type: NumberType): StoredArray {
  const size = bytesPerElement(type.dtype);
  if (size > 1 && type.littleEndian !== hostIsLittleEndian()) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (size === 2) buffer.swap16();
    else if (size === 4) buffer.swap32();
    else buffer.swap64();
  }
  const { buffer } = bytes;
  switch (type.dtype) {
    case 'int8':
      return new Int8Array(buffer);
    case 'uint8':
      return bytes;
    case 'int16':
      return new Int16Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case 'uint64':
      return Float64Array.from(new BigUint64Array(buffer), Number);
  }
}

/** Bytes of numbers in the order of `type`, for fill values. */
export function toBytes(value: number, type: NumberType): Uint8Array {
  const bytes = new Uint8Array(bytesPerElement(type.dtype));
  const view = new DataView(bytes.buffer);
  const little = type.littleEndian;
  switch (type.dtype) {
    case 'int8':
    case 'uint8':
      view.setUint8(0, value);
      break;
    case 'int16':
    case 'uint16':
      view.setUint16(0, value, little);
      break;
    case 'int32':
    case 'uint32':
      view.setUint32(0, value, little);
      break;
    case 'float32':
      view.setFloat32(0, value, little);
      break;
    case 'float64':
      view.setFloat64(0, value, little);
      break;
    case 'int64':
    case 'uint64':
      view.setBigInt64(0, BigInt(Math.trunc(value)), little);
  }
  return bytes;
}

function hostIsLittleEndian(): boolean {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
}
