import type { StoredType } from '../../raster-file.js';
import type { H5Cursor } from './h5-cursor.js';

/** What the elements of a dataset or an attribute are. */
export type H5Type =
  | H5Number
  | { readonly kind: 'string'; readonly size: number }
  | { readonly kind: 'long-string'; readonly size: number }
  | { readonly kind: 'list'; readonly size: number; readonly item: H5Type }
  | { readonly kind: 'reference'; readonly size: number }
  /** Compounds, opaque bytes, times and odd numbers, which rasters are not made of. */
  | { readonly kind: 'other'; readonly size: number };

export interface H5Number {
  readonly kind: 'number';
  /** Bytes of one element. */
  readonly size: number;
  readonly dtype: StoredType | 'float16';
  readonly bigEndian: boolean;
}

const MOST_NESTED = 8;

/** @throws RasterError `DamagedFile` */
export function readDatatype(cursor: H5Cursor, depth = 0): H5Type {
  const head = cursor.u8();
  const bits = cursor.uint(3);
  const size = cursor.u32();
  const other: H5Type = { kind: 'other', size };
  switch (head & 0x0f) {
    case 0:
      return wholeNumber(cursor, bits, size) ?? other;
    case 1:
      return floatNumber(cursor, bits, size) ?? other;
    case 3:
      return { kind: 'string', size };
    case 4: {
      const dtype = INTEGERS.get(size)?.[0];
      return dtype ? { kind: 'number', size, dtype, bigEndian: (bits & 1) === 1 } : other;
    }
    case 7:
      // Object references only: a region has more than an address.
      return size === cursor.widths.offset ? { kind: 'reference', size } : other;
    case 8: {
      const base = depth < MOST_NESTED ? readDatatype(cursor, depth + 1) : other;
      return base.kind === 'number' ? { ...base, size } : other;
    }
    case 9:
      if ((bits & 0x0f) === 1) return { kind: 'long-string', size };
      return depth < MOST_NESTED
        ? { kind: 'list', size, item: readDatatype(cursor, depth + 1) }
        : other;
    default:
      return other;
  }
}

/** By bytes: unsigned and signed. */
const INTEGERS: ReadonlyMap<number, readonly [StoredType, StoredType]> = new Map([
  [1, ['uint8', 'int8']],
  [2, ['uint16', 'int16']],
  [4, ['uint32', 'int32']],
  [8, ['uint64', 'int64']],
]);

function wholeNumber(cursor: H5Cursor, bits: number, size: number): H5Number | null {
  const types = INTEGERS.get(size);
  // Padding bits beside the number are zero or its sign where libraries write them.
  const shift = cursor.u16();
  if (!types || shift !== 0) return null;
  const dtype = types[(bits & 0x08) !== 0 ? 1 : 0];
  return { kind: 'number', size, dtype, bigEndian: (bits & 1) === 1 };
}

function floatNumber(cursor: H5Cursor, bits: number, size: number): H5Number | null {
  cursor.skip(4);
  const [, exponentBits, , mantissaBits] = [cursor.u8(), cursor.u8(), cursor.u8(), cursor.u8()];
  const vax = (bits & 0x40) !== 0;
  const bigEndian = (bits & 1) === 1;
  if (vax) return null;
  if (size === 8 && mantissaBits === 52)
    return { kind: 'number', size, dtype: 'float64', bigEndian };
  if (size === 4 && mantissaBits === 23)
    return { kind: 'number', size, dtype: 'float32', bigEndian };
  if (size === 2 && mantissaBits === 10 && exponentBits === 5) {
    return { kind: 'number', size, dtype: 'float16', bigEndian };
  }
  return null;
}
