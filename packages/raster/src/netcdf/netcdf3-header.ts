import { damagedFile, type ByteFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import { bytesPerElement } from '../make-variable.js';
import type { StoredType } from '../raster-file.js';
import { textOf } from './h5/h5-cursor.js';
import { storedArray } from './stored-array.js';
import type { TypedAttribute, TypedAttributes } from './file-variable.js';

/** Tags before the lists of the header. */
const DIMENSIONS = 0x0a;
const VARIABLES = 0x0b;
const ATTRIBUTES = 0x0c;

const CHAR = 2;
const TYPES: ReadonlyMap<number, StoredType> = new Map([
  [1, 'int8'],
  [3, 'int16'],
  [4, 'int32'],
  [5, 'float32'],
  [6, 'float64'],
  [7, 'uint8'],
  [8, 'uint16'],
  [9, 'uint32'],
  [10, 'int64'],
  [11, 'uint64'],
]);

const FIRST_READ = 1 << 16;
const LARGEST_HEADER = 1 << 26;
const MOST_AXES = 1024;

export interface Netcdf3Variable {
  readonly name: string;
  /** Numbers of its dimensions. */
  readonly dims: readonly number[];
  readonly attributes: TypedAttributes;
  /** Null for characters. */
  readonly type: StoredType | null;
  /** Where its first element is. */
  readonly begin: number;
}

/** The header of a classic NetCDF file. */
export interface Netcdf3Header {
  /** Records that the file says it has; null where it was being written. */
  readonly records: number | null;
  /** Length 0 is the record dimension. */
  readonly dimensions: readonly { readonly name: string; readonly length: number }[];
  readonly attributes: TypedAttributes;
  readonly variables: readonly Netcdf3Variable[];
}

/** Thrown where the bytes end before the header does. */
class Short extends Error {}

/** @throws RasterError `DamagedFile`, `UnsupportedFormat` */
export async function readNetcdf3Header(file: ByteFile): Promise<Netcdf3Header> {
  const most = Math.min(file.size, LARGEST_HEADER);
  for (let length = Math.min(most, FIRST_READ); ; length = Math.min(most, length * 8)) {
    try {
      return parse(file.path, await file.read(0, length));
    } catch (cause) {
      if (!(cause instanceof Short)) throw cause;
      if (length < most) continue;
      throw damagedFile(file.path, 'a whole NetCDF header', `${file.size} bytes`, cause);
    }
  }
}

function parse(path: string, bytes: Uint8Array): Netcdf3Header {
  const version = bytes[3] ?? 0;
  if (bytes[0] !== 0x43 || bytes[1] !== 0x44 || bytes[2] !== 0x46 || ![1, 2, 5].includes(version)) {
    throw new RasterError(
      'UnsupportedFormat',
      `${path}: expected classic NetCDF (CDF-1, CDF-2 or CDF-5). Received: other first bytes. Open it with the reader of its own format.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 4;
  const take = (count: number): number => {
    const from = at;
    at += count;
    if (!(at <= bytes.length)) throw new Short(`${count} bytes at ${from}`);
    return from;
  };
  const u32 = () => view.getUint32(take(4));
  const u64 = () => Number(view.getBigUint64(take(8)));
  const size = version === 5 ? u64 : u32;
  const offset = version === 1 ? u32 : u64;
  const padded = (count: number): Uint8Array => {
    const from = take(Math.ceil(count / 4) * 4);
    return bytes.subarray(from, from + count);
  };
  const name = () => textOf(padded(size()));
  const list = <T>(tag: number, what: string, item: () => T): readonly T[] => {
    const found = u32();
    const count = size();
    if (found !== tag && !(found === 0 && count === 0)) {
      throw damagedFile(path, `a list of NetCDF ${what}`, `tag ${found}, ${count} of them`);
    }
    // Every item takes some bytes, so that a wrong count ends at the end of the file.
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(item());
    return items;
  };
  const typeOf = (code: number): StoredType | null => {
    const type = TYPES.get(code);
    if (type) return type;
    if (code === CHAR) return null;
    throw damagedFile(path, 'a NetCDF type of 1 to 11', String(code));
  };
  const attribute = (): readonly [string, TypedAttribute] => {
    const label = name();
    const type = typeOf(u32());
    const count = size();
    if (!type) return [label, { type: 'text', value: textOf(padded(count)) }];
    const raw = padded(count * bytesPerElement(type)).slice();
    const numbers = Array.from(storedArray(raw, type, true));
    return [label, { type, value: numbers.length === 1 ? (numbers[0] ?? 0) : numbers }];
  };
  const attributes = (): TypedAttributes => new Map(list(ATTRIBUTES, 'attributes', attribute));

  const streaming = version === 5 ? 2 ** 64 : 2 ** 32 - 1;
  const records = size();
  const dimensions = list(DIMENSIONS, 'dimensions', () => ({ name: name(), length: size() }));
  const global = attributes();
  const variables = list(VARIABLES, 'variables', () => {
    const label = name();
    const rank = size();
    if (rank > MOST_AXES) throw damagedFile(path, `up to ${MOST_AXES} axes`, String(rank));
    const dims = Array.from({ length: rank }, size);
    const own = attributes();
    const type = typeOf(u32());
    size();
    const begin = offset();
    if (dims.some((dim) => dim >= dimensions.length)) {
      throw damagedFile(path, `one of ${dimensions.length} dimensions`, `[${dims.join(', ')}]`);
    }
    return { name: label, dims, attributes: own, type, begin };
  });
  return {
    records: records >= streaming ? null : records,
    dimensions,
    attributes: global,
    variables,
  };
}
