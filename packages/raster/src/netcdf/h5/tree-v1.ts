import { damagedFile } from '../../byte-file.js';
import type { H5Blocks } from './h5-blocks.js';
import { NOWHERE, type H5Cursor } from './h5-cursor.js';

const DEEPEST = 32;

/** Kinds of version 1 B-trees. */
export const TREE_V1 = { group: 0, chunks: 1 } as const;

/**
 * Visits the leaves of a version 1 B-tree from left to right: each key with its child's address.
 *
 * @param keyLength bytes of a key.
 * @throws RasterError `DamagedFile`, also where the tree goes round.
 */
export async function visitTreeV1(
  blocks: H5Blocks,
  root: number,
  kind: number,
  keyLength: number,
  visit: (key: H5Cursor, address: number) => Promise<void> | void,
): Promise<void> {
  const { offset } = blocks.widths;
  const seen = new Set<number>();
  const walk = async (address: number, above: number): Promise<void> => {
    if (seen.has(address)) throw damagedFile(blocks.path, 'an HDF5 B-tree', 'one that goes round');
    seen.add(address);
    const head = await blocks.readSigned(address, 8 + 2 * offset, 'TREE');
    const found = head.u8();
    const level = head.u8();
    const entries = head.u16();
    if (found !== kind || level >= above) {
      throw damagedFile(
        blocks.path,
        `an HDF5 B-tree of kind ${kind} below level ${above}`,
        `kind ${found}, level ${level}`,
      );
    }
    const body = await blocks.read(address + 8 + 2 * offset, entries * (keyLength + offset));
    for (let i = 0; i < entries; i++) {
      const key = body.sub(keyLength);
      const child = body.address();
      if (level > 0) await walk(child, level);
      else await visit(key, child);
    }
  };
  if (root !== NOWHERE) await walk(root, DEEPEST);
}
