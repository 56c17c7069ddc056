import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Location, open, type Array as ZarrArray, type DataType } from 'zarrita';
import { assertPlausible, damagedFile } from '../byte-file.js';
import { isRasterError, RasterError, reasonOf } from '../errors.js';
import { samplesOfBytes, storedArray } from '../geotiff/samples.js';
import { bytesPerElement, elementCount } from '../make-variable.js';
import type { Region, StoredArray } from '../raster-file.js';
import type { ArrayMetadata } from './array-metadata.js';
import { ReadStore } from './read-store.js';

/** Regions of more files than this are read by what the folder holds, not by what it might. */
const MANY_FILES = 1024;

/** Regions beyond this size are held against what the store holds. */
const LARGE_BYTES = 1 << 28;

/** Decoded chunks that are kept for the next window. */
const KEPT_BYTES = 1 << 26;

interface Chunk {
  readonly data: StoredArray;
  /** Elements from one index of an axis to the next. */
  readonly stride: readonly number[];
}

/**
 * A loader of regions of an array.
 *
 * @param root folder of the store.
 * @param path names from there.
 * @param name what messages call the array.
 */
export function chunkReader(
  root: string,
  path: readonly string[],
  format: 2 | 3,
  metadata: ArrayMetadata,
  name: string,
): (region: Region) => Promise<StoredArray> {
  const { fileShape, chunkShape, dtype } = metadata;
  const size = bytesPerElement(dtype);
  const chunkBytes = elementCount(chunkShape) * size;
  const store = new ReadStore(
    root,
    `/${[...path, format === 2 ? '.zarray' : 'zarr.json'].join('/')}`,
    new TextEncoder().encode(JSON.stringify(metadata.json)),
    metadata.isBlosc ? chunkBytes : null,
  );
  const location = new Location(store, `/${path.join('/')}`);
  let opened: Promise<ZarrArray<DataType, ReadStore>> | undefined;
  let stored: Promise<readonly (readonly number[])[]> | undefined;
  const kept = new Map<string, Promise<Chunk>>();

  const chunkAt = (at: readonly number[]): Promise<Chunk> => {
    const key = at.join();
    const chunk =
      kept.get(key) ??
      (opened ??= openArray(location, format, name)).then((array) =>
        decode(array, metadata, at, name),
      );
    kept.delete(key);
    kept.set(key, chunk);
    for (const oldest of kept.keys()) {
      if (kept.size * chunkBytes <= KEPT_BYTES || kept.size === 1) break;
      kept.delete(oldest);
    }
    return chunk;
  };

  return async (region) => {
    const count = elementCount(region.count);
    const bytes = count * size;
    const folder = join(root, ...path);
    const files = spans(region, fileShape);
    const many = elementCount(files.map(({ length }) => length)) > MANY_FILES;
    if (many || bytes > LARGE_BYTES) stored ??= listFiles(folder, metadata);
    if (bytes > LARGE_BYTES) {
      const room = ((await stored)?.length ?? 0) * elementCount(fileShape) * size;
      assertPlausible(name, 'a region', bytes, room);
    }
    const out = storedArray(dtype, count);
    if (metadata.fill !== null && metadata.fill !== 0) out.fill(metadata.fill);
    if (count === 0) return out;
    const wanted = many
      ? ((await stored) ?? []).filter((at) =>
          at.every((index, axis) => contains(files[axis], index)),
        )
      : grid(files);
    for (const file of wanted) {
      const present = await store.size(keyOf(path, metadata, file));
      if (present === undefined) continue;
      assertPlausible(name, 'a chunk', chunkBytes, present);
      for (const at of chunksIn(region, metadata, file)) {
        copyInto(out, region, await chunkAt(at), at, chunkShape);
      }
    }
    return out;
  };
}

async function openArray(
  location: Location<ReadStore>,
  format: 2 | 3,
  name: string,
): Promise<ZarrArray<DataType, ReadStore>> {
  try {
    return await (format === 2
      ? open.v2(location, { kind: 'array', attrs: false })
      : open.v3(location, { kind: 'array' }));
  } catch (cause) {
    throw isRasterError(cause)
      ? cause
      : damagedFile(name, 'the metadata of a Zarr array', reasonOf(cause), cause);
  }
}

async function decode(
  array: ZarrArray<DataType, ReadStore>,
  { chunkShape, isHalf }: ArrayMetadata,
  at: readonly number[],
  name: string,
): Promise<Chunk> {
  try {
    const { data, stride } = await array.getChunk([...at]);
    const numbers = numbersOf(data, isHalf);
    const expected = elementCount(chunkShape);
    if (numbers.length !== expected) throw new Error(`${numbers.length} values of ${expected}`);
    return { data: numbers, stride };
  } catch (cause) {
    if (isRasterError(cause)) throw cause;
    const reason = reasonOf(cause);
    if (/unknown codec|unsupported/i.test(reason)) {
      throw new RasterError(
        'UnsupportedFormat',
        `${name}: expected codecs blosc, zstd, gzip, zlib, lz4, crc32c, shuffle, delta, transpose or sharding. Received: ${reason}. Write the store again without it.`,
        { cause },
      );
    }
    throw damagedFile(name, `a chunk ${at.join('/')} that decodes`, reason, cause);
  }
}

