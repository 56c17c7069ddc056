import { makeVariable } from '../make-variable.js';
import type { Attributes, Decoding, Placement, RasterVariable, Region } from '../raster-file.js';
import { acquisitionTime } from './acquisition-time.js';
import type { TiffBytes, TiffDirectory } from './directory.js';
import { parseGdalMetadata } from './gdal-metadata.js';
import type { Georeference } from './georeference.js';
import { interpretationOf, paletteOf, plainItems } from './image-attributes.js';
import type { ImageLayout } from './image-layout.js';
import { imageReader, type ImageReader } from './image-reader.js';
import type { PlaceAndBands } from './place.js';
import { TAG } from './tags.js';

/** One image of the file, and what lies beside it. */
export interface Page {
  readonly directory: TiffDirectory;
  readonly layout: ImageLayout;
}

/**
 * The bands of an image with its overviews, over the mask images of the file.
 *
 * @param before bands that the images before it have.
 * @throws RasterError `DamagedFile`
 */
export async function bandsOf(
  file: TiffBytes,
  page: Page,
  overviews: readonly Page[],
  masks: readonly Page[],
  { place, bands: beside }: PlaceAndBands,
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
    const other = beside.get(before + band + 1);
    const units = role('unittype') || other?.units || null;
    const missing = nodata ?? other?.nodata ?? null;
    const decoding: Decoding = {
      scale: numberOr(role('scale'), other?.scale ?? 1),
      offset: numberOr(role('offset'), other?.offset ?? 0),
      missing: missing === null || Number.isNaN(missing) ? [] : [missing],
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
          : alpha >= 0 && alpha !== band && missing === null
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
  file: TiffBytes,
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
