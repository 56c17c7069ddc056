import { damagedFile } from '../../byte-file.js';
import { readDatatype, type H5Type } from './datatype.js';
import type { H5Blocks } from './h5-blocks.js';
import { NOWHERE, type H5Cursor } from './h5-cursor.js';
import { MESSAGE, messageOf, type ObjectHeader } from './object-header.js';

/** Lengths of an array's axes. */
export interface Dataspace {
  /** Null where there is no element, [] for a scalar. */
  readonly shape: readonly number[] | null;
  /** Lengths that the axes may grow to; Infinity where unlimited. */
  readonly maxShape: readonly number[];
}

export interface Filter {
  readonly id: number;
  readonly parameters: readonly number[];
}

/** How the chunks of a dataset are found. */
export type ChunkIndex =
  | { readonly kind: 'tree-v1'; readonly address: number }
  | {
      readonly kind: 'single';
      readonly address: number;
      readonly size: number | null;
      readonly mask: number;
    }
  | { readonly kind: 'implicit'; readonly address: number }
  | { readonly kind: 'fixed-array'; readonly address: number }
  | { readonly kind: 'extensible-array'; readonly address: number }
  | { readonly kind: 'tree-v2'; readonly address: number };

/** Where the values of a dataset lie. */
export type Layout =
  | { readonly kind: 'compact'; readonly bytes: Uint8Array }
  /** Not in this file, or in no way that is read here; `what` says so. */
  | { readonly kind: 'elsewhere'; readonly what: string }
  | { readonly kind: 'contiguous'; readonly address: number }
  | { readonly kind: 'chunked'; readonly chunk: readonly number[]; readonly index: ChunkIndex };

export interface FillValue {
  /** Bytes as stored; null where it is zero or undefined. */
  readonly bytes: Uint8Array | null;
}

/** Everything about a dataset except its attributes and values. */
export interface DatasetHeader {
  readonly type: H5Type;
  readonly space: Dataspace;
  readonly layout: Layout;
  readonly filters: readonly Filter[];
  readonly fill: FillValue;
}

const MOST_AXES = 32;
const MOST_FILTERS = 32;

/** @throws RasterError `DamagedFile` */
export async function readDatasetHeader(
  blocks: H5Blocks,
  header: ObjectHeader,
): Promise<DatasetHeader> {
  const typeMessage = await messageOf(blocks, header, MESSAGE.datatype);
  const spaceMessage = await messageOf(blocks, header, MESSAGE.dataspace);
  const layoutMessage = await messageOf(blocks, header, MESSAGE.layout);
  if (!typeMessage || !spaceMessage) {
    throw damagedFile(blocks.path, 'an HDF5 dataset with a type and a space', 'one without');
  }
  const space = readDataspace(spaceMessage);
  const filterMessage = await messageOf(blocks, header, MESSAGE.filters);
  return {
    type: readDatatype(typeMessage),
    space,
    layout:
      !layoutMessage || header.messages.some((message) => message.type === MESSAGE.externalFiles)
        ? { kind: 'elsewhere', what: 'values kept in other files' }
        : readLayout(layoutMessage, space.shape?.length ?? 0),
    filters: filterMessage ? readFilters(filterMessage) : [],
    fill: await readFill(blocks, header),
  };
}

/** @throws RasterError `DamagedFile` */
export function readDataspace(cursor: H5Cursor): Dataspace {
  const version = cursor.u8();
  const rank = cursor.u8();
  const flags = cursor.u8();
  if (!(version === 1 || version === 2) || rank > MOST_AXES) {
    throw damagedFile(
      cursor.path,
      'an HDF5 dataspace of up to 32 axes',
      `version ${version}, ${rank}`,
    );
  }
  const kind = cursor.u8();
  if (version === 1) cursor.skip(4);
  if (version === 2 && kind === 2) return { shape: null, maxShape: [] };
  const { length } = cursor.widths;
  const lengths = () => Array.from({ length: rank }, () => cursor.length());
  const shape = lengths();
  const largest = 2 ** (8 * length) - 1;
  const maxShape = flags & 1 ? lengths().map((most) => (most >= largest ? Infinity : most)) : shape;
  return { shape, maxShape };
}

