import sharp from 'sharp';
import { assertPlausible, ByteFile, damagedFile } from '../byte-file.js';
import { isRasterError, reasonOf } from '../errors.js';
import { makeVariable, PLAIN } from '../make-variable.js';
import type { RasterFile, RasterVariable, Region } from '../raster-file.js';
import { affinePlacement } from './affine-placement.js';
import { readPictureHeader, type PictureHeader } from './picture-header.js';
import { readSidecar } from './sidecar.js';

/** Pictures up to this size are decoded whole and kept; of larger ones, the last window. */
const KEPT_BYTES = 1 << 26;

const COLOURS = ['red', 'green', 'blue', 'alpha'];

/**
 * Opens a PNG or JPEG: bands `band1`… [H,W] of 8 or 16 bits with their exact values. Palettes
 * become RGB; colour profiles are not applied; JPEG is decoded as libjpeg-turbo does. Where an alpha
 * band is 0, the others are missing. The place comes from an `.aux.xml` beside the file, else from
 * a world file with `.prj`.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat`
 */
export async function openPicture(path: string): Promise<RasterFile> {
  const file = await ByteFile.open(path);
  try {
    return await openImage(file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openImage(file: ByteFile): Promise<RasterFile> {
  const { path } = file;
  const header = await readPictureHeader(file);
  const { width, height, bands, bits } = header;
  const channels = channelsOf(header);
  assertPlausible(path, 'a picture', bytesOf(header), file.size);
  const sidecar = await readSidecar(path);
  const place = affinePlacement(
    sidecar.affine ?? sidecar.worldAffine,
    sidecar.crs ?? sidecar.worldCrs,
    height,
    width,
  );
  const pixels = pixelReader(file, header);
  const band =
    (number: number) =>
    async (region: Region): Promise<Uint8Array | Uint16Array> =>
      pickBand(await pixels(region), channels, number);
  const variables = Array.from({ length: bands }, (_, number): RasterVariable => {
    const said = sidecar.bands.get(number + 1);
    const isAlpha = header.alpha && number === bands - 1;
    return makeVariable({
      path,
      name: `band${number + 1}`,
      dims: ['y', 'x'],
      shape: [height, width],
      dtype: bits === 16 ? 'uint16' : 'uint8',
      units: said?.units ?? null,
      attributes: { colour_interpretation: colourOf(header, number) },
      ...(said && {
        decoding: {
          ...PLAIN,
          scale: said.scale,
          offset: said.offset,
          missing: said.nodata === null ? [] : [said.nodata],
        },
      }),
      placement: place,
      load: band(number),
      ...((header.alpha || header.transparent) &&
        !isAlpha && {
          loadMask: async (region: Region) =>
            Uint8Array.from(await band(channels - 1)(region), (value) => (value === 0 ? 0 : 1)),
        }),
    });
  });
  return {
    path,
    format: header.format,
    crs: place.crs,
    transform: place.transform,
    times: [],
    variables,
    attributes: {},
    close: () => file.close(),
  };
}

function colourOf({ bands, alpha }: PictureHeader, number: number): string {
  if (alpha && number === bands - 1) return 'alpha';
  return bands < 3 ? 'grey' : (COLOURS[number] ?? 'undefined');
}

/** Bands that decoding gives. */
function channelsOf({ bands, transparent }: PictureHeader): number {
  return bands + (transparent ? 1 : 0);
}

function bytesOf(header: PictureHeader): number {
  return header.width * header.height * channelsOf(header) * (header.bits === 16 ? 2 : 1);
}

type Pixels = Uint8Array | Uint16Array;

/** Pixels [H,W,C] of a region, whole pictures and the last window kept: bands share them. */
function pixelReader(file: ByteFile, header: PictureHeader): (region: Region) => Promise<Pixels> {
  const { width, height } = header;
  const channels = channelsOf(header);
  const small = bytesOf(header) <= KEPT_BYTES;
  const whole: Region = { start: [0, 0], count: [height, width] };
  let kept: { readonly key: string; readonly pixels: Promise<Pixels> } | undefined;
  const decoded = async (region: Region): Promise<Pixels> => {
    const key = [...region.start, ...region.count].join();
    if (kept?.key !== key) kept = { key, pixels: decode(file, header, region) };
    return kept.pixels;
  };
  return async (region) => {
    if (region.count.includes(0)) return new Uint8Array(0);
    return small ? cut(await decoded(whole), width, channels, region) : decoded(region);
  };
}

async function decode(
  file: ByteFile,
  header: PictureHeader,
  { start, count }: Region,
): Promise<Pixels> {
  const [top = 0, left = 0] = start;
  const [height = 0, width = 0] = count;
  const { bits, format } = header;
  const bands = channelsOf(header);
  const wide = bits === 16;
  // With 'b-w', sharp drops alpha; spread over three channels, grey keeps its values.
  const spread = !wide && bands === 2;
  const grey = bands < 3 && !spread;
  try {
    const image = sharp(await file.read(0, file.size), {
      // The header's size was found plausible before.
      limitInputPixels: false,
      failOn: 'error',
      ignoreIcc: true,
      sequentialRead: true,
    });
    const { data, info } = await image
      .extract({ left, top, width, height })
      .toColourspace(grey ? (wide ? 'grey16' : 'b-w') : wide ? 'rgb16' : 'srgb')
      .raw({ depth: wide ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const channels = spread ? 4 : bands;
    const samples = width * height * channels;
    if (info.channels !== channels || data.length !== samples * (wide ? 2 : 1)) {
      throw new Error(`${info.width}×${info.height} pixels of ${info.channels} bands`);
    }
    // sharp's buffers are aligned, but need not be their own.
    const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.length);
    const pixels = wide ? new Uint16Array(bytes) : new Uint8Array(bytes);
    if (bits < 8) squeezeInto(pixels, bits);
    if (!spread) return pixels;
    return Uint8Array.from({ length: width * height * 2 }, (_, i) => pixels[2 * i + (i % 2)] ?? 0);
  } catch (cause) {
    if (isRasterError(cause)) throw cause;
    throw damagedFile(
      file.path,
      `a whole ${format === 'png' ? 'PNG' : 'JPEG'} of ${header.width}×${header.height}`,
      reasonOf(cause),
      cause,
    );
  }
}

/** Grey of fewer than 8 bits comes spread over 0 to 255; labels want their own numbers. */
function squeezeInto(pixels: Pixels, bits: number): void {
  const unit = 255 / (2 ** bits - 1);
  for (let i = 0; i < pixels.length; i++) pixels[i] = Math.round((pixels[i] ?? 0) / unit);
}

function cut(pixels: Pixels, width: number, bands: number, { start, count }: Region): Pixels {
  const [top = 0, left = 0] = start;
  const [height = 0, columns = 0] = count;
  if (columns === width) {
    return pixels.subarray(top * width * bands, (top + height) * width * bands);
  }
  const out = pixels.slice(0, height * columns * bands);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * width + left) * bands;
    out.set(pixels.subarray(from, from + columns * bands), row * columns * bands);
  }
  return out;
}

function pickBand(pixels: Pixels, bands: number, number: number): Pixels {
  if (bands === 1) return pixels.slice();
  const out = pixels.slice(0, pixels.length / bands);
  for (let i = 0; i < out.length; i++) out[i] = pixels[i * bands + number] ?? 0;
  return out;
}
