import { promisify } from 'node:util';
import { inflate, inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { RasterError, reasonOf } from '../errors.js';
import { damagedFile } from '../byte-file.js';
import type { StoredArray } from '../raster-file.js';
import { rowsOfBlock, samplesOfBlock, unsupported, type ImageLayout } from './image-layout.js';
import { decodeJpegBlock } from './jpeg-block.js';
import { decodeLercBlock } from './lerc-block.js';
import { unpackLzw, unpackPackBits } from './lzw.js';
import { samplesOfBytes } from './samples.js';
import { COMPRESSION } from './tags.js';
import { unpackZstd } from './zstd.js';

const inflateInThread = promisify(inflate);

/** Packed blocks from here on are worth a thread of their own. */
const THREAD_BYTES = 1 << 15;

/**
 * Stored numbers of one block: [rows, blockWidth, samples of a block], in the machine's order.
 *
 * @param packed the block's bytes; left as they are, since blocks may share them.
 * @throws RasterError `DamagedFile`, `UnsupportedFormat`
 */
export async function decodeBlock(
  path: string,
  layout: ImageLayout,
  blockRow: number,
  packed: Uint8Array,
): Promise<StoredArray> {
  const { blockWidth, bits } = layout;
  const rows = rowsOfBlock(layout, blockRow);
  const samples = samplesOfBlock(layout);
  const length = rows * Math.ceil((blockWidth * samples * bits) / 8);
  try {
    const bytes = await unpack(path, layout, packed, { rows, width: blockWidth, samples, length });
    if (bytes.length < length) throw new Error(`${bytes.length} of ${length} bytes`);
    // Where the codec has nothing for a predictor to undo, TIFF ignores the tag.
    const predictor = isPredicted(layout.compression) ? layout.predictor : 1;
    const littleEndian = layout.littleEndian || isPicture(layout.compression);
    return samplesOfBytes(
      aligned(bytes.length === length ? bytes : bytes.subarray(0, length), bits / 8),
      blockWidth,
      samples,
      { ...layout, predictor, littleEndian },
    );
  } catch (cause) {
    if (cause instanceof RasterError) throw cause;
    const reason = reasonOf(cause);
    if (/unsupported/i.test(reason)) throw unsupported(path, 'blocks that can be read', reason);
    throw damagedFile(path, 'whole blocks of pixels', reason, cause);
  }
}

/** Codecs that give pixels, with nothing left to undo. */
function isPicture(compression: number): boolean {
  return (
    compression === COMPRESSION.jpeg ||
    compression === COMPRESSION.webp ||
    compression === COMPRESSION.lerc
  );
}

/** Codecs whose bytes a predictor may have prepared. */
function isPredicted(compression: number): boolean {
  return (
    compression === COMPRESSION.lzw ||
    compression === COMPRESSION.deflate ||
    compression === COMPRESSION.oldDeflate ||
    compression === COMPRESSION.zstd
  );
}

function assertPredictor(path: string, { compression, predictor, bits, float }: ImageLayout): void {
  if (!isPredicted(compression) || predictor === 1) return;
  const whole = bits === 8 || bits === 16 || bits === 32 || bits === 64;
  if (whole && (predictor === 2 || (predictor === 3 && float))) return;
  throw unsupported(path, 'predictor 1, 2 or 3', `${predictor} on ${bits} bits`);
}

interface BlockSize {
  readonly rows: number;
  readonly width: number;
  readonly samples: number;
  readonly length: number;
}

async function unpack(
  path: string,
  layout: ImageLayout,
  stored: Uint8Array,
  size: BlockSize,
): Promise<Uint8Array> {
  const { compression, bits } = layout;
  const { length } = size;
  assertPredictor(path, layout);
  const packed = layout.lowBitFirst && !isPicture(compression) ? reverseBits(stored) : stored;
  // Some writers fill the last strip up to its full height.
  const most = Math.max(64, Math.ceil(length / size.rows) * layout.blockHeight);
  switch (compression) {
    case COMPRESSION.none:
      return layout.littleEndian ? packed : packed.slice(); // The bytes are swapped in place.
    case COMPRESSION.deflate:
    case COMPRESSION.oldDeflate: {
      const options = { maxOutputLength: most, chunkSize: Math.max(64, length) };
      return packed.length >= THREAD_BYTES
        ? inflateInThread(packed, options)
        : inflateSync(packed, options);
    }
    case COMPRESSION.lzw:
      return unpackLzw(packed, length);
    case COMPRESSION.packBits:
      return unpackPackBits(packed, length);
    case COMPRESSION.zstd:
      return unpackZstd(packed, most);
    case COMPRESSION.jpeg:
      return decodeJpegBlock(packed, layout.jpegTables, size, layout.photometric);
    case COMPRESSION.lerc:
      return decodeLercBlock(packed, { ...size, bytes: bits / 8 }, layout.lerc, layout.float);
    case COMPRESSION.webp:
      return decodeWebp(packed, size);
    default:
      throw unsupported(
        path,
        'no compression, LZW, deflate, PackBits, JPEG, LERC, zstd or WebP',
        `compression ${compression}`,
      );
  }
}

async function decodeWebp(packed: Uint8Array, size: BlockSize): Promise<Uint8Array> {
  const { rows, width, samples } = size;
  const image = sharp(packed, { limitInputPixels: rows * width });
  const shaped = samples === 4 ? image.ensureAlpha() : image.removeAlpha();
  const { data, info } = await shaped.raw().toBuffer({ resolveWithObject: true });
  if (info.width !== width || info.height < rows || info.channels !== samples) {
    throw new Error(`WebP of ${info.height}×${info.width}×${info.channels}`);
  }
  return data;
}

/** The bytes at an offset that elements of `size` bytes can lie on. */
function aligned(bytes: Uint8Array, size: number): Uint8Array {
  // Not slice(): that of Node's buffers copies nothing.
  return bytes.byteOffset % Math.max(1, size) === 0 ? bytes : new Uint8Array(bytes);
}

function reverseBits(bytes: Uint8Array): Uint8Array {
  return bytes.map((stored) => {
    let byte = ((stored & 0xf0) >> 4) | ((stored & 0x0f) << 4);
    byte = ((byte & 0xcc) >> 2) | ((byte & 0x33) << 2);
    return ((byte & 0xaa) >> 1) | ((byte & 0x55) << 1);
  });
}
