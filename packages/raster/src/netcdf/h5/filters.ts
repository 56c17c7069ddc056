import { inflate } from 'node:zlib';
import { promisify } from 'node:util';
import { damagedFile } from '../../byte-file.js';
import { isRasterError, RasterError, reasonOf } from '../../errors.js';
import { unpackZstd } from '../../geotiff/zstd.js';
import { decodeSzip } from '../../hdf4/szip.js';
import type { Filter } from './dataset-header.js';
import { unpackLz4, unpackLzf } from './lz.js';

const inflateAsync = promisify(inflate);

/** Registered numbers of filters. */
const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER32 = 3;
const SZIP = 4;
const LZF = 32000;
const LZ4 = 32004;
const ZSTD = 32015;

/** What the filters of a chunk work on. */
export interface ChunkTarget {
  readonly path: string;
  /** Bytes of the chunk when unpacked. */
  readonly bytes: number;
  /** Bytes of an element. */
  readonly elementSize: number;
}

/**
 * Undoes the filters of a chunk, last first.
 *
 * @param mask a bit for each filter that was left out.
 * @throws RasterError `DamagedFile`, `UnsupportedFormat`
 */
export async function unfilter(
  packed: Uint8Array,
  filters: readonly Filter[],
  mask: number,
  target: ChunkTarget,
): Promise<Uint8Array> {
  let bytes = packed;
  for (let i = filters.length - 1; i >= 0; i--) {
    const filter = filters[i];
    if (!filter || (mask >>> i) & 1) continue;
    try {
      bytes = await undo(bytes, filter, target);
    } catch (cause) {
      if (isRasterError(cause)) throw cause;
      throw damagedFile(target.path, 'an HDF5 chunk that unpacks', reasonOf(cause), cause);
    }
  }
  if (bytes.length < target.bytes) {
    throw damagedFile(target.path, `an HDF5 chunk of ${target.bytes} bytes`, `${bytes.length}`);
  }
  return bytes;
}

async function undo(bytes: Uint8Array, filter: Filter, target: ChunkTarget): Promise<Uint8Array> {
  // A checksum may lie under the packing.
  const most = target.bytes + 64;
  switch (filter.id) {
    case DEFLATE:
      return inflateAsync(bytes, { maxOutputLength: most });
    case SHUFFLE:
      return unshuffle(bytes, filter.parameters[0] ?? target.elementSize);
    case FLETCHER32:
      return checked(bytes);
    case SZIP: {
      const [options = 0, pixelsPerBlock = 0, bitsPerPixel = 0, pixelsPerLine = 0] =
        filter.parameters;
      const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true);
      const coding = { options: options & 0xff, pixelsPerBlock, bitsPerPixel, pixelsPerLine };
      return decodeSzip(target.path, bytes.subarray(4), Math.min(size, most), coding);
    }
    case LZF:
      return unpackLzf(bytes, most);
    case LZ4:
      return unpackLz4(bytes, most);
    case ZSTD:
      return unpackZstd(bytes, most);
    default:
      throw new RasterError(
        'UnsupportedFormat',
        `${target.path}: expected HDF5 packed by deflate, shuffle, fletcher32, szip, lzf, lz4 or zstd. Received: filter ${filter.id}. Rewrite it with h5repack -f GZIP=4.`,
      );
  }
}

/** Puts bytes that were sorted by their place in the element together again. */
function unshuffle(bytes: Uint8Array, size: number): Uint8Array {
  if (size <= 1) return bytes;
  const count = Math.floor(bytes.length / size);
  const out = new Uint8Array(bytes.length);
  if (size === 2) {
    for (let i = 0, o = 0; i < count; i++) {
      out[o++] = bytes[i] ?? 0;
      out[o++] = bytes[count + i] ?? 0;
    }
  } else {
    for (let place = 0; place < size; place++) {
      const from = place * count;
      for (let i = 0, o = place; i < count; i++, o += size) out[o] = bytes[from + i] ?? 0;
    }
  }
  out.set(bytes.subarray(count * size), count * size);
  return out;
}

/** Bytes without the Fletcher checksum after them, which must be theirs. */
function checked(bytes: Uint8Array): Uint8Array {
  const length = bytes.length - 4;
  if (length < 0) throw new Error('a checksum cut off');
  const body = bytes.subarray(0, length);
  const says = new DataView(bytes.buffer, bytes.byteOffset + length, 4);
  const sum = fletcher32(body);
  // Old libraries on little-endian machines swapped the bytes of each half.
  const swapped = ((sum & 0x00ff00ff) << 8) | ((sum >>> 8) & 0x00ff00ff);
  if (says.getUint32(0, true) !== sum && says.getUint32(0, true) !== swapped >>> 0) {
    throw new Error('a checksum that does not fit');
  }
  return body;
}

function fletcher32(bytes: Uint8Array): number {
  let low = 0;
  let high = 0;
  const even = bytes.length - (bytes.length % 2);
  for (let at = 0; at < even;) {
    // Sums of 360 words stay below 2^32.
    for (const end = Math.min(even, at + 720); at < end; at += 2) {
      low += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      high += low;
    }
    low = (low & 0xffff) + (low >>> 16);
    high = (high & 0xffff) + (high >>> 16);
  }
  if (bytes.length % 2 === 1) {
    low += (bytes[even] ?? 0) << 8;
    high += low;
    low = (low & 0xffff) + (low >>> 16);
    high = (high & 0xffff) + (high >>> 16);
  }
  low = (low & 0xffff) + (low >>> 16);
  high = (high & 0xffff) + (high >>> 16);
  return ((high << 16) | low) >>> 0;
}
