import { RasterError } from '../errors.js';
import type { WrittenType } from '../grid-dataset.js';
import type { StoredArray } from '../raster-file.js';
import type { ControlPoint, Raster, Transform } from '../raster.js';
import { storedArray } from './samples.js';

/** One band of a GeoTIFF to write. */
export interface GeoTiffBand {
  /** Becomes GDAL's band description, unless it is `band1`… */
  readonly name: string;
  /** A sentence about it, kept as the item `long_name`. @default none */
  readonly description?: string;
  /** UDUNITS text. @default the units of the source */
  readonly units?: string | null;
  /** ISO 8601 in UTC. @default the time of the source */
  readonly time?: string;
  /** `value = stored * scale + offset` @default 1 and 0 */
  readonly scale?: number;
  readonly offset?: number;
}

/** What a GeoTIFF is written from, piece by piece, so that it need not fit into memory. */
export interface GeoTiffSource {
  readonly height: number;
  readonly width: number;
  readonly bands: readonly GeoTiffBand[];
  readonly dtype: WrittenType;
  readonly crs: string | null;
  /** North-up; null without a position. */
  readonly transform: Transform | null;
  /** Pixels of known place, of an image without a transform. @default none */
  readonly controlPoints?: readonly ControlPoint[];
  /** Stored number that means missing; null where nothing can be missing. */
  readonly nodata: number | null;
  /** UDUNITS text of all bands. @default none */
  readonly units?: string | null;
  /** When the scene was seen, or what day it stands for: ISO 8601 in UTC. @default none */
  readonly time?: string | null;
  /** Colours of a single uint8 band's values: red, green, blue 0 to 255. @default none */
  readonly palette?: readonly (readonly [red: number, green: number, blue: number])[];
  /** Whether the last band is opacity, 0 for missing pixels. @default false */
  readonly alpha?: boolean;
  /**
   * Stored numbers of some rows, [rowCount, width, bands], rows north first; asked for from the top
   * to the bottom.
   */
  rows(firstRow: number, rowCount: number): Promise<StoredArray> | StoredArray;
}

const MS_PER_DAY = 86_400_000;

/**
 * A raster in memory as a source: NaN and masked pixels become its nodata; bytes that are missing
 * without a nodata value get an alpha band.
 *
 * @throws RasterError `InvalidValue` (from `rows`) where a value equals the nodata value.
 */
export function rasterSource(path: string, raster: Raster): GeoTiffSource {
  const { array, mask, nodata, time } = raster;
  const [height = 0, width = 0, bands = 0] = array.shape;
  const { data, offset } = array;
  const [byRow = 0, byColumn = 0, byBand = 0] = array.stride;
  const bytes = raster.kind === 'bytes';
  const alpha = bytes && nodata === null && mask.includes(0);
  const dtype = bytes ? 'uint8' : data instanceof Float64Array ? 'float64' : 'float32';
  const samples = bands + (alpha ? 1 : 0);
  // Compared in the array's own precision, as readers do.
  const code = dtype === 'float32' && nodata !== null ? Math.fround(nodata) : nodata;
  return {
    height,
    width,
    dtype,
    crs: raster.crs,
    transform: raster.transform,
    nodata,
    units: raster.units,
    time: time === null ? null : isoTime(time),
    alpha,
    bands: Array.from({ length: samples }, (_, band) => ({ name: `band${band + 1}` })),
    rows(firstRow, rowCount) {
      const out = storedArray(dtype, rowCount * width * samples);
      for (let row = 0, to = 0; row < rowCount; row++) {
        for (let column = 0; column < width; column++) {
          const from = offset + (firstRow + row) * byRow + column * byColumn;
          const valid = mask[(firstRow + row) * width + column] !== 0;
          for (let band = 0; band < bands; band++) {
            const value = data[from + band * byBand] ?? 0;
            const missing = bytes ? !valid : Number.isNaN(value);
            if (!missing && value === code) throw equalsNodata(path, firstRow + row, column, value);
            out[to++] = missing && nodata !== null ? nodata : value;
          }
          if (alpha) out[to++] = valid ? 255 : 0;
        }
      }
      return out;
    },
  };
}

function isoTime(days: number): string {
  return new Date(Math.round(days * MS_PER_DAY)).toISOString().replace('.000Z', 'Z');
}

function equalsNodata(path: string, row: number, column: number, value: number): RasterError {
  return new RasterError(
    'InvalidValue',
    `${path}: expected values other than nodata where the raster is valid. Received: ${value} at row ${row}, column ${column}. Give the raster another nodata value.`,
  );
}
