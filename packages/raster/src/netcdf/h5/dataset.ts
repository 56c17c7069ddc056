import { assertPlausible, damagedFile } from '../../byte-file.js';
import { RasterError } from '../../errors.js';
import { ByteCache } from '../../hdf4/byte-cache.js';
import { elementCount } from '../../make-variable.js';
import type { Region } from '../../raster-file.js';
import { readStrided, rowMajorStrides } from '../strided-read.js';
import {
  chunkGrid,
  readChunkIndex,
  type ChunkGrid,
  type ChunkPlace,
  type FindChunk,
} from './chunk-index.js';
import type { DatasetHeader, Layout } from './dataset-header.js';
import { unfilter } from './filters.js';
import type { H5Blocks } from './h5-blocks.js';
import { NOWHERE } from './h5-cursor.js';

/** Chunks unpacked at the same time: zlib works in four threads. */
const PARALLEL = 4;

/** Bytes of unpacked chunks kept per file, for windows that follow each other. */
const KEPT_CHUNKS = 1 << 24;

/** Chunks of a region that are always believed, and bytes of the file for each one more. */
const MOST_CHUNKS = 1 << 19;
const LEAST_CHUNK = 16;

/** Bytes that a dataset may declare whatever its file holds: a template of some fields. */
const MOST_DECLARED = 2 ** 31;

/** Bytes that are believed to be fill alone, and how many each stored byte may unpack to. */
const MOST_UNWRITTEN = 1 << 26;
const LARGEST_RATIO = 4096;

/** Keeps unpacked chunks of all datasets of a file. */
export function chunkCache(): ByteCache {
  return new ByteCache(KEPT_CHUNKS);
}

/** Bytes of elements of any type, region by region. @throws RasterError */
export type LoadBytes = (region: Region) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * A loader of the bytes of a dataset.
 *
 * @param key names the dataset in the cache.
 */
export function datasetLoader(
  blocks: H5Blocks,
  header: DatasetHeader,
  cache: ByteCache,
  key: string,
): LoadBytes {
  const declared = elementCount(header.space.shape ?? [0]) * header.type.size;
  const load = anyLoader(blocks, header, cache, key);
  return async (region) => {
    // Nobody waits for so many values that the file has no room for.
    if (declared > MOST_DECLARED + LARGEST_RATIO * blocks.file.size) {
      throw damagedFile(
        blocks.path,
        'an HDF5 dataset that fits its file',
        `${declared} bytes declared in ${blocks.file.size}`,
      );
    }
    return load(region);
  };
}

/** The loader for how a dataset is stored. */
function anyLoader(
  blocks: H5Blocks,
  header: DatasetHeader,
  cache: ByteCache,
  key: string,
): LoadBytes {
  const { layout, type, space, fill } = header;
  const shape = space.shape ?? [0];
  const assertSize = (region: Region) =>
    assertPlausible(
      blocks.path,
      'an HDF5 dataset',
      elementCount(region.count) * type.size,
      blocks.file.size,
    );
  const filled = (region: Region, stored: number): Uint8Array<ArrayBuffer> => {
    const bytes = elementCount(region.count) * type.size;
    if (bytes > MOST_UNWRITTEN + LARGEST_RATIO * stored) {
      throw damagedFile(blocks.path, `${bytes} bytes of HDF5 values`, `${stored} stored`);
    }
    return fillWith(new Uint8Array(bytes), fill.bytes, type.size);
  };
  if (layout.kind === 'chunked') return chunkedLoader(blocks, header, layout, cache, key, filled);
  const strides = rowMajorStrides(shape, type.size);
  return async (region) => {
    if (layout.kind === 'elsewhere') {
      throw new RasterError(
        'UnsupportedFormat',
        `${blocks.path}: expected HDF5 values in the file itself. Received: ${layout.what}. Rewrite it with h5repack or nccopy.`,
      );
    }
    assertSize(region);
    if (layout.kind === 'contiguous') {
      if (layout.address === NOWHERE) return filled(region, 0);
      const at = blocks.base + layout.address;
      return readStrided(blocks.file, { at, elementSize: type.size, strides }, region);
    }
    const { bytes } = layout;
    const out = new Uint8Array(elementCount(region.count) * type.size);
    if (elementCount(shape) * type.size > bytes.length) {
      throw damagedFile(blocks.path, `${elementCount(shape)} elements`, `${bytes.length} bytes`);
    }
    copyBox(
      { bytes, shape, start: shape.map(() => 0) },
      { bytes: out, shape: region.count, start: region.start },
      type.size,
    );
    return out;
  };
}

