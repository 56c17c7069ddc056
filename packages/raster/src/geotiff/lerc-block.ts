import { inflateSync } from 'node:zlib';
import { getDecoder } from 'geotiff';
import { COMPRESSION } from './tags.js';
import { unpackZstd } from './zstd.js';

/** Inner compressions of LERC blocks, as the LercParameters tag has them. */
const INNER = { none: 0, deflate: 1, zstd: 2 } as const;

/** What a block of pixels must come to. */
interface BlockSize {
  readonly rows: number;
  readonly width: number;
  readonly samples: number;
  /** Bytes of a sample. */
  readonly bytes: number;
}

/** One LERC2 blob: some or all bands of the block. */
interface Blob {
  readonly data: Uint8Array;
  /** Bands that lie together in it. */
  readonly depth: number;
  /** One bit per pixel, the highest of a byte first; null where all pixels are valid. */
  readonly mask: Uint8Array | null;
}

/**
 * Bytes of one LERC block, little-endian [rows, width, samples]; floats that the block's mask
 * excludes are NaN, integers 0, and an alpha band that the mask stands for is made, as GDAL does.
 *
 * @throws Error on damaged data or a block of another size.
 */
export async function decodeLercBlock(
  packed: Uint8Array,
  size: BlockSize,
  parameters: readonly number[],
  float: boolean,
): Promise<Uint8Array> {
  const { samples, bytes } = size;
  const pixels = size.rows * size.width;
  const most = 2 * pixels * samples * bytes + 65_536;
  const inner = parameters[1] ?? INNER.none;
  const data =
    inner === INNER.deflate
      ? inflateSync(packed, { maxOutputLength: most })
      : inner === INNER.zstd
        ? await unpackZstd(packed, most)
        : packed;
  const out = new Uint8Array(pixels * samples * bytes);
  let band = 0;
  let lastMask: Uint8Array | null = null;
  for (let at = 0; at < data.length && band < samples;) {
    const blob = blobAt(data, at, size);
    const values = await decodeBlob(blob, size, float);
    const piece = blob.depth * bytes;
    if (values.length !== pixels * piece || band + blob.depth > samples) {
      throw new Error(`${values.length} bytes in ${pixels} pixels of ${samples} bands`);
    }
    if (blob.depth === samples) return values;
    for (let i = 0; i < pixels; i++) {
      out.set(values.subarray(i * piece, (i + 1) * piece), (i * samples + band) * bytes);
    }
    band += blob.depth;
    lastMask = blob.mask;
    at += blob.data.length;
  }
  if (band === samples - 1 && samples > 1 && bytes === 1) {
    for (let i = 0; i < pixels; i++) out[i * samples + band] = isValid(lastMask, i) ? 255 : 0;
  } else if (band !== samples) throw new Error(`${band} of ${samples} bands`);
  return out;
}

async function decodeBlob(blob: Blob, size: BlockSize, float: boolean): Promise<Uint8Array> {
  const decoder = await getDecoder(COMPRESSION.lerc, {
    tileWidth: size.width,
    tileHeight: size.rows,
    predictor: 1,
    bitsPerSample: size.bytes * 8,
    planarConfiguration: 1,
    // Its type lacks the field that its LERC decoder reads.
    ...{ LercParameters: [4, INNER.none] },
  });
  const values = await decoder.decodeBlock(Uint8Array.from(blob.data).buffer);
  if (float && blob.mask) {
    const floats = size.bytes === 4 ? new Float32Array(values) : new Float64Array(values);
    for (let i = 0; i < floats.length; i++) {
      if (!isValid(blob.mask, Math.floor(i / blob.depth))) floats[i] = NaN;
    }
  }
  return new Uint8Array(values);
}

/** The header and mask of the blob at `at`, checked before anything is decoded. */
function blobAt(bytes: Uint8Array, at: number, size: BlockSize): Blob {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  const magic = String.fromCharCode(...bytes.subarray(at, at + 6));
  if (magic !== 'Lerc2 ' || view.byteLength < 94) throw new Error('no whole LERC2 blob');
  const version = view.getInt32(6, true);
  if (version < 1 || version > 6) throw new Error(`LERC version ${version} unsupported`);
  const sizes = version >= 3 ? 14 : 10; // Past the checksum.
  const rows = view.getInt32(sizes, true);
  const width = view.getInt32(sizes + 4, true);
  const depth = version >= 4 ? view.getInt32(sizes + 8, true) : 1;
  if (rows !== size.rows || width !== size.width || depth < 1 || depth > size.samples) {
    throw new Error(
      `LERC of ${rows}×${width}×${depth} for ${size.rows}×${size.width}×${size.samples}`,
    );
  }
  // Valid pixels, micro-block, blob size, type; more fields in version 6; error, least and most.
  const counts = sizes + (version >= 4 ? 12 : 8);
  const valid = view.getInt32(counts, true);
  const length = view.getInt32(counts + 8, true);
  if (length < 62 || length > view.byteLength) throw new Error(`a LERC blob of ${length} bytes`);
  const maskAt = counts + 16 + (version >= 6 ? 24 : 0) + 24;
  const data = bytes.subarray(at, at + length);
  const pixels = rows * width;
  return { data, depth, mask: valid < pixels ? maskOf(data, maskAt, pixels, valid) : null };
}

/** Run-length coded: counts of 16 bits, positive for bytes as they are, negative for one repeated. */
function maskOf(blob: Uint8Array, at: number, pixels: number, valid: number): Uint8Array {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.length);
  const mask = new Uint8Array(Math.ceil(pixels / 8));
  if (valid === 0) return mask;
  const end = at + 4 + view.getInt32(at, true);
  if (end <= at + 4 || end > blob.length) throw new Error('a LERC mask cut off');
  for (let from = at + 4, to = 0; to < mask.length && from + 2 < end;) {
    const count = view.getInt16(from, true);
    from += 2;
    if (count > 0) {
      mask.set(blob.subarray(from, from + Math.min(count, mask.length - to)), to);
      from += count;
    } else mask.fill(blob[from++] ?? 0, to, to - count);
    to += Math.abs(count);
  }
  return mask;
}

function isValid(mask: Uint8Array | null, pixel: number): boolean {
  return mask === null || ((mask[pixel >> 3] ?? 0) & (128 >> (pixel & 7))) !== 0;
}
