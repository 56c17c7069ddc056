import { damagedFile } from '../../byte-file.js';
import { openFractalHeap } from './fractal-heap.js';
import type { H5Blocks } from './h5-blocks.js';
import { H5Cursor, NOWHERE, textOf } from './h5-cursor.js';
import { MESSAGE, messageOf, type ObjectHeader } from './object-header.js';
import { TREE_V1, visitTreeV1 } from './tree-v1.js';
import { TREE_V2, visitTreeV2 } from './tree-v2.js';

/** A member of a group. */
export interface Link {
  readonly name: string;
  /** Address of the object's header; null for a soft link, which has a path instead. */
  readonly address: number | null;
  /** Path that a soft link leads to. */
  readonly target: string | null;
  /** Creation order; Infinity where it is not tracked. */
  readonly order: number;
}

const MOST_LINKS = 1 << 17;

/**
 * The members of a group: by creation where the file keeps that, else by name, as netCDF does.
 * Links into other files are left out.
 *
 * @throws RasterError `DamagedFile`
 */
export async function readLinks(blocks: H5Blocks, header: ObjectHeader): Promise<readonly Link[]> {
  const links: Link[] = [];
  const add = (link: Link | null) => {
    if (link) links.push(link);
    if (links.length > MOST_LINKS) {
      throw damagedFile(blocks.path, `up to ${MOST_LINKS} members in a group`, 'more');
    }
  };
  for (const { type, body } of header.messages) {
    if (type === MESSAGE.link) add(readLink(new H5Cursor(blocks.path, body, blocks.widths)));
  }
  const info = await messageOf(blocks, header, MESSAGE.linkInfo);
  if (info) {
    info.skip(1);
    if (info.u8() & 1) info.skip(8);
    await readDenseLinks(blocks, info.address(), info.address(), add);
  }
  const table = await messageOf(blocks, header, MESSAGE.symbolTable);
  if (table) await readSymbolTable(blocks, table.address(), table.address(), add);
  return links.sort((a, b) => (a.order === b.order ? compare(a.name, b.name) : a.order - b.order));
}

/** By code units, as C compares bytes of ASCII names. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function readLink(cursor: H5Cursor): Link | null {
  cursor.skip(1);
  const flags = cursor.u8();
  const kind = flags & 0x08 ? cursor.u8() : 0;
  const order = flags & 0x04 ? cursor.uint(8) : Infinity;
  if (flags & 0x10) cursor.skip(1);
  const name = cursor.text(cursor.uint(1 << (flags & 3)));
  if (kind === 0) return { name, order, address: cursor.address(), target: null };
  if (kind === 1) return { name, order, address: null, target: cursor.text(cursor.u16()) };
  return null;
}

async function readDenseLinks(
  blocks: H5Blocks,
  heapAddress: number,
  treeAddress: number,
  add: (link: Link | null) => void,
): Promise<void> {
  if (heapAddress === NOWHERE) return;
  const heap = await openFractalHeap(blocks, heapAddress);
  const ids: H5Cursor[] = [];
  await visitTreeV2(blocks, treeAddress, (record, kind) => {
    record.skip(kind === TREE_V2.linkOrder ? 8 : 4);
    ids.push(record);
  });
  for (const id of ids) add(readLink(await heap.object(id)));
}

async function readSymbolTable(
  blocks: H5Blocks,
  tree: number,
  heapAddress: number,
  add: (link: Link | null) => void,
): Promise<void> {
  const { offset, length } = blocks.widths;
  const heap = await blocks.readSigned(heapAddress, 8 + 2 * length + offset, 'HEAP');
  heap.skip(4);
  const heapSize = heap.length();
  heap.skip(length);
  const names = await blocks.read(heap.address(), heapSize);
  const text = (at: number): string => {
    if (at >= names.bytes.length) throw damagedFile(blocks.path, 'a name in its heap', String(at));
    const end = names.bytes.indexOf(0, at);
    return textOf(names.bytes.subarray(at, end < 0 ? undefined : end));
  };
  await visitTreeV1(blocks, tree, TREE_V1.group, length, async (_key, address) => {
    const head = await blocks.readSigned(address, 8, 'SNOD');
    head.skip(2);
    const count = head.u16();
    const entry = 2 * offset + 24;
    const body = await blocks.read(address + 8, count * entry);
    for (let i = 0; i < count; i++) {
      const name = text(body.uint(offset));
      const object = body.address();
      const soft = body.u32() === 2;
      body.skip(4);
      const scratch = body.sub(16);
      if (soft) add({ name, order: Infinity, address: null, target: text(scratch.u32()) });
      else add({ name, order: Infinity, address: object, target: null });
    }
  });
}
