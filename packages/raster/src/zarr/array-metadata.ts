import { assertPlausible, damagedFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import { bytesPerElement, elementCount } from '../make-variable.js';
import type { StoredType } from '../raster-file.js';
import type { ZarrNode } from './hierarchy.js';
import { isObject, objectAt, textAt, type JsonObject } from './json.js';

/** What the metadata of an array of numbers say, in the same words for both formats. */
export interface ArrayMetadata {
  readonly shape: readonly number[];
  /** Shape of what one file holds: a chunk, or a shard of chunks. */
  readonly fileShape: readonly number[];
  /** Shape of what is decoded at once. */
  readonly chunkShape: readonly number[];
  /** bool comes as uint8, float16 as float32. */
  readonly dtype: StoredType;
  readonly isHalf: boolean;
  /** What elements of absent chunks are; null where the metadata say nothing. */
  readonly fill: number | null;
  /** Names of the axes; null where the metadata name none. */
  readonly dims: readonly string[] | null;
  /** What stands before the numbers of a chunk in its key, and between them. */
  readonly keyPrefix: string;
  readonly keySeparator: '.' | '/';
  /** Whether blosc packs the chunks. */
  readonly isBlosc: boolean;
  /** Metadata file for zarrita, cleared of what it does not know. */
  readonly json: JsonObject;
}

const TYPES: ReadonlyMap<string, StoredType> = new Map([
  ['b1', 'uint8'],
  ['i1', 'int8'],
  ['u1', 'uint8'],
  ['i2', 'int16'],
  ['u2', 'uint16'],
  ['i4', 'int32'],
  ['u4', 'uint32'],
  ['i8', 'int64'],
  ['u8', 'uint64'],
  ['f2', 'float32'],
  ['f4', 'float32'],
  ['f8', 'float64'],
]);
const NAMES: ReadonlySet<string> = new Set(TYPES.values());

const MOST_AXES = 64;

/** A chunk is decoded in one piece of memory. */
const LARGEST_CHUNK = 1 << 30;

/**
 * The metadata of an array; null where it holds text, dates of NumPy's own type or objects.
 *
 * @param name what messages call the array.
 * @throws RasterError `DamagedFile`, `UnsupportedFormat`
 */
export function readArrayMetadata(node: ZarrNode, name: string): ArrayMetadata | null {
  return node.format === 2 ? formatTwo(node, name) : formatThree(node, name);
}

function formatTwo({ metadata, attributes }: ZarrNode, name: string): ArrayMetadata | null {
  const code = textAt(metadata, 'dtype') ?? '';
  const order = code.slice(0, 1);
  const kind = code.slice(1);
  const dtype = /^[<>|]/.test(code) ? TYPES.get(kind) : undefined;
  if (!dtype) return null;
  const { stored, fill, isHalf } = storedAs(kind, metadata['fill_value']);
  const separator = textAt(metadata, 'dimension_separator') ?? '.';
  const chunkShape = sizes(name, metadata['chunks'], 'chunks', 1);
  return checked(name, {
    shape: sizes(name, metadata['shape'], 'shape', 0),
    fileShape: chunkShape,
    chunkShape,
    dtype,
    isHalf,
    fill,
    dims: names(attributes['_ARRAY_DIMENSIONS']),
    keyPrefix: '',
    keySeparator: separatorOf(name, separator),
    isBlosc: objectAt(metadata, 'compressor')['id'] === 'blosc',
    json: { ...metadata, dtype: `${order}${stored}`, fill_value: fillFor(fill, isHalf) },
  });
}

function formatThree({ metadata }: ZarrNode, name: string): ArrayMetadata | null {
  const said = textAt(metadata, 'data_type') ?? '';
  const isHalf = said === 'float16';
  const dtype = said === 'bool' ? 'uint8' : isHalf ? 'float32' : said;
  if (!isStoredType(dtype)) return null;
  const fill = fillNumber(metadata['fill_value'], said);
  const grid = objectAt(metadata, 'chunk_grid');
  if (grid['name'] !== 'regular') {
    throw unsupported(name, 'a regular chunk grid', String(grid['name']));
  }
  const fileShape = sizes(name, objectAt(grid, 'configuration')['chunk_shape'], 'chunk_shape', 1);
  const listed: unknown = metadata['codecs'];
  // GDAL leaves the codecs out where there is none.
  const codecs = Array.isArray(listed)
    ? listed.filter(isObject)
    : [{ name: 'bytes', configuration: { endian: 'little' } }];
  const shard = codecs.find((codec) => codec['name'] === 'sharding_indexed');
  const inner = shard && objectAt(shard, 'configuration')['chunk_shape'];
  const within: unknown = shard && objectAt(shard, 'configuration')['codecs'];
  const packing = Array.isArray(within) ? within.filter(isObject) : codecs;
  const keys = objectAt(metadata, 'chunk_key_encoding');
  const isOldKey = keys['name'] === 'v2';
  const separator = textAt(objectAt(keys, 'configuration'), 'separator') ?? (isOldKey ? '.' : '/');
  return checked(name, {
    shape: sizes(name, metadata['shape'], 'shape', 0),
    fileShape,
    chunkShape: shard ? sizes(name, inner, 'chunk_shape', 1) : fileShape,
    dtype,
    isHalf,
    fill,
    dims:
      names(metadata['dimension_names']) ??
      names(objectAt(metadata, 'attributes')['_ARRAY_DIMENSIONS']),
    keyPrefix: isOldKey ? '' : 'c',
    keySeparator: separatorOf(name, separator),
    isBlosc: packing.some((codec) => /blosc$/.test(textAt(codec, 'name') ?? '')),
    json: {
      ...metadata,
      codecs,
      data_type: isHalf ? 'uint16' : dtype,
      fill_value: fillFor(fill, isHalf),
      attributes: {},
    },
  });
}

function isStoredType(name: string): name is StoredType {
  return NAMES.has(name);
}

/** zarrita knows neither half floats nor bits as bytes: both are read as integers. */
function storedAs(
  kind: string,
  fill: unknown,
): { readonly stored: string; readonly fill: number | null; readonly isHalf: boolean } {
  const isHalf = kind === 'f2';
  const stored = isHalf ? 'u2' : kind === 'b1' ? 'u1' : kind;
  return { stored, fill: fillNumber(fill, kind), isHalf };
}

/** A fill value as number: JSON's own, `NaN`, `-Infinity`, a bit pattern in hex, true or false. */
function fillNumber(value: unknown, type: string): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || value === '') return null;
  if (!value.startsWith('0x')) return Number(value);
  const bits = BigInt.asUintN(64, BigInt(/^0x[\da-f]{1,16}$/i.test(value) ? value : 0));
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  if (type === 'float64') return view.getFloat64(0);
  if (type === 'float32') return view.getFloat32(4);
  return (bits & 0x7fffn) > 0x7c00n ? NaN : null;
}

