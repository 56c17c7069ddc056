import { assertPlausible, damagedFile } from '../byte-file.js';
import { elementCount } from '../make-variable.js';
import type { Region } from '../raster-file.js';
import type { ByteCursor } from './byte-cursor.js';
import { copyBox } from './box.js';
import { TAG, type Descriptor } from './descriptors.js';
import { openElement, readHeader, STORAGE } from './element.js';
import type { Hdf4File } from './hdf4-file.js';
import { readRecords, readVdata } from './vset.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** An array cut into chunks, some of which may be absent. */
export interface ChunkedArray {
  /** Lengths as the chunk header has them. */
  readonly shape: readonly number[];
  readonly chunkShape: readonly number[];
  /** Bytes of a region, as they lie in the file. */
  read(region: Region): Promise<Bytes>;
}

const HEADER_VERSION = 0;
const MOST_AXES = 32;

/** Whether an object is stored in chunks. */
export async function isChunked(hdf: Hdf4File, descriptor: Descriptor): Promise<boolean> {
  if (!descriptor.special) return false;
  return (await readHeader(hdf, descriptor)).u16() === STORAGE.chunked;
}

/** @throws RasterError `DamagedFile`, `UnsupportedFormat` */
export async function openChunked(hdf: Hdf4File, descriptor: Descriptor): Promise<ChunkedArray> {
  const { path } = hdf;
  const header = await readHeader(hdf, descriptor);
  header.u16(); // storage
  header.count(); // bytes of the header
  const version = header.u8();
  if (version !== HEADER_VERSION) {
    throw damagedFile(path, `chunks of version ${HEADER_VERSION}`, `version ${version}`);
  }
  header.i32(); // flags: whether chunks are compressed, which each chunk says itself
  header.count(); // elements in all
  const chunkElements = header.count();
  const itemBytes = header.count();
  header.u16(); // tag of the table of chunks
  const tableRef = header.u16();
  header.i32(); // another special object: not used
  const axes = header.count();
  if (axes < 1 || axes > MOST_AXES) throw damagedFile(path, '1 to 32 axes', String(axes));
  const { shape, chunkShape } = readAxes(path, header, axes);
  if (elementCount(chunkShape) !== chunkElements || itemBytes < 1 || itemBytes > 8) {
    throw damagedFile(
      path,
      `chunks of ${chunkElements} elements of 1 to 8 bytes`,
      `[${chunkShape.join(', ')}] of ${itemBytes} bytes`,
    );
  }
  const chunkBytes = chunkElements * itemBytes;
  assertPlausible(path, 'a chunk', chunkBytes, hdf.file.size);
  const fill = header.bytes(Math.min(header.count(), header.left));
  const places = await readChunkTable(hdf, tableRef, axes);

  const empty = (): Bytes => {
    const bytes = new Uint8Array(chunkBytes);
    if (fill.some((byte) => byte !== 0)) {
      for (let at = 0; at < chunkBytes; at += fill.length) {
        bytes.set(fill.subarray(0, chunkBytes - at), at);
      }
    }
    return bytes;
  };
  const loadChunk = (key: string): Promise<Bytes> =>
    hdf.cache.get(`${descriptor.ref}:${key}`, async () => {
      const ref = places.get(key);
      const chunk = ref === undefined ? undefined : hdf.descriptors.find(TAG.chunk, ref);
      if (!chunk) return empty();
      return (await openElement(hdf, chunk)).read(0, chunkBytes);
    });

  return {
    shape,
    chunkShape,
    async read({ start, count }) {
      const out = new Uint8Array(elementCount(count) * itemBytes);
      for (const chunk of chunksIn(start, count, chunkShape)) {
        const bytes = await loadChunk(chunk.join());
        const origin = chunk.map((index, axis) => index * (chunkShape[axis] ?? 1));
        copyBox(bytes, { start: origin, count: chunkShape }, out, { start, count }, itemBytes);
      }
      return out;
    },
  };
}

function readAxes(path: string, header: ByteCursor, axes: number) {
  const shape: number[] = [];
  const chunkShape: number[] = [];
  for (let axis = 0; axis < axes; axis++) {
    header.i32(); // flags: whether unlimited
    shape.push(header.count());
    chunkShape.push(header.count());
  }
  if (chunkShape.some((length) => length < 1)) {
    throw damagedFile(path, 'chunks with some length', `[${chunkShape.join(', ')}]`);
  }
  return { shape, chunkShape };
}

/** Reference of the data of each chunk, by its indices along the axes. */
async function readChunkTable(
  hdf: Hdf4File,
  ref: number,
  axes: number,
): Promise<Map<string, number>> {
  const table = await readVdata(hdf, ref);
  const width = 4 * axes + 4;
  if (!table.className.startsWith('_HDF_CHK_TBL') || table.recordBytes !== width) {
    throw damagedFile(
      hdf.path,
      `a table of chunks in records of ${width} bytes`,
      `${table.className || 'none'} of ${table.recordBytes}`,
    );
  }
  const records = await readRecords(hdf, table);
  const view = new DataView(records.buffer);
  const places = new Map<string, number>();
  for (let at = 0; at < records.length; at += width) {
    const indices = Array.from({ length: axes }, (_, axis) => view.getInt32(at + 4 * axis));
    places.set(indices.join(), view.getUint16(at + 4 * axes + 2));
  }
  return places;
}

/** Indices of the chunks that share elements with a box. */
function* chunksIn(
  start: readonly number[],
  count: readonly number[],
  chunkShape: readonly number[],
): Generator<readonly number[]> {
  if (count.some((length) => length === 0)) return;
  const at = (list: readonly number[], axis: number) => list[axis] ?? 1;
  const first = chunkShape.map((length, axis) => Math.floor(at(start, axis) / length));
  const last = chunkShape.map((length, axis) =>
    Math.floor((at(start, axis) + at(count, axis) - 1) / length),
  );
  const index = [...first];
  for (;;) {
    yield [...index];
    let axis = index.length - 1;
    while (axis >= 0 && at(index, axis) === at(last, axis)) {
      index[axis] = at(first, axis);
      axis -= 1;
    }
    if (axis < 0) return;
    index[axis] = at(index, axis) + 1;
  }
}