/** Numbers of zarrita's array; 64-bit integers become float64, bits of half floats float32. */
function numbersOf(data: unknown, isHalf: boolean): StoredArray {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const out = new Float64Array(data.length);
    for (let i = 0; i < out.length; i++) out[i] = Number(data[i]);
    return out;
  }
  if (data instanceof Uint16Array && isHalf) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return samplesOfBytes(bytes, data.length, 1, {
      dtype: 'float32',
      bits: 16,
      float: true,
      predictor: 1,
      littleEndian: true,
    });
  }
  const isNumbers =
    ArrayBuffer.isView(data) &&
    !(data instanceof DataView) &&
    'subarray' in data &&
    'length' in data;
  if (isNumbers) return data as StoredArray; // no other typed array comes of the types let in
  throw new Error('no numbers');
}

interface Span {
  readonly first: number;
  readonly length: number;
}

/** Which parts of each axis a region crosses, the axes cut into parts of `shape`. */
function spans({ start, count }: Region, shape: readonly number[]): Span[] {
  return start.map((from, axis) => {
    const size = shape[axis] ?? 1;
    const many = count[axis] ?? 0;
    const first = Math.floor(from / size);
    return { first, length: many === 0 ? 0 : Math.ceil((from + many) / size) - first };
  });
}

function contains(span: Span | undefined, index: number): boolean {
  return span !== undefined && index >= span.first && index < span.first + span.length;
}

/** Every combination of numbers in the spans, the last axis fastest. */
function* grid(axes: readonly Span[]): Generator<readonly number[]> {
  const total = elementCount(axes.map(({ length }) => length));
  for (let i = 0; i < total; i++) {
    let rest = i;
    const at = axes.map(() => 0);
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const { first, length } = axes[axis] ?? { first: 0, length: 1 };
      at[axis] = first + (rest % length);
      rest = Math.floor(rest / length);
    }
    yield at;
  }
}

/** The chunks of one file that a region crosses. */
function chunksIn(
  region: Region,
  { fileShape, chunkShape }: ArrayMetadata,
  file: readonly number[],
): Iterable<readonly number[]> {
  const wanted = spans(region, chunkShape);
  const inside = file.map((index, axis): Span => {
    const many = (fileShape[axis] ?? 1) / (chunkShape[axis] ?? 1);
    const span = wanted[axis] ?? { first: 0, length: 0 };
    const first = Math.max(span.first, index * many);
    return { first, length: Math.min(span.first + span.length, (index + 1) * many) - first };
  });
  return grid(inside);
}

/** Copies what a chunk and a region share. */
function copyInto(
  out: StoredArray,
  { start, count }: Region,
  { data, stride }: Chunk,
  at: readonly number[],
  shape: readonly number[],
): void {
  const rank = shape.length;
  const copy = (axis: number, from: number, to: number): void => {
    if (axis === rank) {
      out[to] = data[from] ?? 0;
      return;
    }
    const origin = (at[axis] ?? 0) * (shape[axis] ?? 1);
    const first = Math.max(start[axis] ?? 0, origin);
    const end = Math.min((start[axis] ?? 0) + (count[axis] ?? 0), origin + (shape[axis] ?? 1));
    const step = stride[axis] ?? 1;
    const outStep = elementCount(count.slice(axis + 1));
    const source = from + (first - origin) * step;
    const target = to + (first - (start[axis] ?? 0)) * outStep;
    if (axis === rank - 1 && step === 1) {
      out.set(data.subarray(source, source + end - first), target);
      return;
    }
    for (let i = 0; i < end - first; i++) copy(axis + 1, source + i * step, target + i * outStep);
  };
  copy(0, 0, 0);
}

function keyOf(
  path: readonly string[],
  { keyPrefix, keySeparator }: ArrayMetadata,
  at: readonly number[],
): string {
  const numbers = [...(keyPrefix === '' ? [] : [keyPrefix]), ...at].join(keySeparator) || '0';
  return `/${[...path, numbers].join('/')}`;
}

/** Numbers of the chunk files that are there. */
async function listFiles(
  folder: string,
  { keyPrefix, keySeparator, shape }: ArrayMetadata,
): Promise<number[][]> {
  const found: number[][] = [];
  const visit = async (path: string, names: readonly string[]): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const below = [...names, entry.name];
      if (entry.isDirectory() && below.length <= shape.length) {
        await visit(join(path, entry.name), below);
      } else {
        const parts = below.join('/').split(keySeparator);
        if (keyPrefix !== '' && parts.shift() !== keyPrefix) continue;
        const numbers = parts.filter((part) => /^\d+$/.test(part)).map(Number);
        if (numbers.length === shape.length && parts.length === shape.length) found.push(numbers);
      }
    }
  };
  await visit(folder, []);
  return found;
}