/** What JSON can say of it; chunks of half floats are filled with its bits. */
function fillFor(fill: number | null, isHalf: boolean): number | string | null {
  if (fill === null) return isHalf ? 0 : null;
  if (isHalf) return halfBits(fill);
  return Number.isFinite(fill) ? fill : String(fill);
}

function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size || 2 ** -14)));
  const fraction = Math.round((size / 2 ** exponent) * 1024);
  // Normal numbers carry 1024 in the fraction, which counts the exponent up by one.
  return sign | ((exponent + 14) * 1024 + fraction);
}

function sizes(name: string, value: unknown, key: string, least: number): readonly number[] {
  const list: unknown[] = Array.isArray(value) ? value : [null];
  const numbers = list.filter(
    (size): size is number =>
      typeof size === 'number' && Number.isSafeInteger(size) && size >= least,
  );
  if (numbers.length === list.length && list.length <= MOST_AXES) return numbers;
  throw damagedFile(
    name,
    `${key} of whole numbers from ${least} on`,
    JSON.stringify(value) ?? 'none',
  );
}

function names(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || value.every((part) => part === null)) return null;
  return value.map((part, axis) => (typeof part === 'string' ? part : `dim_${axis}`));
}

function separatorOf(name: string, separator: string): '.' | '/' {
  if (separator === '.' || separator === '/') return separator;
  throw damagedFile(name, '"." or "/" between chunk numbers', JSON.stringify(separator));
}

function checked(name: string, array: ArrayMetadata): ArrayMetadata {
  const { shape, fileShape, chunkShape, dtype } = array;
  const fits =
    fileShape.length === shape.length &&
    chunkShape.length === shape.length &&
    fileShape.every((size, axis) => size % (chunkShape[axis] ?? 0) === 0);
  if (!fits) {
    throw damagedFile(
      name,
      `chunks that cut [${shape.join(', ')}]`,
      `[${fileShape.join(', ')}] of [${chunkShape.join(', ')}]`,
    );
  }
  const bytes = elementCount(chunkShape) * bytesPerElement(dtype);
  if (bytes > LARGEST_CHUNK) {
    throw unsupported(name, `chunks of up to ${LARGEST_CHUNK} bytes`, `${bytes}`);
  }
  assertPlausible(name, 'an array', Number.isFinite(elementCount(shape)) ? 0 : Infinity, 0);
  return { ...array, dims: array.dims?.length === shape.length ? array.dims : null };
}

function unsupported(name: string, expected: string, received: string): RasterError {
  return new RasterError(
    'UnsupportedFormat',
    `${name}: expected ${expected}. Received: ${received}. Rechunk the store, e.g. with xarray.`,
  );
}
