import { damagedFile } from '../../byte-file.js';
import { readDatatype, type H5Type } from './datatype.js';
import { readDataspace } from './dataset-header.js';
import { openFractalHeap } from './fractal-heap.js';
import type { GlobalHeap } from './global-heap.js';
import type { H5Blocks } from './h5-blocks.js';
import { H5Cursor, NOWHERE, textOf } from './h5-cursor.js';
import { MESSAGE, messageOf, sharedMessage, type ObjectHeader } from './object-header.js';
import { numbersOf } from './numbers.js';
import { TREE_V2, visitTreeV2 } from './tree-v2.js';
import { elementCount } from '../../make-variable.js';

/** An attribute as the file has it; its value is decoded when asked for. */
export interface H5Attribute {
  readonly name: string;
  readonly type: H5Type;
  /** Lengths of its axes, [] for a scalar, null where it is empty. */
  readonly shape: readonly number[] | null;
  readonly bytes: Uint8Array;
}

const MOST_ATTRIBUTES = 1 << 16;

/** The attributes of an object, in order of creation where the file keeps that. @throws RasterError `DamagedFile` */
export async function readAttributes(
  blocks: H5Blocks,
  header: ObjectHeader,
): Promise<readonly H5Attribute[]> {
  const found: { order: number; attribute: H5Attribute }[] = [];
  for (const { type, body, order } of header.messages) {
    if (type !== MESSAGE.attribute) continue;
    const cursor = new H5Cursor(blocks.path, body, blocks.widths);
    found.push({ order, attribute: await readAttribute(blocks, cursor) });
  }
  const info = await messageOf(blocks, header, MESSAGE.attributeInfo);
  if (info) {
    info.skip(1);
    if (info.u8() & 1) info.skip(2);
    const heapAddress = info.address();
    if (heapAddress !== NOWHERE) {
      const heap = await openFractalHeap(blocks, heapAddress);
      const entries: { id: H5Cursor; order: number }[] = [];
      await visitTreeV2(blocks, info.address(), (record, kind) => {
        const id = record.sub(8);
        record.skip(1);
        entries.push({ id, order: record.u32() });
        if (kind !== TREE_V2.attributeNames || entries.length > MOST_ATTRIBUTES) {
          throw damagedFile(blocks.path, 'an HDF5 index of attributes', `kind ${kind}`);
        }
      });
      for (const { id, order } of entries) {
        found.push({ order, attribute: await readAttribute(blocks, await heap.object(id)) });
      }
    }
  }
  return found.sort((a, b) => a.order - b.order).map(({ attribute }) => attribute);
}

async function readAttribute(blocks: H5Blocks, cursor: H5Cursor): Promise<H5Attribute> {
  const version = cursor.u8();
  if (!(version >= 1 && version <= 3)) {
    throw damagedFile(blocks.path, 'an HDF5 attribute of version 1 to 3', String(version));
  }
  const flags = cursor.u8();
  const [nameSize, typeSize, spaceSize] = [cursor.u16(), cursor.u16(), cursor.u16()];
  if (version === 3) cursor.skip(1);
  const part = (size: number): H5Cursor => {
    const bytes = cursor.sub(size);
    if (version === 1) cursor.skip(Math.min(cursor.left, (8 - (size % 8)) % 8));
    return bytes;
  };
  const name = part(nameSize).text(nameSize);
  const typeBytes = part(typeSize);
  const spaceBytes = part(spaceSize);
  const shared = version > 1 ? flags : 0;
  const type = readDatatype(
    shared & 1 ? await sharedMessage(blocks, typeBytes, MESSAGE.datatype) : typeBytes,
  );
  const { shape } = readDataspace(
    shared & 2 ? await sharedMessage(blocks, spaceBytes, MESSAGE.dataspace) : spaceBytes,
  );
  return { name, type, shape, bytes: cursor.slice(cursor.left) };
}

/** What a list of strings or numbers decodes to; null for what is neither. */
export type H5Value =
  { readonly strings: readonly string[] } | { readonly numbers: readonly number[] };

/** The elements of an attribute, or of any bytes with its type. @throws RasterError `DamagedFile` */
export async function attributeValue(
  heap: GlobalHeap,
  { type, shape, bytes }: Pick<H5Attribute, 'type' | 'shape' | 'bytes'>,
  blocks: H5Blocks,
): Promise<H5Value | null> {
  const count = shape ? elementCount(shape) : 0;
  if (count * type.size > bytes.length) {
    throw damagedFile(blocks.path, `an attribute of ${count * type.size} bytes`, `${bytes.length}`);
  }
  if (type.kind === 'number') {
    return { numbers: Array.from(numbersOf(bytes.slice(0, count * type.size), type)) };
  }
  if (type.kind === 'string') {
    const strings = Array.from({ length: count }, (_, i) =>
      textOf(bytes.subarray(i * type.size, (i + 1) * type.size)),
    );
    return { strings };
  }
  if (type.kind !== 'long-string') return null;
  const cursor = new H5Cursor(blocks.path, bytes, blocks.widths);
  const strings: string[] = [];
  for (let i = 0; i < count; i++) strings.push(textOf(await nextListed(heap, cursor, 1)));
  return { strings };
}

/** Addresses that a list of references per element leads to, such as DIMENSION_LIST. */
export async function referenceLists(
  heap: GlobalHeap,
  { type, shape, bytes }: H5Attribute,
  blocks: H5Blocks,
): Promise<readonly (readonly number[])[]> {
  if (type.kind !== 'list' || type.item.kind !== 'reference') return [];
  const count = shape ? elementCount(shape) : 0;
  const cursor = new H5Cursor(blocks.path, bytes, blocks.widths);
  const lists: number[][] = [];
  for (let i = 0; i < count; i++) {
    const listed = await nextListed(heap, cursor, type.item.size);
    const addresses = new H5Cursor(blocks.path, listed, blocks.widths);
    const list: number[] = [];
    while (addresses.left >= type.item.size) list.push(addresses.address());
    lists.push(list);
  }
  return lists;
}

/** Bytes of the list or text that the next element points to. */
async function nextListed(heap: GlobalHeap, cursor: H5Cursor, size: number): Promise<Uint8Array> {
  const length = cursor.u32() * size;
  const bytes = await heap.object(cursor.address(), cursor.u32());
  return bytes.subarray(0, length);
}
