import { ByteFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import { makeVariable } from '../make-variable.js';
import type {
  Attributes,
  Decoding,
  Placement,
  RasterFile,
  RasterVariable,
  Region,
} from '../raster-file.js';
import { acquisitionTime } from './acquisition-time.js';
import { readDirectories, type TiffDirectory } from './directory.js';
import { parseGdalMetadata, type GdalItem } from './gdal-metadata.js';
import { readGeoreference, type Georeference } from './georeference.js';
import { readLayout, type ImageLayout } from './image-layout.js';
import { imageReader, type ImageReader } from './image-reader.js';
import { PHOTOMETRIC, SUBFILE, TAG } from './tags.js';

/** Text tags that become attributes, under the names that GDAL gives them. */
const TEXTS = {
  TIFFTAG_DOCUMENTNAME: TAG.documentName,
  TIFFTAG_IMAGEDESCRIPTION: TAG.imageDescription,
  TIFFTAG_SOFTWARE: TAG.software,
  TIFFTAG_DATETIME: TAG.dateTime,
  TIFFTAG_ARTIST: TAG.artist,
  TIFFTAG_COPYRIGHT: TAG.copyright,
};

/** One image of the file, and what lies beside it. */
interface Page {
  readonly directory: TiffDirectory;
  readonly layout: ImageLayout;
  readonly subfile: number;
}

/**
 * Opens a GeoTIFF, BigTIFF or COG: every band is a variable [H,W], named by its description or
 * `band1`…; further images of the same size are further bands.
 *
 * Palettes: the value is the index, the colours are in the attribute `palette` (r, g, b of each
 * index, 0 to 255). JPEG in YCbCr comes out as RGB. What is missing: a mask image of the file, else
 * nodata, else alpha 0, as in GDAL; the alpha band is a band too (`colour_interpretation` says
 * which). Files that lie askew have their corners as control points instead of a transform. A time
 * is given where the metadata name the acquisition; the TIFF's own DateTime is an attribute alone.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat`
 */
export async function openGeoTiff(path: string): Promise<RasterFile> {
  const file = await ByteFile.open(path);
  try {
    return await readHeaders(file);
  } catch (cause) {
    await file.close();
    if (cause instanceof RasterError) throw cause;
    // What the header sent out of range: a view, a text, an array length.
    throw new RasterError(
      'DamagedFile',
      `${path}: expected the headers of a TIFF. Received: ${String(cause)}. Copy or download the file again.`,
      { cause },
    );
  }
}

async function readHeaders(file: ByteFile): Promise<RasterFile> {
  const { path } = file;
  const [first, ...others] = await readDirectories(file);
  if (!first) throw new RasterError('DamagedFile', `${path}: expected an image. Received: none.`);
  const main = await readPage(file, first);
  const pages = [main];
  const overviews: Page[] = [];
  const masks: Page[] = [];
  for (const directory of others) {
    const subfile = (await directory.numbers(TAG.subfileType))?.[0] ?? 0;
    const size = await sizeOf(directory);
    const same = size.height === main.layout.height && size.width === main.layout.width;
    if ((subfile & SUBFILE.mask) !== 0) masks.push(await readPage(file, directory));
    else if ((subfile & SUBFILE.reduced) !== 0) {
      const page = await readPage(file, directory);
      if (page.layout.samples === main.layout.samples) overviews.push(page);
    } else if (same) pages.push(await readPage(file, directory));
  }
  overviews.sort((a, b) => b.layout.width * b.layout.height - a.layout.width * a.layout.height);

  const place = await readGeoreference(path, first, main.layout.height, main.layout.width);
  const variables: RasterVariable[] = [];
  for (const page of pages) {
    // Reduced images belong to the first one.
    const reduced = page === main ? overviews : [];
    variables.push(...(await bandsOf(file, page, reduced, masks, place, variables.length)));
  }
  return {
    path,
    format: 'geotiff',
    crs: place.crs,
    transform: place.transform,
    times: variables.find(({ times }) => times.length > 0)?.times ?? [],
    variables: named(variables),
    attributes: await fileAttributes(first, place),
    close: () => file.close(),
  };
}

async function readPage(file: ByteFile, directory: TiffDirectory): Promise<Page> {
  const subfile = (await directory.numbers(TAG.subfileType))?.[0] ?? 0;
  return { directory, layout: await readLayout(file, directory), subfile };
}

async function sizeOf(directory: TiffDirectory) {
  const width = (await directory.numbers(TAG.width))?.[0] ?? 0;
  return { width, height: (await directory.numbers(TAG.height))?.[0] ?? 0 };
}

async function bandsOf(
  file: ByteFile,
  page: Page,
  overviews: readonly Page[],
  masks: readonly Page[],
  place: Georeference,
  before: number,
): Promise<RasterVariable[]> {
  const { directory, layout } = page;
  const items = parseGdalMetadata((await directory.text(TAG.gdalMetadata)) ?? '');
  const nodata = nodataOf(await directory.text(TAG.gdalNodata));
  const palette = await paletteOf(directory, layout);
  const interpretation = await interpretationOf(directory, layout, palette !== null);
  const alpha = interpretation.indexOf('alpha');
  const empty = nodata !== null && Number.isFinite(nodata) ? nodata : 0;
  const readers = [layout, ...overviews.map((overview) => overview.layout)].map((part) => ({
    image: imageReader(file, part, empty),
    mask: maskReader(file, masks, part),
  }));
  const time = acquisitionTime(items.filter(({ band }) => band === null));

  return Array.from({ length: layout.samples }, (_, band) => {
    const own = items.filter((item) => item.band === band);
    const role = (name: string): string | undefined =>
      own.find((item) => item.role === name)?.value;
    const units = role('unittype') || null;
    const decoding: Decoding = {
      scale: numberOr(role('scale'), 1),
      offset: numberOr(role('offset'), 0),
      missing: nodata === null || Number.isNaN(nodata) ? [] : [nodata],
      validMin: -Infinity,
      validMax: Infinity,
    };
    const bandTime = acquisitionTime(own) ?? time;
    const attributes: Attributes = {
      colour_interpretation: interpretation[band] ?? 'undefined',
      ...(palette && { palette }),
      ...plainItems(own),
    };
    const copies = readers.map(({ image, mask }): RasterVariable => {
      const { height, width } = image.layout;
      return makeVariable({
        path: file.path,
        name: role('description') || `band${before + band + 1}`,
        dims: ['y', 'x'],
        shape: [height, width],
        dtype: image.layout.dtype,
        units,
        attributes,
        decoding,
        times: bandTime ? [bandTime] : [],
        placement: placementOf(place, layout, image.layout),
        chunkShape: [
          Math.min(height, image.layout.blockHeight),
          Math.min(width, image.layout.blockWidth),
        ],
        load: (region) => readBox(image, band, region),
        ...(mask
          ? {
              loadMask: (region) => validity(mask, Math.min(band, mask.layout.samples - 1), region),
            }
          : alpha >= 0 && alpha !== band && nodata === null
            ? { loadMask: (region) => validity(image, alpha, region) }
            : {}),
      });
    });
    const [full, ...smaller] = copies;
    return full ? { ...full, overviews: smaller } : undefined;
  }).filter((variable) => variable !== undefined);
}

async function readBox(image: ImageReader, band: number, { start, count }: Region) {
  const [row = 0, column = 0] = start;
  const [height = 0, width = 0] = count;
  return image.read(band, row, column, height, width);
}

/** [count] 0 where a mask or alpha band is 0, else 1. */
async function validity(image: ImageReader, band: number, region: Region): Promise<Uint8Array> {
  const stored = await readBox(image, band, region);
  const valid = new Uint8Array(stored.length);
  for (let i = 0; i < valid.length; i++) valid[i] = stored[i] === 0 ? 0 : 1;
  return valid;
}

/** The mask image of the same size; its pixels are 0 where the image has none. */
function maskReader(
  file: ByteFile,
  masks: readonly Page[],
  { height, width }: ImageLayout,
): ImageReader | null {
  const page = masks.find(({ layout }) => layout.height === height && layout.width === width);
  return page ? imageReader(file, page.layout, 0) : null;
}

function placementOf(place: Georeference, full: ImageLayout, part: ImageLayout): Placement {
  const down = full.height / part.height;
  const across = full.width / part.width;
  const { transform: t, controlPoints } = place;
  return {
    rowAxis: 0,
    columnAxis: 1,
    rowsFromSouth: place.rowsFromSouth,
    columnsFromEast: place.columnsFromEast,
    crs: place.crs,
    transform: t && [t[0], t[1] * across, 0, t[3], 0, t[5] * down],
    ...(controlPoints.length > 0 && {
      controlPoints: controlPoints.map((point) => ({
        ...point,
        row: point.row / down,
        column: point.column / across,
      })),
    }),
  };
}

/** GDAL's words for what each band shows. */
async function interpretationOf(
  directory: TiffDirectory,
  { photometric, samples }: ImageLayout,
  hasPalette: boolean,
): Promise<string[]> {
  const extra = Array.from((await directory.numbers(TAG.extraSamples)) ?? []);
  const colours =
    photometric === PHOTOMETRIC.rgb || photometric === PHOTOMETRIC.ycbcr
      ? ['red', 'green', 'blue']
      : [hasPalette ? 'palette' : 'grey'];
  return Array.from({ length: samples }, (_, band) => {
    const kind = extra[band - (samples - extra.length)];
    return kind === 1 || kind === 2 ? 'alpha' : (colours[band] ?? 'undefined');
  });
}

async function paletteOf(directory: TiffDirectory, layout: ImageLayout): Promise<number[] | null> {
  // GDAL takes a colour map for one even where the image is called grey.
  if (layout.bits > 16) return null;
  const map = await directory.numbers(TAG.colourMap);
  const entries = map ? Math.floor(map.length / 3) : 0;
  if (!map || entries === 0) return null;
  // Stored as all reds, all greens, all blues; some writers use 8 of the 16 bits.
  const unit = map.every((value) => value < 256) ? 1 : 257;
  const colours: number[] = [];
  // 16-bit values have 65,536 entries, mostly black ones after the last that is used.
  let used = entries;
  const isBlack = (entry: number): boolean =>
    map[entry] === 0 && map[entries + entry] === 0 && map[2 * entries + entry] === 0;
  while (used > 1 && isBlack(used - 1)) used -= 1;
  for (let entry = 0; entry < used; entry++) {
    for (const channel of [0, 1, 2]) {
      colours.push(Math.floor((map[channel * entries + entry] ?? 0) / unit));
    }
  }
  return colours;
}

async function fileAttributes(directory: TiffDirectory, place: Georeference): Promise<Attributes> {
  const attributes: Record<string, string> = {};
  for (const [name, tag] of Object.entries(TEXTS)) {
    const text = await directory.text(tag);
    if (text) attributes[name] = text;
  }
  if (place.transform || place.controlPoints.length > 0) {
    attributes['AREA_OR_POINT'] = place.pixelIsPoint ? 'Point' : 'Area';
  }
  const items = parseGdalMetadata((await directory.text(TAG.gdalMetadata)) ?? '');
  return { ...attributes, ...plainItems(items.filter(({ band }) => band === null)) };
}

function plainItems(items: readonly GdalItem[]): Record<string, string> {
  return Object.fromEntries(
    items.filter(({ role, name }) => role === null && name).map(({ name, value }) => [name, value]),
  );
}

function nodataOf(text: string | null): number | null {
  const trimmed = text?.trim().toLowerCase() ?? '';
  if (trimmed === '') return null;
  if (/^[-+]?nan/.test(trimmed)) return NaN;
  if (/^[-+]?inf/.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  const value = Number(trimmed);
  return Number.isNaN(value) ? null : value;
}

function numberOr(text: string | undefined, otherwise: number): number {
  const value = Number(text ?? NaN);
  return Number.isFinite(value) ? value : otherwise;
}

/** Names that occur twice give way to `band1`…, so that each means one band. */
function named(variables: readonly RasterVariable[]): RasterVariable[] {
  const counts = new Map<string, number>();
  for (const { name } of variables) counts.set(name, (counts.get(name) ?? 0) + 1);
  return variables.map((variable, i) => {
    const name = (counts.get(variable.name) ?? 0) > 1 ? `band${i + 1}` : variable.name;
    return { ...variable, name };
  });
}
