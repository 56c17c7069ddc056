import sharp from 'sharp';
import { writeFileAtomic } from './atomic-file.js';
import { RasterError, reasonOf } from './errors.js';
import type { Image } from './image.js';
import { readBytes } from './read-bytes.js';
import { readRaster } from './read-raster.js';

/**
 * The picture in a PNG, JPEG or 8-bit GeoTIFF file, told apart by content, not by name.
 *
 * Grey stays one channel with its exact values (label maps survive), palettes become RGB, 16-bit
 * PNG becomes 8-bit. A GeoTIFF with missing pixels becomes RGBA, alpha 0 where missing.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat`
 */
export async function readImage(path: string): Promise<Image> {
  const bytes = await readBytes(path);
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic.startsWith('II') || magic.startsWith('MM')) return readTiff(path);
  if (!magic.startsWith('\x89PNG') && !magic.startsWith('\xff\xd8')) {
    const received = bytes.length === 0 ? 'an empty file' : `first bytes ${hex(bytes)}`;
    throw new RasterError(
      bytes.length === 0 ? 'DamagedFile' : 'UnsupportedFormat',
      `${path}: expected a PNG, JPEG or GeoTIFF image. Received: ${received}. Convert it to PNG.`,
    );
  }
  try {
    const { space, hasAlpha } = await sharp(bytes, { ignoreIcc: true }).metadata();
    const grey = (space === 'b-w' || space === 'grey16') && !hasAlpha;
    // Left alone, sharp spreads grey over three channels.
    const pipeline = sharp(bytes, { ignoreIcc: true }).toColourspace(grey ? 'b-w' : 'srgb');
    const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    if (channels !== 1 && channels !== 3 && channels !== 4) throw new Error(`${channels} channels`);
    return { data: Uint8Array.from(data), width, height, channels };
  } catch (cause) {
    throw new RasterError(
      'DamagedFile',
      `${path}: expected a whole PNG or JPEG image. Received: ${reasonOf(cause)}. Copy or make the file again.`,
      { cause },
    );
  }
}

/**
 * Writes an image as PNG, whole or not at all; `readImage` gives the same bytes back.
 *
 * @throws RasterError `WrongShape` where data and size do not fit, `WriteFailed`
 */
export async function writePng(path: string, image: Image): Promise<void> {
  const { data, width, height, channels } = image;
  if (data.length !== width * height * channels || data.length === 0) {
    throw new RasterError(
      'WrongShape',
      `${path}: expected ${width}×${height}×${channels} = ${width * height * channels} bytes of pixels, at least one. Received: ${data.length}. Give width, height and channels of this data.`,
    );
  }
  const png = sharp(data, { raw: { width, height, channels } });
  if (channels === 1) png.toColourspace('b-w');
  await writeFileAtomic(path, await png.png({ compressionLevel: 6 }).toBuffer());
}

async function readTiff(path: string): Promise<Image> {
  const raster = await readRaster(path);
  const [height = 0, width = 0, bands = 0] = raster.array.shape;
  if (raster.kind !== 'bytes' || (bands !== 1 && bands !== 3)) {
    throw new RasterError(
      'UnsupportedFormat',
      `${path}: expected an 8-bit TIFF with 1 (grey), 3 (RGB) or 4 (RGBA) bands. Received: ${bands} ${raster.kind === 'bytes' ? '8-bit' : 'wider'} bands. Read it with readRaster.`,
    );
  }
  const { data } = raster.array;
  if (bands === 1 || !raster.mask.includes(0)) return { data, width, height, channels: bands };
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    rgba.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
    rgba[4 * i + 3] = raster.mask[i] === 1 ? 255 : 0;
  }
  return { data: rgba, width, height, channels: 4 };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 4)).toString('hex');
}
