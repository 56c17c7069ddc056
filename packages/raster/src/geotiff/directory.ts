import { damagedFile, type ByteFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import { FIELD_TYPE, fieldBytes } from './tags.js';

/** The table of tags of one image of a TIFF; values are read when asked for. */
export interface TiffDirectory {
  readonly littleEndian: boolean;
  /** Numbers of a tag, 64-bit ones exact up to 2^53; null where the tag is absent or is text. */
  numbers(tag: number): Promise<Float64Array | null>;
  /** Text of a tag up to its first NUL; null where the tag is absent or is no text. */
  text(tag: number): Promise<string | null>;
  /** Bytes of a tag; null where the tag is absent. */
  bytes(tag: number): Promise<Uint8Array | null>;
}

interface Entry {
  readonly type: number;
  readonly count: number;
  /** Where its values lie in the file. */
  readonly at: number;
}

/** What is read of a file: a whole one, or a TIFF inside another file. */
export type TiffBytes = Pick<ByteFile, 'path' | 'size' | 'read'>;

/** Images that a file may have; more are taken for damage. */
const MOST_DIRECTORIES = 65_536;

/** Headers are read in pieces of this size: tags and their values mostly lie together. */
const PAGE = 1 << 16;

/**
 * The directories of a TIFF or BigTIFF, in file order.
 *
 * @throws RasterError `UnsupportedFormat` where the file is no TIFF, `DamagedFile`
 */
export async function readDirectories(file: TiffBytes): Promise<TiffDirectory[]> {
  const read = pagedReader(file);
  const head = viewOf(await read(0, Math.min(16, file.size)));
  const order = head.byteLength >= 8 ? head.getUint16(0) : 0;
  const littleEndian = order === 0x4949;
  const version = order === 0x4949 || order === 0x4d4d ? head.getUint16(2, littleEndian) : 0;
  const big = version === 43;
  if (version !== 42 && !big) throw notTiff(file, head);
  if (big && head.byteLength < 16) throw damagedFile(file.path, 'a BigTIFF header', 'its half');
  const offsetAt = (view: DataView, at: number): number =>
    big ? Number(view.getBigUint64(at, littleEndian)) : view.getUint32(at, littleEndian);

  const countBytes = big ? 8 : 2;
  const entryBytes = big ? 20 : 12;
  const offsetBytes = big ? 8 : 4;
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  let at = offsetAt(head, big ? 8 : 4);
  while (at !== 0) {
    if (seen.has(at) || seen.size >= MOST_DIRECTORIES) {
      throw damagedFile(file.path, 'a chain of images that ends', `a second image at ${at}`);
    }
    seen.add(at);
    const counted = viewOf(await read(at, countBytes));
    const count = big
      ? Number(counted.getBigUint64(0, littleEndian))
      : counted.getUint16(0, littleEndian);
    if (count * entryBytes > file.size) {
      throw damagedFile(file.path, 'a table of tags', `${count} tags in ${file.size} bytes`);
    }
    const table = viewOf(await read(at + countBytes, count * entryBytes + offsetBytes));
    const entries = new Map<number, Entry>();
    for (let i = 0; i < count; i++) {
      const from = i * entryBytes;
      const tag = table.getUint16(from, littleEndian);
      const type = table.getUint16(from + 2, littleEndian);
      const values = offsetAt(table, from + 4);
      const inline = values * fieldBytes(type) <= offsetBytes;
      const here = from + 4 + offsetBytes;
      const valuesAt = inline ? at + countBytes + here : offsetAt(table, here);
      if (!entries.has(tag)) entries.set(tag, { type, count: values, at: valuesAt });
    }
    directories.push(directoryOf(read, entries, littleEndian));
    at = offsetAt(table, count * entryBytes);
  }
  if (directories.length === 0) throw damagedFile(file.path, 'a TIFF with an image', 'none in it');
  return directories;
}

type Read = (at: number, length: number) => Promise<Uint8Array>;

function directoryOf(
  read: Read,
  entries: ReadonlyMap<number, Entry>,
  littleEndian: boolean,
): TiffDirectory {
  const bytes = async (tag: number): Promise<Uint8Array | null> => {
    const entry = entries.get(tag);
    return entry ? read(entry.at, entry.count * fieldBytes(entry.type)) : null;
  };
  return {
    littleEndian,
    bytes,
    async numbers(tag) {
      const type = entries.get(tag)?.type;
      if (type === undefined || type === FIELD_TYPE.ascii || fieldBytes(type) === 0) return null;
      const raw = await bytes(tag);
      return raw && numbersOf(raw, type, littleEndian);
    },
    async text(tag) {
      const type = entries.get(tag)?.type;
      if (type !== FIELD_TYPE.ascii && type !== FIELD_TYPE.byte) return null;
      const raw = await bytes(tag);
      const text = new TextDecoder().decode(raw ?? undefined);
      const end = text.indexOf('\0');
      return end < 0 ? text : text.slice(0, end);
    },
  };
}

function numbersOf(raw: Uint8Array, type: number, littleEndian: boolean): Float64Array {
  // The long lists (places of tiles, colours) are of these types.
  if (littleEndian && type === FIELD_TYPE.short) {
    return new Float64Array(new Uint16Array(raw.slice().buffer));
  }
  if (littleEndian && type === FIELD_TYPE.long) {
    return new Float64Array(new Uint32Array(raw.slice().buffer));
  }
  const view = viewOf(raw);
  const size = fieldBytes(type);
  const out = new Float64Array(raw.length / size);
  for (let i = 0; i < out.length; i++) out[i] = numberAt(view, i * size, type, littleEndian);
  return out;
}

function numberAt(view: DataView, at: number, type: number, little: boolean): number {
  switch (type) {
    case FIELD_TYPE.short:
      return view.getUint16(at, little);
    case FIELD_TYPE.long:
    case FIELD_TYPE.ifd:
      return view.getUint32(at, little);
    case FIELD_TYPE.rational:
      return view.getUint32(at, little) / view.getUint32(at + 4, little);
    case FIELD_TYPE.signedByte:
      return view.getInt8(at);
    case FIELD_TYPE.signedShort:
      return view.getInt16(at, little);
    case FIELD_TYPE.signedLong:
      return view.getInt32(at, little);
    case FIELD_TYPE.signedRational:
      return view.getInt32(at, little) / view.getInt32(at + 4, little);
    case FIELD_TYPE.float:
      return view.getFloat32(at, little);
    case FIELD_TYPE.double:
      return view.getFloat64(at, little);
    case FIELD_TYPE.long8:
    case FIELD_TYPE.ifd8:
      return Number(view.getBigUint64(at, little));
    case FIELD_TYPE.signedLong8:
      return Number(view.getBigInt64(at, little));
    default:
      return view.getUint8(at);
  }
}

/** Small reads come from the last page that was fetched. */
function pagedReader(file: TiffBytes): Read {
  let page = new Uint8Array(0);
  let pageAt = 0;
  return async (at, length) => {
    const inside = at >= pageAt && at + length <= pageAt + page.length;
    if (!inside) {
      if (length >= PAGE || !(at + length <= file.size)) return file.read(at, length);
      page = await file.read(at, Math.min(PAGE, file.size - at));
      pageAt = at;
    }
    return page.subarray(at - pageAt, at - pageAt + length);
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function notTiff(file: TiffBytes, head: DataView): RasterError {
  const first = Array.from({ length: Math.min(4, head.byteLength) }, (_, i) =>
    head.getUint8(i).toString(16).padStart(2, '0'),
  );
  if (head.byteLength < 8) return damagedFile(file.path, 'a TIFF', `${file.size} bytes`);
  return new RasterError(
    'UnsupportedFormat',
    `${file.path}: expected a TIFF or BigTIFF (II or MM, then 42 or 43). Received: first bytes ${first.join('')}. Open it as what it is, or convert it with gdal_translate.`,
  );
}
