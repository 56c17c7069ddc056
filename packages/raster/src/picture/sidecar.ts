import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, join, basename } from 'node:path';
import { identifyCrs, metresPerUnit } from '../crs/crs.js';
import { isRasterError, RasterError } from '../errors.js';
import type { Transform } from '../raster.js';

/** What GDAL keeps about a band in the file beside the image. */
export interface SidecarBand {
  readonly nodata: number | null;
  readonly scale: number;
  readonly offset: number;
  readonly units: string | null;
}

/** Place and bands of an image as the files beside it have them. */
export interface Sidecar {
  /** Of `.aux.xml`, which goes before what the image itself says. */
  readonly crs: string | null;
  /** In metres or degrees, whatever the CRS's own unit. */
  readonly affine: Transform | null;
  /** By number, from 1. */
  readonly bands: ReadonlyMap<number, SidecarBand>;
  /** Of the world file and `.prj`, for images that say nothing themselves. */
  readonly worldCrs: string | null;
  readonly worldAffine: Transform | null;
}

/** World files are six lines, `.aux.xml` may hold histograms. */
const LONGEST = 1 << 24;

/**
 * Reads the files that place an image without a place of its own: GDAL's `NAME.EXT.aux.xml`, and a
 * world file (`.pgw`, `.pngw`, `.wld` … by the image's extension) with a `.prj`.
 *
 * @throws RasterError `DamagedFile` for a world file that is not six numbers
 */
export async function readSidecar(path: string): Promise<Sidecar> {
  const extension = extname(path).slice(1);
  const stem = join(dirname(path), basename(path, extname(path)));
  const short = `${extension.slice(0, 1)}${extension.slice(-1)}w`;
  const xml = (await readText(`${path}.aux.xml`)) ?? '';
  const [world] = await firstOf(stem, [short, `${extension}w`, 'wld']);
  const [projection] = await firstOf(stem, ['prj']);
  const srs = textOf(xml, 'SRS');
  const prj = projection?.trim() ?? '';
  const place = transformOf(numbersOf(textOf(xml, 'GeoTransform')), unitOf(srs));
  return {
    crs: srs ? identifyCrs(srs) : null,
    affine: place,
    bands: bandsOf(xml),
    worldCrs: prj === '' ? null : identifyCrs(prj),
    worldAffine: world === undefined ? null : worldTransform(path, world, unitOf(prj || srs)),
  };
}

/** Metres in the unit of a CRS; 1 where its text is none that is known. */
function unitOf(text: string | null): number {
  try {
    return text ? metresPerUnit(text) : 1;
  } catch (error) {
    if (isRasterError(error, 'UnsupportedFormat')) return 1;
    throw error;
  }
}

/** The first of some files that is there; names are tried in small and capital letters. */
async function firstOf(stem: string, extensions: readonly string[]): Promise<string[]> {
  for (const extension of extensions.flatMap((name) => [name.toLowerCase(), name.toUpperCase()])) {
    const text = await readText(`${stem}.${extension}`);
    if (text !== null) return [text];
  }
  return [];
}

async function readText(path: string): Promise<string | null> {
  const entry = await stat(path).catch(() => null);
  return entry?.isFile() && entry.size <= LONGEST ? readFile(path, 'utf8') : null;
}

/** Lines dx, ry, rx, dy, then the centre of the first pixel. */
function worldTransform(path: string, text: string, unit: number): Transform {
  const [dx, ry, rx, dy, x, y] = text.trim().split(/\s+/).slice(0, 6).map(Number);
  const centred = [
    (x ?? NaN) - ((dx ?? NaN) + (rx ?? NaN)) / 2,
    dx ?? NaN,
    rx ?? NaN,
    (y ?? NaN) - ((ry ?? NaN) + (dy ?? NaN)) / 2,
    ry ?? NaN,
    dy ?? NaN,
  ];
  const found = transformOf(centred, unit);
  if (found) return found;
  throw new RasterError(
    'DamagedFile',
    `${path}: expected six numbers in the world file beside it. Received: ${JSON.stringify(text.slice(0, 80))}. Repair or remove the world file.`,
  );
}

function transformOf(numbers: readonly number[], unit: number): Transform | null {
  const [x0, dx, rx, y0, ry, dy] = numbers.map((number) => number * unit);
  if (numbers.length !== 6 || !numbers.every(Number.isFinite)) return null;
  return [x0 ?? 0, dx ?? 0, rx ?? 0, y0 ?? 0, ry ?? 0, dy ?? 0];
}

function bandsOf(xml: string): ReadonlyMap<number, SidecarBand> {
  const bands = new Map<number, SidecarBand>();
  for (const piece of xml.split('<PAMRasterBand').slice(1)) {
    const number = /^[^>]*\bband\s*=\s*["'](\d+)/.exec(piece)?.[1];
    const nodata = Number.parseFloat(textOf(piece, 'NoDataValue') ?? '');
    bands.set(Number(number), {
      nodata: Number.isFinite(nodata) ? nodata : null,
      scale: finite(textOf(piece, 'Scale')) ?? 1,
      offset: finite(textOf(piece, 'Offset')) ?? 0,
      units: textOf(piece, 'UnitType'),
    });
  }
  return bands;
}

function textOf(xml: string, name: string): string | null {
  const open = new RegExp(`<${name}\\b[^>]*>`).exec(xml);
  if (!open) return null;
  const start = open.index + open[0].length;
  const end = xml.indexOf(`</${name}>`, start);
  return end < 0 ? null : unescaped(xml.slice(start, end)).trim() || null;
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function numbersOf(text: string | null): number[] {
  return (text ?? '').split(',').map((part) => finite(part) ?? NaN);
}

function finite(text: string | null): number | null {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value : null;
}
