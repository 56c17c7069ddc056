import { damagedFile } from '../../byte-file.js';
import type { H5Blocks } from './h5-blocks.js';
import { NOWHERE, type H5Cursor } from './h5-cursor.js';

/** Signature, version and type before the records, and the checksum after them. */
const AROUND = 10;
const DEEPEST = 32;

/** Kinds of records in version 2 B-trees. */
export const TREE_V2 = {
  hugeObjects: 1,
  linkNames: 5,
  linkOrder: 6,
  attributeNames: 8,
  attributeOrder: 9,
  chunks: 10,
  filteredChunks: 11,
} as const;

/** Bytes that numbers up to `limit` take. */
function widthOf(limit: number): number {
  return Math.floor(Math.log2(Math.max(1, limit)) / 8) + 1;
}

/**
 * Visits the records of a version 2 B-tree in their order.
 *
 * @throws RasterError `DamagedFile`, also where the tree goes round.
 */
export async function visitTreeV2(
  blocks: H5Blocks,
  address: number,
  visit: (record: H5Cursor, kind: number) => void,
): Promise<void> {
  if (address === NOWHERE) return;
  const { offset, length } = blocks.widths;
  const head = await blocks.readSigned(address, 16 + offset + 2 + length, 'BTHD');
  head.skip(1);
  const kind = head.u8();
  const nodeSize = head.u32();
  const recordSize = head.u16();
  const depth = head.u16();
  head.skip(2);
  const root = head.address();
  const rootRecords = head.u16();
  if (depth > DEEPEST || recordSize === 0 || nodeSize <= AROUND + recordSize) {
    throw damagedFile(
      blocks.path,
      'an HDF5 B-tree with room for records',
      `depth ${depth}, nodes of ${nodeSize} bytes, records of ${recordSize}`,
    );
  }
  // How many records nodes of each level, and all below them, hold at most: their numbers are
  // written with as many bytes as these need.
  const leafMost = Math.floor((nodeSize - AROUND) / recordSize);
  const countWidth = widthOf(leafMost);
  const totalWidths = [0];
  let totalMost = leafMost;
  for (let level = 1; level <= depth; level++) {
    const pointer = offset + countWidth + (totalWidths[level - 1] ?? 0);
    const most = Math.floor((nodeSize - AROUND - pointer) / (recordSize + pointer));
    totalMost = (most + 1) * totalMost + most;
    totalWidths.push(widthOf(totalMost));
  }
  const seen = new Set<number>();
  const walk = async (node: number, level: number, records: number): Promise<void> => {
    if (seen.has(node)) throw damagedFile(blocks.path, 'an HDF5 B-tree', 'one that goes round');
    seen.add(node);
    const cursor = await blocks.readSigned(node, nodeSize, level > 0 ? 'BTIN' : 'BTLF');
    cursor.skip(2);
    const found = Array.from({ length: records }, () => cursor.sub(recordSize));
    if (level === 0) {
      for (const record of found) visit(record, kind);
      return;
    }
    for (let i = 0; i <= records; i++) {
      const child = cursor.address();
      const count = cursor.uint(countWidth);
      cursor.skip(totalWidths[level - 1] ?? 0);
      await walk(child, level - 1, count);
      const record = found[i];
      if (record) visit(record, kind);
    }
  };
  if (root !== NOWHERE) await walk(root, depth, rootRecords);
}
