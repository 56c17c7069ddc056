import { assertPlausible, damagedFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import type { StoredType } from '../raster-file.js';
import type { TiffBytes, TiffDirectory } from './directory.js';
import { COMPRESSION, PHOTOMETRIC, SAMPLE_FORMAT, TAG } from './tags.js';

/** How the samples of one image lie in the file. */
export interface ImageLayout {
  readonly height: number;
  readonly width: number;
  /** Bands, alpha included. */
  readonly samples: number;
  /** Bits of a sample in the file. */
  readonly bits: number;
  readonly float: boolean;
  /** Type of the samples in memory: the smallest that holds them. */
  readonly dtype: StoredType;
  readonly compression: number;
  readonly predictor: number;
  readonly photometric: number;
  /** Whether every band has blocks of its own; else a block holds all bands of its pixels. */
  readonly separate: boolean;
  /** Whether the bits of a byte run from the lowest to the highest. */
  readonly lowBitFirst: boolean;
  readonly littleEndian: boolean;
  readonly tiled: boolean;
  /** Rows and columns of a block; strips are blocks of the full width. */
  readonly blockHeight: number;
  readonly blockWidth: number;
  readonly blocksDown: number;
  readonly blocksAcross: number;
  /** Place and length of every block, row by row, band after band where `separate`. */
  readonly offsets: Float64Array;
  readonly byteCounts: Float64Array;
  /** Quantisation and Huffman tables that all JPEG blocks share. */
  readonly jpegTables: Uint8Array | null;
  /** Version and inner compression of LERC blocks. */
  readonly lerc: readonly number[];
}

/** The most bytes that a byte of a block can unpack to, per compression; others are bounded whole. */
const LARGEST_EXPANSION: ReadonlyMap<number, number> = new Map([
  [COMPRESSION.none, 1],
  [COMPRESSION.packBits, 64],
  [COMPRESSION.lzw, 3072],
  [COMPRESSION.deflate, 1040],
  [COMPRESSION.oldDeflate, 1040],
  [COMPRESSION.jpeg, 4096],
  [COMPRESSION.zstd, 40_000],
]);

/** Bytes of a block that short ones may always unpack to. */
const ALWAYS_UNPACKED = 1 << 16;

/** Most bytes of one unpacked block, where its packed bytes do not bound it, and where they do. */
const LARGEST_UNBOUNDED = 1 << 28;
const LARGEST_BOUNDED = 2 ** 31;

/** Uncompressed strips that follow each other are cut anew into blocks of about this size. */
const RECUT_BYTES = 1 << 18;

/**
 * The layout of an image, checked against the file: every block lies inside it and can unpack to
 * what the image needs.
 *
 * @throws RasterError `DamagedFile`, `UnsupportedFormat`
 */
export async function readLayout(file: TiffBytes, directory: TiffDirectory): Promise<ImageLayout> {
  const { path } = file;
  const one = async (tag: number, otherwise: number): Promise<number> => {
    const value = (await directory.numbers(tag))?.[0] ?? otherwise;
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw damagedFile(path, `an integer in tag ${tag}`, String(value));
  };
  const width = await one(TAG.width, 0);
  const height = await one(TAG.height, 0);
  const samples = await one(TAG.samplesPerPixel, 1);
  if (!(width >= 1 && height >= 1 && samples >= 1)) {
    throw damagedFile(path, 'an image with pixels', `${height}×${width} of ${samples} bands`);
  }
  const compression = await one(TAG.compression, COMPRESSION.none);
  const predictor = await one(TAG.predictor, 1);
  const photometric = await one(TAG.photometric, PHOTOMETRIC.blackIsZero);
  const bits = await uniform(path, directory, TAG.bitsPerSample, 1, 'bits per sample');
  const format = await uniform(path, directory, TAG.sampleFormat, 1, 'one sample format');
  const float = format === SAMPLE_FORMAT.float;
  const dtype = dtypeOf(path, bits, format);
  const separate = samples > 1 && (await one(TAG.planarConfiguration, 1)) === 2;
  if (photometric === PHOTOMETRIC.ycbcr && compression !== COMPRESSION.jpeg) {
    throw unsupported(path, 'colours in RGB', 'YCbCr without JPEG');
  }

  const tiled = (await one(TAG.tileWidth, 0)) > 0;
  const blockWidth = tiled ? await one(TAG.tileWidth, 0) : width;
  const rows = tiled
    ? await one(TAG.tileHeight, 0)
    : Math.min(height, await one(TAG.rowsPerStrip, height));
  if (!(rows >= 1)) throw damagedFile(path, 'blocks with rows', `${rows} rows per block`);
  const blocksAcross = Math.ceil(width / blockWidth);
  const blocksDown = Math.ceil(height / rows);
  const blocks = blocksAcross * blocksDown * (separate ? samples : 1);
  const rowBytes = Math.ceil((blockWidth * (separate ? 1 : samples) * bits) / 8);

  const offsets = await directory.numbers(tiled ? TAG.tileOffsets : TAG.stripOffsets);
  let byteCounts = await directory.numbers(tiled ? TAG.tileByteCounts : TAG.stripByteCounts);
  if (!byteCounts && compression === COMPRESSION.none && offsets?.length === 1 && blocks === 1) {
    byteCounts = Float64Array.of(rowBytes * rows); // Optional in the first TIFFs.
  }
  if (!offsets || !byteCounts || offsets.length < blocks || byteCounts.length < blocks) {
    throw damagedFile(
      path,
      `${blocks} ${tiled ? 'tiles' : 'strips'}`,
      `${offsets?.length ?? 0} offsets and ${byteCounts?.length ?? 0} lengths`,
    );
  }
  const layout: ImageLayout = {
    height,
    width,
    samples,
    bits,
    float,
    dtype,
    compression,
    predictor,
    photometric,
    separate,
    lowBitFirst: (await one(TAG.fillOrder, 1)) === 2,
    littleEndian: directory.littleEndian,
    tiled,
    blockHeight: rows,
    blockWidth,
    blocksDown,
    blocksAcross,
    offsets,
    byteCounts,
    jpegTables: compression === COMPRESSION.jpeg ? await directory.bytes(TAG.jpegTables) : null,
    lerc:
      compression === COMPRESSION.lerc
        ? Array.from((await directory.numbers(TAG.lercParameters)) ?? [])
        : [],
  };
  assertBlocks(file, layout, rowBytes);
  return recut(layout, rowBytes);
}

/** Rows of a block: the last strip ends with the image, tiles are always whole. */
export function rowsOfBlock(layout: ImageLayout, blockRow: number): number {
  const { tiled, blockHeight, height } = layout;
  return tiled ? blockHeight : Math.min(blockHeight, height - blockRow * blockHeight);
}

/** Samples per pixel in a block. */
export function samplesOfBlock(layout: ImageLayout): number {
  return layout.separate ? 1 : layout.samples;
}

function assertBlocks(file: TiffBytes, layout: ImageLayout, rowBytes: number): void {
  const { offsets, byteCounts, compression, blockHeight } = layout;
  const { path, size } = file;
  const perPlane = layout.blocksAcross * layout.blocksDown;
  const expansion = LARGEST_EXPANSION.get(compression);
  const blocks = perPlane * (layout.separate ? layout.samples : 1);
  let end = 0;
  let unpacked = 0;
  for (let i = 0; i < blocks; i++) {
    const count = byteCounts[i] ?? 0;
    const at = offsets[i] ?? 0;
    if (!Number.isSafeInteger(count) || !Number.isSafeInteger(at) || count < 0 || at < 0) {
      throw damagedFile(path, 'places of blocks in bytes', `${count} bytes at ${at}`);
    }
    if (count === 0) continue; // A sparse block.
    end = Math.max(end, at + count);
    const row = Math.floor((i % perPlane) / layout.blocksAcross);
    const bytes = rowBytes * rowsOfBlock(layout, row);
    const most =
      expansion === undefined
        ? LARGEST_UNBOUNDED
        : expansion === 1
          ? count
          : Math.min(LARGEST_BOUNDED, expansion * count + ALWAYS_UNPACKED);
    if (bytes > most) {
      throw damagedFile(
        path,
        `blocks of ${blockHeight}×${layout.blockWidth} pixels that their bytes can fill`,
        `${count} bytes for ${bytes}`,
      );
    }
    unpacked += bytes;
  }
  if (end > size) {
    throw new RasterError(
      'DamagedFile',
      `${path}: expected at least ${end} bytes. Received: ${size}. The file is truncated; copy it again.`,
    );
  }
  if (expansion === undefined) assertPlausible(path, 'an image', unpacked, size);
}

/**
 * Uncompressed strips that lie one after the other, as blocks of a comfortable size: single rows
 * are dear to read one by one, and a strip of the whole image is dear for a small window.
 */
function recut(layout: ImageLayout, rowBytes: number): ImageLayout {
  const { compression, tiled, height, separate, samples, blocksDown, offsets } = layout;
  if (compression !== COMPRESSION.none || tiled) return layout;
  const stripBytes = rowBytes * layout.blockHeight;
  const planes = separate ? samples : 1;
  for (let plane = 0; plane < planes; plane++) {
    for (let strip = 0; strip < blocksDown; strip++) {
      const at = offsets[plane * blocksDown + strip] ?? 0;
      if (at === 0 || at !== (offsets[plane * blocksDown] ?? 0) + strip * stripBytes) return layout;
    }
  }
  const blockHeight = Math.min(height, Math.max(1, Math.floor(RECUT_BYTES / rowBytes)));
  const down = Math.ceil(height / blockHeight);
  const places = new Float64Array(planes * down);
  const counts = new Float64Array(planes * down);
  for (let i = 0; i < places.length; i++) {
    const row = i % down;
    places[i] = (offsets[Math.floor(i / down) * blocksDown] ?? 0) + row * blockHeight * rowBytes;
    counts[i] = Math.min(blockHeight, height - row * blockHeight) * rowBytes;
  }
  return { ...layout, blockHeight, blocksDown: down, offsets: places, byteCounts: counts };
}

async function uniform(
  path: string,
  directory: TiffDirectory,
  tag: number,
  otherwise: number,
  what: string,
): Promise<number> {
  const values = (await directory.numbers(tag)) ?? Float64Array.of(otherwise);
  const first = values[0] ?? otherwise;
  if (values.every((value) => value === first)) return first;
  throw unsupported(path, `the same ${what} in all bands`, Array.from(values).join(', '));
}

function dtypeOf(path: string, bits: number, format: number): StoredType {
  if (format === SAMPLE_FORMAT.float) {
    if (bits === 16 || bits === 32) return 'float32';
    if (bits === 64) return 'float64';
  } else if (format === SAMPLE_FORMAT.signed) {
    if (bits === 8) return 'int8';
    if (bits === 16) return 'int16';
    if (bits === 32) return 'int32';
    if (bits === 64) return 'int64';
  } else if (format === SAMPLE_FORMAT.unsigned || format === SAMPLE_FORMAT.untyped) {
    if (bits >= 1 && bits <= 8) return 'uint8';
    if (bits > 8 && bits <= 16) return 'uint16';
    if (bits > 16 && bits <= 32) return 'uint32';
    if (bits === 64) return 'uint64';
  }
  const kind = format > SAMPLE_FORMAT.untyped ? 'complex numbers' : `sample format ${format}`;
  throw unsupported(path, 'integers of 1 to 64 bits or floats', `${kind} of ${bits} bits`);
}

/** The error of a sound TIFF of a kind that is not read. */
export function unsupported(path: string, expected: string, received: string): RasterError {
  return new RasterError(
    'UnsupportedFormat',
    `${path}: expected ${expected}. Received: ${received}. Convert it, e.g. with gdal_translate -co COMPRESS=DEFLATE.`,
  );
}
