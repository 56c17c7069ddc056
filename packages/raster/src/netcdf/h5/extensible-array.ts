import { damagedFile } from '../../byte-file.js';
import { elementAt, hasBit, type ChunkElements } from './fixed-array.js';
import type { H5Blocks } from './h5-blocks.js';
import { NOWHERE, type H5Cursor } from './h5-cursor.js';

/** Data blocks come in groups that double in size: first number, blocks, entries of each. */
interface Group {
  readonly start: number;
  readonly blocks: number;
  readonly entries: number;
}

/**
 * Reads the index of chunks along one axis without limit.
 *
 * @throws RasterError `DamagedFile`
 */
export async function readExtensibleArray(
  blocks: H5Blocks,
  address: number,
): Promise<ChunkElements> {
  const { offset, length } = blocks.widths;
  const head = await blocks.readSigned(address, 12 + 6 * length + offset, 'EAHD');
  head.skip(2);
  const [size, maxBits, inIndex, least, leastPointers, pageBits] = Array.from({ length: 6 }, () =>
    head.u8(),
  ) as [number, number, number, number, number, number]; // as many as asked for
  head.skip(4 * length);
  // One past the largest number that was ever set.
  const count = head.length();
  head.skip(length);
  const indexBlock = head.address();
  const powers = [least, leastPointers].every((n) => n >= 1 && Number.isInteger(Math.log2(n)));
  if (!powers || size === 0 || maxBits > 64 || pageBits > 30 || count * size > blocks.file.size) {
    throw damagedFile(blocks.path, 'an HDF5 index that fits the file', `${count} of ${size} bytes`);
  }
  if (indexBlock === NOWHERE) return () => null;

  const groups: Group[] = [];
  for (let u = 0, start = 0; u <= maxBits - Math.log2(least); u++) {
    const group = { start, blocks: 2 ** (u >> 1), entries: 2 ** ((u + 1) >> 1) * least };
    groups.push(group);
    start += group.blocks * group.entries;
  }
  const direct = 2 * Math.log2(leastPointers);
  const directBlocks = groups.slice(0, direct).reduce((sum, group) => sum + group.blocks, 0);
  const prefix = 6 + offset;
  const places = Math.max(0, groups.length - direct);
  const index = await blocks.readSigned(
    indexBlock,
    prefix + inIndex * size + (directBlocks + places) * offset,
    'EAIB',
  );
  const numberBytes = Math.ceil(maxBits / 8);
  const inPage = 2 ** pageBits;

  /** Entries of each data block, in order; what lies beyond `count` is not read. */
  const found: { readonly start: number; readonly end: number; readonly page: H5Cursor }[] = [];
  const addBlock = async (at: number, group: Group, place: number, bitmap: Uint8Array | null) => {
    const start = inIndex + group.start + place * group.entries;
    if (at === NOWHERE || start >= count) return;
    const head = prefix + numberBytes;
    if (!bitmap) {
      const block = await blocks.readSigned(at, head + group.entries * size, 'EADB');
      block.skip(head - 4);
      found.push({ start, end: start + group.entries, page: block.sub(group.entries * size) });
      return;
    }
    for (let page = 0; page * inPage < group.entries; page++) {
      if (!hasBit(bitmap, page)) continue;
      const from = at + head + 4 + page * (inPage * size + 4);
      const begin = start + page * inPage;
      found.push({
        start: begin,
        end: begin + inPage,
        page: await blocks.read(from, inPage * size),
      });
    }
  };

  index.at = prefix + inIndex * size;
  for (const group of groups.slice(0, direct)) {
    for (let place = 0; place < group.blocks; place++) {
      await addBlock(index.address(), group, place, null);
    }
  }
  for (const group of groups.slice(direct)) {
    const at = index.address();
    if (at === NOWHERE || inIndex + group.start >= count) continue;
    const paged = group.entries > inPage;
    const bitmapBytes = paged ? Math.ceil(group.entries / inPage / 8) : 0;
    const head = prefix + numberBytes;
    const needed = head + group.blocks * (bitmapBytes + offset);
    const block = await blocks.readSigned(at, needed, 'EASB');
    block.at = head;
    const bitmaps = block.slice(group.blocks * bitmapBytes);
    for (let place = 0; place < group.blocks; place++) {
      const bitmap = bitmaps.subarray(place * bitmapBytes, (place + 1) * bitmapBytes);
      await addBlock(block.address(), group, place, paged ? bitmap : null);
    }
  }
  return (number) => {
    if (number < inIndex) return elementAt(index, prefix + number * size, size);
    const page = findPage(found, number);
    return page ? elementAt(page.page, (number - page.start) * size, size) : null;
  };
}

function findPage<T extends { readonly start: number; readonly end: number }>(
  pages: readonly T[],
  number: number,
): T | null {
  let low = 0;
  let high = pages.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const page = pages[middle];
    if (!page) return null;
    if (number < page.start) high = middle - 1;
    else if (number >= page.end) low = middle + 1;
    else return page;
  }
  return null;
}
