import { stat } from 'node:fs/promises';
import { fromFile, type GeoTIFFImage, type TypedArray } from 'geotiff';
import ndarray from 'ndarray';
import { RasterError, reasonOf } from './errors.js';
import { georeference } from './geotiff-frame.js';
import { assertFile } from './read-bytes.js';
import type { Raster, Transform } from './raster.js';

/** Values of TIFF's PhotometricInterpretation. */
const PHOTOMETRIC = { rgb: 2, ycbcr: 6 } as const;

/** A rectangle of pixels, rows counted from the north. */
export interface Window {
  /** First row. */
  readonly row: number;
  /** First column. */
  readonly column: number;
  /** Rows, at least 1. */
  readonly height: number;
  /** Columns, at least 1. */
  readonly width: number;
}

export interface ReadGeoTiffOptions {
  /** The part to read; its transform is shifted accordingly. @default the whole image */
  readonly window?: Window;
}

/**
 * The first image of a GeoTIFF (any compression that geotiff.js knows, tiled or stripped, BigTIFF,
 * overviews ignored): [H,W,C], with CRS and north-up transform.
 *
 * 8-bit unsigned files give `kind: 'bytes'`, everything else `kind: 'values'` in float32 (integers
 * above 2^24 and doubles lose digits). The nodata value becomes NaN, or mask 0 in bytes. In RGB and
 * RGBA files, pixels with alpha 0 and pure black ones are missing: imagery services fill the gaps
 * between swaths with opaque black.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat`, `WrongShape` (window)
 */
export async function readGeoTiff(path: string, options: ReadGeoTiffOptions = {}): Promise<Raster> {
  await assertFile(path);
  try {
    const tiff = await fromFile(path);
    try {
      return await readFirstImage(path, await tiff.getImage(0), options);
    } finally {
      await tiff.close();
    }
  } catch (cause) {
    if (cause instanceof RasterError) throw cause;
    const reason = reasonOf(cause);
    const unsupported = /unknown compression|unsupported|not supported|not available/i.test(reason);
    throw new RasterError(
      unsupported ? 'UnsupportedFormat' : 'DamagedFile',
      `${path}: expected a whole GeoTIFF. Received: ${reason}. ${unsupported ? 'Convert it, e.g. with gdal_translate -co COMPRESS=DEFLATE.' : 'Copy or make the file again.'}`,
      { cause },
    );
  }
}

async function readFirstImage(
  path: string,
  image: GeoTIFFImage,
  options: ReadGeoTiffOptions,
): Promise<Raster> {
  await assertNotTruncated(path, image);
  const full = { row: 0, column: 0, height: image.getHeight(), width: image.getWidth() };
  const window = options.window ?? full;
  assertInside(path, window, full);
  const { crs, transform, southUp } = georeference(path, image);
  const { row, column, height, width } = window;
  const top = southUp ? full.height - row - height : row;
  const part = [column, top, column + width, top + height];
  const values = await readSamples(image, part);
  if (southUp) flipRows(values, height);
  const frame = {
    crs,
    transform: transform && shift(transform, row, column),
    time: null,
    units: null,
  };
  const nodata = nodataOf(image);
  if (values instanceof Uint8Array) {
    const { data, mask } = splitBytes(values, layoutOf(image), nodata);
    return { kind: 'bytes', array: ndarray(data, shapeOf(data, height, width)), mask, ...frame };
  }
  const { data, mask } = splitValues(values, height * width, nodata);
  return { kind: 'values', array: ndarray(data, shapeOf(data, height, width)), mask, ...frame };
}

async function readSamples(image: GeoTIFFImage, window: number[]): Promise<TypedArray> {
  // JPEG inside TIFF mostly holds YCbCr, which only readRGB turns into colours.
  return photometricOf(image) === PHOTOMETRIC.ycbcr
    ? Uint8Array.from(await image.readRGB({ interleave: true, window }))
    : image.readRasters({ interleave: true, window });
}

function shapeOf(data: Float32Array | Uint8Array, height: number, width: number) {
  return [height, width, data.length / (height * width)];
}

function photometricOf(image: GeoTIFFImage): number | undefined {
  return image.getFileDirectory().getValue('PhotometricInterpretation');
}

/** What the samples of a pixel are. */
interface Layout {
  readonly samples: number;
  /** Index of the alpha sample, −1 without one. */
  readonly alpha: number;
  /** Whether the samples beside alpha are red, green and blue. */
  readonly colour: boolean;
}

