import { bytesPerElement } from '../make-variable.js';
import { formatGdalMetadata, type GdalItem } from './gdal-metadata.js';
import { FIELD_TYPE, PHOTOMETRIC, SAMPLE_FORMAT, SUBFILE, TAG } from './tags.js';
import { geoKeysOf } from './write-geo-keys.js';
import type { Field } from './write-header.js';
import type { TileEncoding } from './write-level.js';
import type { GeoTiffSource } from './write-source.js';

const { short, long, double, ascii } = FIELD_TYPE;

/** Entries of a TIFF palette for 8-bit values. */
const PALETTE_ENTRIES = 256;

/** Values of ExtraSamples: no meaning, or opacity that colours were not multiplied with. */
const EXTRA = { none: 0, alpha: 2 } as const;

/**
 * The tags of each size of an image, except where its tiles lie; CRS, place and metadata stand at
 * the full size alone.
 *
 * @throws RasterError `UnsupportedFormat` for a CRS that is none
 */
export function levelFields(
  source: GeoTiffSource,
  encoding: TileEncoding,
  compression: number,
): (height: number, width: number, isOverview: boolean) => Field[] {
  const { dtype, alpha = false, palette, nodata } = source;
  const bands = source.bands.length;
  const colours = bands - (alpha ? 1 : 0);
  const isRgb = dtype === 'uint8' && colours === 3;
  const photometric = palette
    ? PHOTOMETRIC.palette
    : isRgb
      ? PHOTOMETRIC.rgb
      : PHOTOMETRIC.blackIsZero;
  const extra = bands - (isRgb ? 3 : 1);
  const format = dtype.startsWith('u')
    ? SAMPLE_FORMAT.unsigned
    : dtype.startsWith('i')
      ? SAMPLE_FORMAT.signed
      : SAMPLE_FORMAT.float;
  const perBand = (value: number): number[] => new Array<number>(bands).fill(value);
  const common: Field[] = [
    { tag: TAG.bitsPerSample, type: short, values: perBand(8 * bytesPerElement(dtype)) },
    { tag: TAG.compression, type: short, values: [compression] },
    { tag: TAG.photometric, type: short, values: [photometric] },
    { tag: TAG.samplesPerPixel, type: short, values: [bands] },
    { tag: TAG.planarConfiguration, type: short, values: [1] },
    { tag: TAG.tileWidth, type: short, values: [encoding.tileSize] },
    { tag: TAG.tileHeight, type: short, values: [encoding.tileSize] },
    { tag: TAG.sampleFormat, type: short, values: perBand(format) },
  ];
  if (encoding.predictor !== 1) {
    common.push({ tag: TAG.predictor, type: short, values: [encoding.predictor] });
  }
  if (palette) common.push({ tag: TAG.colourMap, type: short, values: colourMap(palette) });
  if (extra > 0) {
    const kinds = new Array<number>(extra).fill(EXTRA.none);
    if (alpha) kinds[extra - 1] = EXTRA.alpha;
    common.push({ tag: TAG.extraSamples, type: short, values: kinds });
  }
  if (nodata !== null) {
    const text = Number.isNaN(nodata) ? 'nan' : String(nodata).replace('Infinity', 'inf');
    common.push({ tag: TAG.gdalNodata, type: ascii, values: textBytes(text) });
  }
  const once = [...placeFields(source), ...metadataFields(source)];
  return (height, width, isOverview) => [
    { tag: TAG.subfileType, type: long, values: [isOverview ? SUBFILE.reduced : 0] },
    { tag: TAG.width, type: long, values: [width] },
    { tag: TAG.height, type: long, values: [height] },
    ...common,
    ...(isOverview ? [] : once),
  ];
}

function placeFields({ transform, controlPoints = [], crs }: GeoTiffSource): Field[] {
  const fields: Field[] = [];
  if (transform) {
    const [x0, dx, , y0, , dy] = transform;
    fields.push({ tag: TAG.pixelScale, type: double, values: [dx, -dy, 0] });
    fields.push({ tag: TAG.tiePoints, type: double, values: [0, 0, 0, x0, y0, 0] });
  } else if (controlPoints.length > 0) {
    const values = controlPoints.flatMap(({ row, column, x, y }) => [column, row, 0, x, y, 0]);
    fields.push({ tag: TAG.tiePoints, type: double, values });
  }
  if (crs !== null) {
    const { directory, doubles, text } = geoKeysOf(crs);
    fields.push({ tag: TAG.geoKeys, type: short, values: directory });
    if (doubles.length > 0) fields.push({ tag: TAG.geoDoubles, type: double, values: doubles });
    if (text !== '') fields.push({ tag: TAG.geoText, type: ascii, values: textBytes(text) });
  }
  return fields;
}

function metadataFields(source: GeoTiffSource): Field[] {
  const items: GdalItem[] = [];
  const add = (name: string, value: string, band: number | null, role: string | null): void => {
    items.push({ name, value, band, role, domain: null });
  };
  if (source.time) add('TIME', source.time, null, null);
  source.bands.forEach((band, i) => {
    const units = band.units ?? source.units;
    if (band.name !== `band${i + 1}`) add('DESCRIPTION', band.name, i, 'description');
    if (band.description) add('long_name', band.description, i, null);
    if (band.time) add('TIME', band.time, i, null);
    if (units) add('UNITTYPE', units, i, 'unittype');
    if (band.scale !== undefined) add('SCALE', String(band.scale), i, 'scale');
    if (band.offset !== undefined) add('OFFSET', String(band.offset), i, 'offset');
  });
  const xml = formatGdalMetadata(items);
  return xml === '' ? [] : [{ tag: TAG.gdalMetadata, type: ascii, values: textBytes(xml) }];
}

/** All reds, all greens, all blues, in 16 bits. */
function colourMap(palette: readonly (readonly number[])[]): number[] {
  return Array.from({ length: 3 * PALETTE_ENTRIES }, (_, i) => {
    const colour = palette[i % PALETTE_ENTRIES];
    return (colour?.[Math.floor(i / PALETTE_ENTRIES)] ?? 0) * 257;
  });
}

function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}