function readLayout(cursor: H5Cursor, rank: number): Layout {
  const version = cursor.u8();
  if (version === 1 || version === 2) return readOldLayout(cursor);
  if (!(version >= 3 && version <= 5)) {
    return { kind: 'elsewhere', what: `a data layout of version ${version}` };
  }
  const kind = cursor.u8();
  if (kind === 0) return { kind: 'compact', bytes: cursor.slice(cursor.u16()) };
  if (kind === 1) return { kind: 'contiguous', address: cursor.address() };
  if (kind !== 2) return { kind: 'elsewhere', what: 'a virtual dataset made of others' };
  if (version === 3) {
    const count = cursor.u8();
    const address = cursor.address();
    const chunk = Array.from({ length: Math.max(0, count - 1) }, () => cursor.u32());
    return chunked(cursor, rank, chunk, { kind: 'tree-v1', address });
  }
  const flags = cursor.u8();
  const count = cursor.u8();
  const width = cursor.u8();
  const chunk = Array.from({ length: count }, () => cursor.uint(width)).slice(0, -1);
  return chunked(cursor, rank, chunk, readChunkIndex(cursor, (flags & 2) !== 0));
}

function readOldLayout(cursor: H5Cursor): Layout {
  const count = cursor.u8();
  const kind = cursor.u8();
  cursor.skip(5);
  const address = kind === 0 ? NOWHERE : cursor.address();
  const lengths = Array.from({ length: count }, () => cursor.u32());
  if (kind === 0) return { kind: 'compact', bytes: cursor.slice(cursor.u32()) };
  if (kind === 1) return { kind: 'contiguous', address };
  return chunked(cursor, count - 1, lengths.slice(0, -1), { kind: 'tree-v1', address });
}

function chunked(
  cursor: H5Cursor,
  rank: number,
  chunk: readonly number[],
  index: ChunkIndex,
): Layout {
  if (chunk.length !== rank || !chunk.every((length) => length >= 1)) {
    throw damagedFile(cursor.path, `HDF5 chunks of ${rank} axes`, `[${chunk.join(', ')}]`);
  }
  return { kind: 'chunked', chunk, index };
}

function readChunkIndex(cursor: H5Cursor, filteredSingle: boolean): ChunkIndex {
  const kind = cursor.u8();
  switch (kind) {
    case 1: {
      const size = filteredSingle ? cursor.length() : null;
      const mask = filteredSingle ? cursor.u32() : 0;
      return { kind: 'single', size, mask, address: cursor.address() };
    }
    case 2:
      return { kind: 'implicit', address: cursor.address() };
    case 3:
      cursor.skip(1);
      return { kind: 'fixed-array', address: cursor.address() };
    case 4:
      cursor.skip(5);
      return { kind: 'extensible-array', address: cursor.address() };
    case 5:
      cursor.skip(6);
      return { kind: 'tree-v2', address: cursor.address() };
    default:
      throw damagedFile(cursor.path, 'an HDF5 chunk index of kind 1 to 5', String(kind));
  }
}

function readFilters(cursor: H5Cursor): readonly Filter[] {
  const version = cursor.u8();
  const count = cursor.u8();
  if (!(version === 1 || version === 2) || count > MOST_FILTERS) {
    throw damagedFile(cursor.path, 'up to 32 HDF5 filters', `${count}, version ${version}`);
  }
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => {
    const id = cursor.u16();
    const nameLength = version === 1 || id >= 256 ? cursor.u16() : 0;
    cursor.skip(2);
    const values = cursor.u16();
    cursor.skip(version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength);
    const parameters = Array.from({ length: values }, () => cursor.u32());
    if (version === 1 && values % 2 === 1) cursor.skip(4);
    return { id, parameters };
  });
}

async function readFill(blocks: H5Blocks, header: ObjectHeader): Promise<FillValue> {
  const cursor = await messageOf(blocks, header, MESSAGE.fillValue);
  if (!cursor) {
    const old = await messageOf(blocks, header, MESSAGE.oldFillValue);
    return { bytes: old ? valueBytes(old) : null };
  }
  const version = cursor.u8();
  if (version === 3) {
    const flags = cursor.u8();
    return { bytes: flags & 0x20 ? valueBytes(cursor) : null };
  }
  cursor.skip(2);
  const defined = cursor.u8() !== 0;
  return { bytes: version === 1 || defined ? valueBytes(cursor) : null };
}

function valueBytes(cursor: H5Cursor): Uint8Array | null {
  if (cursor.left < 4) return null;
  const size = cursor.u32();
  return size > 0 && size <= cursor.left ? cursor.slice(size).slice() : null;
}
