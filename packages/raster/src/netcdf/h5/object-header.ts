import { damagedFile } from '../../byte-file.js';
import type { H5Blocks } from './h5-blocks.js';
import { H5Cursor } from './h5-cursor.js';

/** Kinds of header messages that readers need. */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** Set where a message is kept elsewhere and only its address is here. */
const SHARED = 0x02;

/** Stored in the heap of shared messages of the file. */
const IN_SHARED_HEAP = 1;

const PREFIX_V1 = 16;
const CHECKSUM = 4;
const MOST_MESSAGES = 1 << 17;

export interface HeaderMessage {
  readonly type: number;
  readonly flags: number;
  /** Creation order where it is tracked, else its place in the header. */
  readonly order: number;
  readonly body: Uint8Array;
}

/** The messages of one group, dataset or named type. */
export interface ObjectHeader {
  readonly address: number;
  readonly messages: readonly HeaderMessage[];
}

/** @throws RasterError `DamagedFile` */
export async function readObjectHeader(blocks: H5Blocks, address: number): Promise<ObjectHeader> {
  const prefix = await blocks.readUpTo(address, 64);
  const messages: HeaderMessage[] = [];
  /** Blocks of messages still to read: where, how long, and where messages begin and end in it. */
  const waiting: { address: number; length: number; head: number; tail: number }[] = [];
  let tracked = false;
  const version = (prefix.bytes[0] ?? 0) === 1 ? 1 : 2;
  if (version === 1) {
    prefix.skip(8);
    waiting.push({ address: address + PREFIX_V1, length: prefix.u32(), head: 0, tail: 0 });
  } else {
    const signature = prefix.signature();
    if (signature !== 'OHDR' || prefix.u8() !== 2) {
      throw damagedFile(blocks.path, `an HDF5 object header at ${address}`, 'other bytes');
    }
    const flags = prefix.u8();
    tracked = (flags & 0x04) !== 0;
    if (flags & 0x20) prefix.skip(16);
    if (flags & 0x10) prefix.skip(4);
    const length = prefix.uint(1 << (flags & 3));
    waiting.push({ address: address + prefix.at, length, head: 0, tail: 0 });
  }
  const seen = new Set<number>();
  for (let block = waiting.shift(); block; block = waiting.shift()) {
    if (seen.has(block.address)) throw circular(blocks.path, address);
    seen.add(block.address);
    const cursor = await blocks.read(block.address, block.length);
    if (block.head > 0 && cursor.signature() !== 'OCHK') {
      throw damagedFile(blocks.path, 'HDF5 OCHK', `other bytes at ${block.address}`);
    }
    const least = (version === 1 ? 8 : tracked ? 6 : 4) + block.tail;
    while (cursor.left >= least) {
      const message = readMessage(cursor, version, tracked, messages.length);
      if (message.type !== MESSAGE.continuation) {
        if (message.type !== 0) messages.push(message);
        if (messages.length > MOST_MESSAGES) throw circular(blocks.path, address);
        continue;
      }
      const link = new H5Cursor(blocks.path, message.body, blocks.widths);
      const next = { address: link.address(), length: link.length() };
      waiting.push(
        version === 1 ? { ...next, head: 0, tail: 0 } : { ...next, head: 4, tail: CHECKSUM },
      );
    }
  }
  return { address, messages };
}

function readMessage(
  cursor: H5Cursor,
  version: 1 | 2,
  tracked: boolean,
  place: number,
): HeaderMessage {
  const type = version === 1 ? cursor.u16() : cursor.u8();
  const size = cursor.u16();
  const flags = cursor.u8();
  if (version === 1) cursor.skip(3);
  const order = tracked ? cursor.u16() : place;
  return { type, flags, order, body: cursor.slice(size) };
}

function circular(path: string, address: number): Error {
  return damagedFile(path, `an HDF5 object header at ${address} that ends`, 'one that goes round');
}

/**
 * The content of the first message of a kind, fetched from where it is shared; null without one.
 *
 * @throws RasterError `DamagedFile`
 */
export async function messageOf(
  blocks: H5Blocks,
  header: ObjectHeader,
  type: number,
): Promise<H5Cursor | null> {
  const message = header.messages.find((candidate) => candidate.type === type);
  if (!message) return null;
  const cursor = new H5Cursor(blocks.path, message.body, blocks.widths);
  return message.flags & SHARED ? sharedMessage(blocks, cursor, type) : cursor;
}

/**
 * Follows the address of a shared message, which `cursor` stands before.
 *
 * @throws RasterError `DamagedFile`
 */
export async function sharedMessage(
  blocks: H5Blocks,
  cursor: H5Cursor,
  type: number,
): Promise<H5Cursor> {
  const version = cursor.u8();
  const kind = cursor.u8();
  if (version === 1) cursor.skip(6 + blocks.widths.length);
  if (version === 3 && kind === IN_SHARED_HEAP) {
    throw damagedFile(blocks.path, 'HDF5 messages in their own objects', 'a table of shared ones');
  }
  const address = cursor.address();
  const owner = await readObjectHeader(blocks, address);
  const message = owner.messages.find((candidate) => candidate.type === type);
  if (!message || message.flags & SHARED) {
    throw damagedFile(blocks.path, `an HDF5 named type at ${address}`, 'none');
  }
  return new H5Cursor(blocks.path, message.body, blocks.widths);
}