function chunkedLoader(
  blocks: H5Blocks,
  header: DatasetHeader,
  layout: Extract<Layout, { kind: 'chunked' }>,
  cache: ByteCache,
  key: string,
  filled: (region: Region, stored: number) => Uint8Array<ArrayBuffer>,
): LoadBytes {
  const { type, filters } = header;
  const grid = chunkGrid(header, layout.chunk);
  let index: Promise<FindChunk> | undefined;
  const unpack = async (place: ChunkPlace): Promise<Uint8Array<ArrayBuffer>> => {
    const packed = await blocks.file.read(blocks.base + place.address, place.size);
    const bytes = await unfilter(packed, filters, place.mask, {
      path: blocks.path,
      bytes: grid.bytes,
      elementSize: type.size,
    });
    return bytes as Uint8Array<ArrayBuffer>; // every filter makes buffers of its own
  };
  return async (region) => {
    const wanted = elementCount(region.count) * type.size;
    assertPlausible(blocks.path, 'an HDF5 dataset', wanted, blocks.file.size);
    assertPlausible(blocks.path, 'an HDF5 chunk', grid.bytes, blocks.file.size);
    const chunks = chunksOf(blocks, grid, region);
    index ??= readChunkIndex(blocks, layout.index, grid);
    const find = await index;
    const stored = chunks.flatMap((at) => find(at) ?? []);
    // Only what no chunk covers has to be filled.
    const size = stored.reduce((sum, place) => sum + place.size, 0);
    const out = stored.length < chunks.length ? filled(region, size) : new Uint8Array(wanted);
    const target = { bytes: out, shape: region.count, start: region.start };
    const next = chunks.values();
    const work = async (): Promise<void> => {
      for (const at of next) {
        const place = find(at);
        if (!place) continue;
        const bytes = await cache.get(`${key}:${at.join()}`, () => unpack(place));
        const start = at.map((n, axis) => n * (grid.chunk[axis] ?? 1));
        copyBox({ bytes, shape: grid.chunk, start }, target, type.size);
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, stored.length) }, work));
    return out;
  };
}

/** The chunks that a region touches, row-major, each by its number along the axes. */
function chunksOf(
  { path, file }: H5Blocks,
  { chunk }: ChunkGrid,
  { start, count }: Region,
): readonly (readonly number[])[] {
  if (count.some((length) => length === 0)) return [];
  const first = start.map((from, axis) => Math.floor(from / (chunk[axis] ?? 1)));
  const last = start.map((from, axis) =>
    Math.floor((from + (count[axis] ?? 1) - 1) / (chunk[axis] ?? 1)),
  );
  const many = elementCount(last.map((to, axis) => to - (first[axis] ?? 0) + 1));
  if (many > MOST_CHUNKS + file.size / LEAST_CHUNK) {
    throw damagedFile(path, `HDF5 chunks that fit a file of ${file.size} bytes`, `${many} chunks`);
  }
  const at = [...first];
  const found: (readonly number[])[] = [];
  for (;;) {
    found.push([...at]);
    let axis = at.length - 1;
    for (; axis >= 0; axis--) {
      at[axis] = (at[axis] ?? 0) + 1;
      if ((at[axis] ?? 0) <= (last[axis] ?? 0)) break;
      at[axis] = first[axis] ?? 0;
    }
    if (axis < 0) return found;
  }
}

/** A box of elements in row-major bytes. */
interface Box {
  readonly bytes: Uint8Array;
  readonly shape: readonly number[];
  /** Place of its first element in the whole array. */
  readonly start: readonly number[];
}

/** Copies the elements that two boxes have in common. */
function copyBox(from: Box, to: Box, elementSize: number): void {
  const axes = to.shape.length;
  if (axes === 0) {
    to.bytes.set(from.bytes.subarray(0, elementSize));
    return;
  }
  const low = to.start.map((start, axis) => Math.max(start, from.start[axis] ?? 0));
  const count = low.map(
    (start, axis) =>
      Math.min(
        (to.start[axis] ?? 0) + (to.shape[axis] ?? 0),
        (from.start[axis] ?? 0) + (from.shape[axis] ?? 0),
      ) - start,
  );
  if (count.some((length) => length <= 0)) return;
  const fromStrides = rowMajorStrides(from.shape, elementSize);
  const toStrides = rowMajorStrides(to.shape, elementSize);
  const offset = (box: Box, strides: readonly number[]) =>
    low.reduce((sum, at, axis) => sum + (at - (box.start[axis] ?? 0)) * (strides[axis] ?? 0), 0);
  // Whole axes at the end are copied as one run.
  let inner = axes - 1;
  let run = (count[inner] ?? 1) * elementSize;
  while (inner > 0 && count[inner] === from.shape[inner] && count[inner] === to.shape[inner]) {
    inner--;
    run *= count[inner] ?? 1;
  }
  const copy = (axis: number, source: number, target: number): void => {
    if (axis === inner) {
      to.bytes.set(from.bytes.subarray(source, source + run), target);
      return;
    }
    for (let i = 0; i < (count[axis] ?? 0); i++) {
      copy(axis + 1, source + i * (fromStrides[axis] ?? 0), target + i * (toStrides[axis] ?? 0));
    }
  };
  copy(0, offset(from, fromStrides), offset(to, toStrides));
}

function fillWith(
  out: Uint8Array<ArrayBuffer>,
  fill: Uint8Array | null,
  size: number,
): Uint8Array<ArrayBuffer> {
  if (!fill || fill.length !== size || fill.every((byte) => byte === 0) || out.length === 0)
    return out;
  out.set(fill);
  for (let done = size; done < out.length; done *= 2) out.copyWithin(done, 0, done);
  return out;
}
