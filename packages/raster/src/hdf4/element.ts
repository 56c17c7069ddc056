import { basename, dirname, join, resolve } from 'node:path';
import { assertPlausible, ByteFile, damagedFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import { ByteCursor } from './byte-cursor.js';
import { assertUnpackable, readCoding, unpack, type Coding } from './codecs.js';
import { TAG, type Descriptor } from './descriptors.js';
import type { Hdf4File } from './hdf4-file.js';
import { InflateCursor } from './inflate-cursor.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** The bytes of a data object in one row, however they are stored. */
export interface Element {
  readonly size: number;
  /** Bytes that the caller may change. @throws RasterError `DamagedFile` past the end. */
  read(at: number, length: number): Promise<Bytes>;
}

/** How the header of a special object says that it is stored. */
export const STORAGE = { linked: 1, external: 2, compressed: 3, chunked: 5 } as const;

/** Arrays up to this size are unpacked at once and kept; larger ones stream by. */
const UNPACKED_AT_ONCE = 1 << 26;

/** Objects may be stored inside others (compressed in linked blocks), no deeper than this. */
const DEEPEST = 4;

/**
 * The bytes of a data object that is not chunked.
 *
 * @throws RasterError `DamagedFile`, `UnsupportedFormat`, `MissingFile` (external file)
 */
export async function openElement(
  hdf: Hdf4File,
  descriptor: Descriptor,
  depth = 0,
): Promise<Element> {
  const { path, file } = hdf;
  if (!descriptor.special) return filePart(file, descriptor.offset, descriptor.length);
  if (depth >= DEEPEST) {
    throw damagedFile(path, `objects at most ${DEEPEST} deep`, 'one deeper');
  }
  const header = await readHeader(hdf, descriptor);
  const storage = header.u16();
  switch (storage) {
    case STORAGE.linked:
      return linkedElement(hdf, header);
    case STORAGE.external:
      return externalElement(path, header);
    case STORAGE.compressed: {
      header.u16(); // version
      const size = header.count();
      const ref = header.u16();
      const coding = readCoding(path, header);
      const inner = hdf.descriptors.find(TAG.compressed, ref);
      if (!inner) throw damagedFile(path, `packed bytes of reference ${ref}`, 'none');
      const packed = await openElement(hdf, inner, depth + 1);
      return packedElement(hdf, `${descriptor.tag}/${descriptor.ref}`, packed, size, coding);
    }
    default:
      throw new RasterError(
        'UnsupportedFormat',
        `${path}: expected data in one piece, in linked blocks, in chunks, compressed or external. Received: storage ${storage} of object ${descriptor.tag}/${descriptor.ref}. Rewrite it with hrepack.`,
      );
  }
}

/** The header of a special object, at its storage code. */
export async function readHeader(hdf: Hdf4File, descriptor: Descriptor): Promise<ByteCursor> {
  const bytes = await hdf.file.read(descriptor.offset, descriptor.length);
  return new ByteCursor(hdf.path, `object ${descriptor.tag}/${descriptor.ref}`, bytes);
}

/** All bytes of a small object, such as a record. @throws RasterError as `openElement` */
export async function readObject(hdf: Hdf4File, tag: number, ref: number): Promise<Bytes> {
  const descriptor = hdf.descriptors.find(tag, ref);
  if (!descriptor) throw damagedFile(hdf.path, `object ${tag}/${ref}`, 'none of that name');
  const element = await openElement(hdf, descriptor);
  return element.read(0, element.size);
}

function filePart(file: ByteFile, offset: number, size: number): Element {
  return {
    size,
    read: (at, length) => {
      assertInside(file.path, size, at, length);
      return file.read(offset + at, length);
    },
  };
}

function assertInside(path: string, size: number, at: number, length: number): void {
  if (at + length > size) {
    throw damagedFile(path, `${at + length} bytes of data`, `${size}`);
  }
}

/** Blocks listed in tables, each table naming the next. */
async function linkedElement(hdf: Hdf4File, header: ByteCursor): Promise<Element> {
  const { path, file, descriptors } = hdf;
  const size = header.count();
  const blockLength = header.count();
  const perTable = header.count();
  const refs: number[] = [];
  const seen = new Set<number>();
  for (let table = header.u16(); table !== 0;) {
    if (seen.has(table)) throw damagedFile(path, 'block tables that end', 'a loop');
    seen.add(table);
    const descriptor = descriptors.find(TAG.linked, table);
    if (!descriptor) throw damagedFile(path, `block table ${table}`, 'none');
    const bytes = await file.read(descriptor.offset, descriptor.length);
    const cursor = new ByteCursor(path, 'a block table', bytes);
    table = cursor.u16();
    for (let i = 0; i < perTable; i++) refs.push(cursor.u16());
  }
  const first = descriptors.find(TAG.linked, refs[0] ?? 0)?.length ?? blockLength;
  // The first block is what was there before the data grew, the others are all of one length.
  const reach = first + Math.max(0, refs.length - 1) * blockLength;
  // Blocks that were never written are rare: a size far beyond the file is a damaged one.
  if (size > Math.min(reach, UNPACKED_AT_ONCE + 16 * file.size)) {
    throw damagedFile(path, `${size} bytes in linked blocks`, `${reach}`);
  }
  return {
    size,
    async read(at, length) {
      assertInside(path, size, at, length);
      const out = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const place = at + done;
        const index = place < first ? 0 : 1 + Math.floor((place - first) / blockLength);
        const start = index === 0 ? 0 : first + (index - 1) * blockLength;
        const blockSize = index === 0 ? first : blockLength;
        const part = Math.min(length - done, start + blockSize - place);
        const block = descriptors.find(TAG.linked, refs[index] ?? 0);
        // A block that was never written, or not to its end, reads as zeros.
        const there = block ? Math.min(part, block.length - (place - start)) : 0;
        if (block && there > 0) out.set(await file.read(block.offset + place - start, there), done);
        done += part;
      }
      return out;
    },
  };
}

/** Data in a file of its own, which must lie in the folder of the HDF4 file or below. */
async function externalElement(path: string, header: ByteCursor): Promise<Element> {
  const size = header.count();
  const offset = header.count();
  const name = header.text(header.count());
  const folder = resolve(dirname(path));
  const named = resolve(folder, name);
  const beside = named.startsWith(folder) ? named : join(folder, basename(name));
  const read = async (at: number, length: number) => {
    assertInside(path, size, at, length);
    let external: ByteFile;
    try {
      external = await ByteFile.open(beside);
    } catch (cause) {
      throw new RasterError(
        'MissingFile',
        `${path}: expected its external data ${JSON.stringify(name)} in the same folder. Received: no such file. Copy it there.`,
        { cause },
      );
    }
    try {
      return await external.read(offset + at, length);
    } finally {
      await external.close();
    }
  };
  return { size, read };
}

function packedElement(
  { path, cache, file }: Hdf4File,
  key: string,
  packed: Element,
  size: number,
  coding: Coding,
): Element {
  assertPlausible(path, 'packed data', size, file.size);
  assertUnpackable(path, coding, packed.size, size);
  if (coding.kind === 'none') return packed;
  const whole = () =>
    cache.get(key, async () => unpack(path, coding, await packed.read(0, packed.size), size));
  const cursor =
    coding.kind === 'deflate' && size > UNPACKED_AT_ONCE ? new InflateCursor(path, packed) : null;
  return {
    size,
    async read(at, length) {
      assertInside(path, size, at, length);
      return cursor ? cursor.read(at, length) : (await whole()).slice(at, at + length);
    },
  };
}
