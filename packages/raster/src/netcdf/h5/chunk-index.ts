import { damagedFile } from '../../byte-file.js';
import { elementCount } from '../../make-variable.js';
import { readExtensibleArray } from './extensible-array.js';
import type { ChunkIndex, DatasetHeader } from './dataset-header.js';
import { readFixedArray } from './fixed-array.js';
import type { H5Blocks } from './h5-blocks.js';
import { NOWHERE, type H5Cursor } from './h5-cursor.js';
import { TREE_V1, visitTreeV1 } from './tree-v1.js';
import { TREE_V2, visitTreeV2 } from './tree-v2.js';

/** Where a chunk lies. */
export interface ChunkPlace {
  readonly address: number;
  /** Bytes in the file. */
  readonly size: number;
  /** Filters that were left out for this chunk, one bit each. */
  readonly mask: number;
}

/** What the readers of chunk indices need to know. */
export interface ChunkGrid {
  /** Lengths of a chunk. */
  readonly chunk: readonly number[];
  /** Chunks along each axis. */
  readonly counts: readonly number[];
  /** Chunks along each axis if it has grown to its limit; Infinity where it has none. */
  readonly maxCounts: readonly number[];
  /** Bytes of a chunk when unpacked. */
  readonly bytes: number;
  readonly filtered: boolean;
}

/** The place of a chunk, given which one it is along each axis; null where it is not stored. */
export type FindChunk = (chunk: readonly number[]) => ChunkPlace | null;

/** The grid of chunks of a dataset. */
export function chunkGrid(header: DatasetHeader, chunk: readonly number[]): ChunkGrid {
  const { space, type, filters } = header;
  const per = (lengths: readonly number[]) =>
    lengths.map((length, axis) => Math.ceil(length / (chunk[axis] ?? 1)));
  return {
    chunk,
    counts: per(space.shape ?? []),
    maxCounts: per(space.maxShape),
    bytes: elementCount(chunk) * type.size,
    filtered: filters.length > 0,
  };
}

/** Row-major number of a chunk in the grid; null outside of it. */
export function chunkNumber(counts: readonly number[], chunk: readonly number[]): number | null {
  let number = 0;
  for (let axis = 0; axis < counts.length; axis++) {
    const at = chunk[axis] ?? 0;
    const count = counts[axis] ?? 0;
    if (at >= count) return null;
    number = number * count + at;
  }
  return number;
}

/** @throws RasterError `DamagedFile` */
export async function readChunkIndex(
  blocks: H5Blocks,
  index: ChunkIndex,
  grid: ChunkGrid,
): Promise<FindChunk> {
  const { bytes } = grid;
  if (index.address === NOWHERE) return () => null;
  switch (index.kind) {
    case 'tree-v1':
    case 'tree-v2': {
      const places = await readTree(blocks, index, grid);
      return (chunk) => places.get(chunkNumber(grid.counts, chunk) ?? NOWHERE) ?? null;
    }
    case 'single': {
      const place = { address: index.address, size: index.size ?? bytes, mask: index.mask };
      return (chunk) => (chunk.every((at) => at === 0) ? place : null);
    }
    case 'implicit':
      return (chunk) => ({
        address: index.address + arrayNumber(grid, chunk) * bytes,
        size: bytes,
        mask: 0,
      });
    case 'fixed-array':
    case 'extensible-array': {
      const read = index.kind === 'fixed-array' ? readFixedArray : readExtensibleArray;
      const elements = await read(blocks, index.address);
      return (chunk) => {
        const element = elements(arrayNumber(grid, chunk));
        return element && readPlace(element, grid.filtered ? 4 : null, bytes);
      };
    }
  }
}

/** Chunks by their row-major number; those beyond the shape are kept from before it shrank. */
async function readTree(
  blocks: H5Blocks,
  index: ChunkIndex,
  { chunk, counts, bytes }: ChunkGrid,
): Promise<ReadonlyMap<number, ChunkPlace>> {
  const places = new Map<number, ChunkPlace>();
  const add = (at: readonly number[], place: ChunkPlace | null) => {
    const number = chunkNumber(counts, at);
    if (number !== null && place) places.set(number, place);
  };
  if (index.kind === 'tree-v1') {
    const keyLength = 16 + 8 * chunk.length;
    await visitTreeV1(blocks, index.address, TREE_V1.chunks, keyLength, (key, address) => {
      const size = key.u32();
      const mask = key.u32();
      const at = chunk.map((length) => Math.floor(key.uint(8) / length));
      add(at, address === NOWHERE ? null : { address, size, mask });
    });
    return places;
  }
  await visitTreeV2(blocks, index.address, (record, kind) => {
    if (kind !== TREE_V2.chunks && kind !== TREE_V2.filteredChunks) {
      throw damagedFile(blocks.path, 'an HDF5 index of chunks', `kind ${kind}`);
    }
    const after = 8 * chunk.length;
    const place = readPlace(record, kind === TREE_V2.filteredChunks ? 4 + after : null, bytes);
    const at = chunk.map(() => record.uint(8));
    add(at, place);
  });
  return places;
}

/**
 * @param after bytes that follow the packed size, which takes what is left; null where chunks are
 * not packed.
 */
function readPlace(cursor: H5Cursor, after: number | null, bytes: number): ChunkPlace | null {
  const address = cursor.address();
  if (address === NOWHERE) return null;
  if (after === null) return { address, size: bytes, mask: 0 };
  const size = cursor.uint(Math.max(0, Math.min(8, cursor.left - after)));
  return { address, size, mask: cursor.u32() };
}

/** Number of a chunk in an index array: row-major over the largest grid, a growing axis first. */
function arrayNumber({ maxCounts }: ChunkGrid, chunk: readonly number[]): number {
  const growing = Math.max(0, maxCounts.indexOf(Infinity));
  let number = chunk[growing] ?? 0;
  for (let axis = 0; axis < chunk.length; axis++) {
    if (axis !== growing) number = number * (maxCounts[axis] ?? 1) + (chunk[axis] ?? 0);
  }
  return number;
}
