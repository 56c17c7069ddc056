import { damagedFile } from '../../byte-file.js';
import type { H5Blocks } from './h5-blocks.js';
import { NOWHERE, type H5Cursor } from './h5-cursor.js';

/** The entry of a chunk in an index array; null where there is none. */
export type ChunkElements = (number: number) => H5Cursor | null;

/**
 * Reads the index of chunks whose number is fixed.
 *
 * @throws RasterError `DamagedFile`
 */
export async function readFixedArray(blocks: H5Blocks, address: number): Promise<ChunkElements> {
  const { offset, length } = blocks.widths;
  const head = await blocks.readSigned(address, 8 + length + offset, 'FAHD');
  head.skip(2);
  const size = head.u8();
  const pageBits = head.u8();
  const count = head.length();
  const data = head.address();
  if (data === NOWHERE || count === 0) return () => null;
  const inPage = 2 ** pageBits;
  const prefix = 6 + offset;
  if (size === 0 || pageBits > 30 || count * size > blocks.file.size) {
    throw damagedFile(blocks.path, 'an HDF5 index that fits the file', `${count} of ${size} bytes`);
  }
  if (count <= inPage) {
    const block = await blocks.readSigned(data, prefix + count * size, 'FADB');
    return (number) => (number < count ? elementAt(block, prefix + number * size, size) : null);
  }
  const pages = Math.ceil(count / inPage);
  const bitmapSize = Math.ceil(pages / 8);
  const block = await blocks.readSigned(data, prefix + bitmapSize, 'FADB');
  const bitmap = block.bytes.subarray(prefix);
  const first = data + prefix + bitmapSize + 4;
  const read = new Map<number, H5Cursor>();
  for (let page = 0; page < pages; page++) {
    if (!hasBit(bitmap, page)) continue;
    const here = Math.min(inPage, count - page * inPage);
    read.set(page, await blocks.read(first + page * (inPage * size + 4), here * size));
  }
  return (number) => {
    const page = read.get(Math.floor(number / inPage));
    return page && number < count ? elementAt(page, (number % inPage) * size, size) : null;
  };
}

/** The entry that begins at `at`. */
export function elementAt(block: H5Cursor, at: number, size: number): H5Cursor {
  block.at = at;
  return block.sub(size);
}

/** Bitmaps begin with the highest bit of the first byte. */
export function hasBit(bitmap: Uint8Array, index: number): boolean {
  return (((bitmap[index >> 3] ?? 0) >> (7 - (index & 7))) & 1) === 1;
}
