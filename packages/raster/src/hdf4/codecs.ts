import { constants, inflateSync } from 'node:zlib';
import { damagedFile } from '../byte-file.js';
import { RasterError, reasonOf } from '../errors.js';
import type { ByteCursor } from './byte-cursor.js';
import { decodeNBit, type NBitCoding } from './n-bit.js';
import { decodeRunLengths } from './run-length.js';
import { decodeSkippingHuffman } from './skipping-huffman.js';
import { decodeSzip, type SzipCoding } from './szip.js';

/** How a compressed element is packed. */
export type Coding =
  | { readonly kind: 'none' | 'run-length' | 'deflate' }
  | { readonly kind: 'skipping-huffman'; readonly unit: number }
  | ({ readonly kind: 'n-bit' } & NBitCoding)
  | ({ readonly kind: 'szip' } & SzipCoding);

/** Most bytes that one packed byte can become. */
const LARGEST_RATIO: Readonly<Record<Coding['kind'], number>> = {
  none: 1,
  // A run of 130 takes two bytes.
  'run-length': 65,
  deflate: 1032,
  // A bit at least for each byte.
  'skipping-huffman': 8,
  // A bit at least for each number of eight bytes.
  'n-bit': 64,
  // 64 blocks of zeros in a few bits, of up to 32 samples of up to eight bytes.
  szip: 16384,
};

/** The model and coder of a compression header, from where these begin. */
export function readCoding(path: string, header: ByteCursor): Coding {
  header.u16(); // model: only the plain one exists
  const coder = header.u16();
  switch (coder) {
    case 0:
      return { kind: 'none' };
    case 1:
      return { kind: 'run-length' };
    case 2: {
      const type = header.i32();
      const signExtend = header.u16() !== 0;
      const fillOne = header.u16() !== 0;
      return { kind: 'n-bit', type, signExtend, fillOne, start: header.i32(), bits: header.i32() };
    }
    case 3:
      return { kind: 'skipping-huffman', unit: header.i32() };
    case 4:
      return { kind: 'deflate' };
    case 5: {
      header.i32(); // pixels in all
      const pixelsPerLine = header.i32();
      const options = header.i32();
      return {
        kind: 'szip',
        pixelsPerLine,
        options,
        bitsPerPixel: header.u8(),
        pixelsPerBlock: header.u8(),
      };
    }
    default:
      throw new RasterError(
        'UnsupportedFormat',
        `${path}: expected data packed by deflate, RLE, skipping Huffman, n-bit or szip. Received: coder ${coder}. Unpack it with hrepack -t '*:NONE'.`,
      );
  }
}

/** @throws RasterError `DamagedFile` where so few packed bytes cannot become `size`. */
export function assertUnpackable(
  path: string,
  coding: Coding,
  packedSize: number,
  size: number,
): void {
  if (size <= packedSize * LARGEST_RATIO[coding.kind] + 4096) return;
  throw damagedFile(
    path,
    `at most ${LARGEST_RATIO[coding.kind]} bytes per packed byte (${coding.kind})`,
    `${size} bytes out of ${packedSize}`,
  );
}

/**
 * `size` unpacked bytes.
 *
 * @throws RasterError `DamagedFile`
 */
export function unpack(
  path: string,
  coding: Coding,
  packed: Uint8Array,
  size: number,
): Uint8Array<ArrayBuffer> {
  assertUnpackable(path, coding, packed.length, size);
  switch (coding.kind) {
    case 'none':
      if (packed.length < size) throw damagedFile(path, `${size} bytes`, `${packed.length}`);
      return packed.slice(0, size);
    case 'deflate':
      return inflate(path, packed, size);
    case 'run-length':
      return decodeRunLengths(path, packed, size);
    case 'skipping-huffman':
      return decodeSkippingHuffman(path, packed, size, coding.unit);
    case 'n-bit':
      return decodeNBit(path, packed, size, coding);
    case 'szip':
      return decodeSzip(path, packed, size, coding);
  }
}

function inflate(path: string, packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  let plain: Buffer;
  try {
    // Writers leave the stream open at times, so that it may end without its checksum.
    plain = inflateSync(packed, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: Math.max(size, 1),
    });
  } catch (cause) {
    throw damagedFile(path, `a deflate stream of ${size} bytes`, reasonOf(cause), cause);
  }
  if (plain.length < size) {
    throw damagedFile(path, `a deflate stream of ${size} bytes`, `${plain.length}`);
  }
  const { buffer, byteOffset, length } = plain;
  // Small results lie in a shared pool of Node.
  return buffer instanceof ArrayBuffer && byteOffset === 0 && buffer.byteLength === length
    ? new Uint8Array(buffer)
    : Uint8Array.from(plain);
}
