import { damagedFile } from '../../byte-file.js';
import { RasterError } from '../../errors.js';
import type { H5Blocks } from './h5-blocks.js';
import { NOWHERE, type H5Cursor } from './h5-cursor.js';
import { visitTreeV2 } from './tree-v2.js';

const DEEPEST = 32;

/** A heap of links or attributes: objects of any length by id. */
export interface FractalHeap {
  /** The bytes of an object. @throws RasterError `DamagedFile` */
  object(id: H5Cursor): Promise<H5Cursor>;
}

interface Shape {
  /** Blocks per row of the doubling table. */
  readonly width: number;
  readonly startSize: number;
  /** Rows of data blocks in a block of blocks; more rows point to further such blocks. */
  readonly dataRows: number;
  /** Bytes of an offset inside the heap. */
  readonly offsetBytes: number;
}

/** @throws RasterError `DamagedFile`, `UnsupportedFormat` */
export async function openFractalHeap(blocks: H5Blocks, address: number): Promise<FractalHeap> {
  const { offset, length } = blocks.widths;
  const head = await blocks.readSigned(address, 22 + 12 * length + 3 * offset, 'FRHP');
  head.skip(1);
  const idLength = head.u16();
  const filterLength = head.u16();
  head.skip(1);
  const largestManaged = head.u32();
  head.skip(length);
  const hugeTree = head.address();
  head.skip(length + offset + 8 * length);
  const width = head.u16();
  const startSize = head.length();
  const largestBlock = head.length();
  const offsetBytes = Math.ceil(head.u16() / 8);
  head.skip(2);
  const root = head.address();
  const rootRows = head.u16();
  if (filterLength > 0) {
    throw new RasterError(
      'UnsupportedFormat',
      `${blocks.path}: expected HDF5 attributes as they are. Received: packed ones. Rewrite the file with h5repack.`,
    );
  }
  if (![width, startSize, largestBlock].every((n) => n >= 1 && Number.isInteger(Math.log2(n)))) {
    throw damagedFile(
      blocks.path,
      'an HDF5 heap with sizes that are powers of two',
      `${width} blocks of ${startSize} to ${largestBlock} bytes`,
    );
  }
  const shape: Shape = {
    width,
    startSize,
    dataRows: Math.log2(largestBlock) - Math.log2(startSize) + 2,
    offsetBytes,
  };
  const lengthBytes = Math.min(
    Math.ceil((Math.floor(Math.log2(largestBlock)) + 1) / 8),
    Math.floor(Math.log2(Math.max(1, largestManaged)) / 8) + 1,
  );
  let huge: Promise<ReadonlyMap<number, readonly [number, number]>> | undefined;
  return {
    async object(id) {
      const kind = (id.u8() >> 4) & 3;
      if (kind === 0) {
        const at = id.uint(offsetBytes);
        const size = id.uint(lengthBytes);
        const place = await locate(blocks, shape, root, rootRows, at);
        if (at + size > place.end) {
          throw damagedFile(blocks.path, 'an HDF5 heap object inside its block', `${size} bytes`);
        }
        return blocks.read(place.address + at - place.start, size);
      }
      if (kind === 1) {
        if (idLength - 1 >= offset + length) return blocks.read(id.address(), id.length());
        huge ??= hugeObjects(blocks, hugeTree);
        const [from, size] = (await huge).get(id.uint(Math.min(length, idLength - 1))) ?? [
          NOWHERE,
          0,
        ];
        return blocks.read(from, size);
      }
      // Tiny objects lie in their id.
      const size = ((id.bytes[id.at - 1] ?? 0) & 0x0f) + 1;
      if (idLength - 1 <= 16) return id.sub(size);
      return id.sub((size - 1) * 256 + id.u8() + 1);
    },
  };
}

async function hugeObjects(
  blocks: H5Blocks,
  tree: number,
): Promise<ReadonlyMap<number, readonly [number, number]>> {
  const found = new Map<number, readonly [number, number]>();
  await visitTreeV2(blocks, tree, (record) => {
    const place = [record.address(), record.length()] as const;
    found.set(record.length(), place);
  });
  return found;
}

/** The data block that holds a place of the heap: its address and which places it spans. */
async function locate(
  blocks: H5Blocks,
  shape: Shape,
  root: number,
  rootRows: number,
  at: number,
): Promise<{ address: number; start: number; end: number }> {
  const { width, startSize, dataRows, offsetBytes } = shape;
  const { offset } = blocks.widths;
  let address = root;
  let start = 0;
  let rows = rootRows;
  if (rows === 0) return { address, start, end: Infinity };
  for (let depth = 0; depth < DEEPEST; depth++) {
    // Row r begins at width * start * 2^(r-1), and its blocks are start * 2^(r-1) long.
    const row = Math.max(0, Math.floor(Math.log2((at - start) / (width * startSize))) + 1);
    const size = startSize * 2 ** Math.max(0, row - 1);
    const rowStart = row === 0 ? 0 : width * startSize * 2 ** (row - 1);
    const column = Math.floor((at - start - rowStart) / size);
    if (row >= rows) break;
    const entry = row * width + column;
    const head = 5 + offset + offsetBytes;
    const block = await blocks.readSigned(address, head + (entry + 1) * offset, 'FHIB');
    block.at = head + entry * offset;
    address = block.address();
    start += rowStart + column * size;
    if (row < dataRows) return { address, start, end: start + size };
    rows = Math.log2(size) - Math.log2(width * startSize) + 1;
  }
  throw damagedFile(blocks.path, 'an HDF5 heap object inside the heap', `one at ${at}`);
}