function layoutOf(image: GeoTIFFImage): Layout {
  const samples = image.getSamplesPerPixel();
  const extra: number[] = Array.from(
    image.getFileDirectory().getValue('ExtraSamples') ?? [],
    Number,
  );
  const alphaIndex = extra.findIndex((kind) => kind === 1 || kind === 2);
  const alpha = alphaIndex < 0 ? -1 : samples - extra.length + alphaIndex;
  const photometric = photometricOf(image);
  const inColour = photometric === PHOTOMETRIC.rgb || photometric === PHOTOMETRIC.ycbcr;
  return { samples, alpha, colour: inColour && (alpha < 0 ? samples : samples - 1) === 3 };
}

function splitBytes(values: Uint8Array, layout: Layout, nodata: number | null) {
  const { samples, alpha, colour } = layout;
  const bands = alpha < 0 ? samples : samples - 1;
  const mask = new Uint8Array(values.length / samples);
  const data = new Uint8Array(mask.length * bands);
  for (let i = 0; i < mask.length; i++) {
    let equal = 0;
    let sum = 0;
    for (let s = 0, b = 0; s < samples; s++) {
      if (s === alpha) continue;
      const value = values[i * samples + s] ?? 0;
      data[i * bands + b++] = value;
      sum += value;
      if (value === nodata) equal += 1;
    }
    // One band of a colour may well equal nodata; only all three together mean missing.
    const missing = colour ? sum === 0 || equal === bands : equal > 0;
    mask[i] = missing || (alpha >= 0 && values[i * samples + alpha] === 0) ? 0 : 1;
  }
  return { data, mask };
}

function splitValues(values: TypedArray, pixels: number, nodata: number | null) {
  const data = Float32Array.from(values);
  const mask = new Uint8Array(pixels).fill(1);
  const bands = data.length / pixels;
  // Compared in the file's own precision: a nodata of -3.4e38 is written as a double.
  const missing = values instanceof Float32Array && nodata !== null ? Math.fround(nodata) : nodata;
  for (let i = 0; i < data.length; i++) {
    if (values[i] === missing) data[i] = NaN;
    if (Number.isNaN(data[i])) mask[Math.floor(i / bands)] = 0;
  }
  return { data, mask };
}

/** geotiff.js reads zeros beyond the end of a file, so that its blocks must be checked first. */
async function assertNotTruncated(path: string, image: GeoTIFFImage): Promise<void> {
  const directory = image.getFileDirectory();
  const name = image.isTiled ? 'Tile' : 'Strip';
  const offsets = await directory.loadValue(`${name}Offsets`);
  const counts = await directory.loadValue(`${name}ByteCounts`);
  const { size } = await stat(path);
  let end = 0;
  for (let i = 0; i < (offsets?.length ?? 0); i++) {
    end = Math.max(end, Number(offsets?.[i]) + Number(counts?.[i]));
  }
  if (end > size) {
    throw new RasterError(
      'DamagedFile',
      `${path}: expected at least ${end} bytes. Received: ${size}. The file is truncated; copy it again.`,
    );
  }
}

function assertInside(path: string, window: Window, full: Window): void {
  const { row, column, height, width } = window;
  const whole = [row, column, height, width].every((value) => Number.isInteger(value));
  const inside = row >= 0 && column >= 0 && height > 0 && width > 0;
  if (whole && inside && row + height <= full.height && column + width <= full.width) return;
  throw new RasterError(
    'WrongShape',
    `${path}: expected a window inside ${full.height} rows × ${full.width} columns. Received: row ${row}, column ${column}, ${height}×${width}. Cut the window to the image.`,
  );
}

function nodataOf(image: GeoTIFFImage): number | null {
  const text = image.getFileDirectory().getValue('GDAL_NODATA');
  if (typeof text !== 'string') return null;
  const value = Number(text.replace(/\0+$/, '').trim());
  return Number.isNaN(value) ? null : value;
}

function shift(transform: Transform, row: number, column: number): Transform {
  const [x0, dx, , y0, , dy] = transform;
  return [x0 + column * dx, dx, 0, y0 + row * dy, 0, dy];
}

function flipRows(values: TypedArray, height: number): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const line = bytes.length / height;
  for (let top = 0, bottom = height - 1; top < bottom; top++, bottom--) {
    const kept = bytes.slice(top * line, (top + 1) * line);
    bytes.copyWithin(top * line, bottom * line, (bottom + 1) * line);
    bytes.set(kept, bottom * line);
  }
}
