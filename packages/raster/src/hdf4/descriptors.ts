import { damagedFile, type ByteFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import { ByteCursor } from './byte-cursor.js';

/** Numbers of the data objects that are read here. */
export const TAG = {
  linked: 20,
  compressed: 40,
  chunk: 61,
  numberType: 106,
  dataGroupOld: 700,
  dimensions: 701,
  data: 702,
  scales: 703,
  labels: 704,
  units: 705,
  formats: 706,
  range: 707,
  coordinateSystem: 708,
  links: 710,
  dataGroup: 720,
  calibration: 731,
  vdataHeader: 1962,
  vdataValues: 1963,
  vgroup: 1965,
} as const;

const MAGIC = [0x0e, 0x03, 0x13, 0x01];
const DESCRIPTOR_BYTES = 12;

/** Where a data object lies in the file. */
export interface Descriptor {
  /** Without the bit that marks special storage. */
  readonly tag: number;
  readonly ref: number;
  readonly offset: number;
  readonly length: number;
  /** Whether a header at `offset` says how it is stored (linked, compressed, chunked, external). */
  readonly special: boolean;
}

/** The table of contents of an HDF4 file. */
export interface Descriptors {
  find(tag: number, ref: number): Descriptor | undefined;
  /** All of a tag, in file order. */
  all(tag: number): readonly Descriptor[];
}

/**
 * Follows the linked list of descriptor blocks.
 *
 * @throws RasterError `UnsupportedFormat` where the file is not HDF4, `DamagedFile`
 */
export async function readDescriptors(file: ByteFile): Promise<Descriptors> {
  const { path, size } = file;
  const head = await file.read(0, Math.min(4, size));
  if (MAGIC.some((byte, i) => head[i] !== byte)) {
    throw new RasterError(
      'UnsupportedFormat',
      `${path}: expected an HDF4 file. Received: a file that starts with ${Buffer.from(head).toString('hex') || 'nothing'}. HDF5 and NetCDF files have readers of their own (openRaster finds out).`,
    );
  }
  const byId = new Map<number, Descriptor>();
  const byTag = new Map<number, Descriptor[]>();
  const seen = new Set<number>();
  for (let at = 4; at !== 0;) {
    if (seen.has(at)) throw damagedFile(path, 'a list of blocks that ends', `a loop at ${at}`);
    seen.add(at);
    const header = new ByteCursor(path, 'a descriptor block', await file.read(at, 6));
    const count = header.u16();
    const next = header.i32();
    const bytes = await file.read(at + 6, count * DESCRIPTOR_BYTES);
    const cursor = new ByteCursor(path, 'a descriptor block', bytes);
    for (let i = 0; i < count; i++) {
      const stored = cursor.u16();
      const ref = cursor.u16();
      const offset = cursor.i32();
      const length = cursor.i32();
      // Tags above 0x8000 belong to applications, where bit 0x4000 has no meaning.
      const special = stored < 0x8000 && (stored & 0x4000) !== 0;
      const tag = special ? stored & ~0x4000 : stored;
      if (tag <= 1 || offset < 0 || length < 0) continue;
      const descriptor = { tag, ref, offset, length, special };
      const id = tag * 0x10000 + ref;
      if (byId.has(id)) continue;
      byId.set(id, descriptor);
      const list = byTag.get(tag);
      if (list) list.push(descriptor);
      else byTag.set(tag, [descriptor]);
    }
    if (next < 0) throw damagedFile(path, 'the place of the next block', String(next));
    at = next;
  }
  return {
    find: (tag, ref) => byId.get(tag * 0x10000 + ref),
    all: (tag) => byTag.get(tag) ?? [],
  };
}
