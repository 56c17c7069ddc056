import type { WrittenType } from '../grid-dataset.js';
import { bytesPerElement } from '../make-variable.js';
import { RasterError } from '../errors.js';
import { ByteBuilder, bytesOf, typedArray } from './write-bytes.js';

/** An address that points nowhere. */
export const UNDEFINED = new Uint8Array(8).fill(255);

/** Text is written as characters of fixed length, several texts as an array of such. */
export type Hdf5Value =
  string | readonly string[] | { readonly dtype: WrittenType; readonly values: readonly number[] };

/** What an attribute holds, encoded. */
export interface EncodedValue {
  readonly type: Uint8Array;
  readonly space: Uint8Array;
  readonly data: Uint8Array;
}

/** Messages have a length of 16 bits; their heads take the rest. */
const LARGEST_VALUE = 65_000;

/** Datatype message of a number. */
export function numberType(dtype: WrittenType): Uint8Array {
  const size = bytesPerElement(dtype);
  const bits = 8 * size;
  const type = new ByteBuilder();
  if (dtype === 'float32' || dtype === 'float64') {
    const single = dtype === 'float32';
    // Class 1: little-endian, mantissa with an implied first bit, the sign in the last bit.
    type
      .u8(0x11, 0x20, bits - 1, 0)
      .u32(size)
      .u16(0)
      .u16(bits);
    if (single) type.u8(23, 8, 0, 23).u32(127);
    else type.u8(52, 11, 0, 52).u32(1023);
  } else {
    // Class 0: little-endian; bit 3 says signed.
    const signed = dtype.startsWith('int') ? 0x08 : 0;
    type.u8(0x10, signed, 0, 0).u32(size).u16(0).u16(bits);
  }
  return type.build();
}

/** Datatype of an address of an object. */
export function referenceType(): Uint8Array {
  return new ByteBuilder().u8(0x17, 0, 0, 0).u32(8).build();
}

/** Datatype of a list of addresses that lies in the heap. */
export function referenceListType(): Uint8Array {
  return new ByteBuilder().u8(0x19, 0, 0, 0).u32(16).bytes(referenceType()).build();
}

/** Datatype of a data set that uses a dimension: its address, and which of its axes. */
export function scaleUseType(): Uint8Array {
  const type = new ByteBuilder().u8(0x16, 2, 0, 0).u32(16);
  const member = (name: string, offset: number, of: Uint8Array) => {
    const text = new TextEncoder().encode(name);
    type
      .bytes(text)
      .zeros(8 - (text.length % 8))
      .u32(offset);
    // No array of its own: rank 0 and all sizes 0.
    type.zeros(1 + 3 + 4 + 4 + 16).bytes(of);
  };
  member('dataset', 0, referenceType());
  member('dimension', 8, numberType('int32'));
  return type.build();
}

function textType(size: number, ascii: boolean): Uint8Array {
  // Class 3, ended by zero where there is room; bits 4 to 7 say UTF-8.
  return new ByteBuilder()
    .u8(0x13, ascii ? 0 : 0x10, 0, 0)
    .u32(size)
    .build();
}

/** Dataspace message; no axes make a scalar, null an empty space. */
export function dataspace(shape: readonly number[] | null): Uint8Array {
  const space = new ByteBuilder().u8(
    2,
    shape?.length ?? 0,
    0,
    shape === null ? 2 : shape.length && 1,
  );
  for (const length of shape ?? []) space.u64(length);
  return space.build();
}

/** @throws RasterError `InvalidValue` where the value is longer than an attribute can be. */
export function encodeValue(name: string, value: Hdf5Value): EncodedValue {
  const encoded = encode(value);
  if (encoded.data.length <= LARGEST_VALUE) return encoded;
  throw new RasterError(
    'InvalidValue',
    `Expected attribute ${name} of at most ${LARGEST_VALUE} bytes. Received: ${encoded.data.length}. Shorten it, or make it a variable.`,
  );
}

function encode(value: Hdf5Value): EncodedValue {
  if (typeof value === 'string') {
    const data = new TextEncoder().encode(value);
    const ascii = data.length === value.length;
    // As the netCDF library does: an empty text has no space.
    if (data.length === 0) return { type: textType(1, true), space: dataspace(null), data };
    return { type: textType(data.length, ascii), space: dataspace([]), data };
  }
  if ('dtype' in value) {
    return {
      type: numberType(value.dtype),
      space: dataspace([value.values.length]),
      data: bytesOf(typedArray(value.dtype, value.values)),
    };
  }
  const texts = value.map((text) => new TextEncoder().encode(text));
  const size = Math.max(1, ...texts.map((text) => text.length));
  const data = new Uint8Array(size * texts.length);
  texts.forEach((text, i) => data.set(text, i * size));
  return { type: textType(size, false), space: dataspace([texts.length]), data };
}
