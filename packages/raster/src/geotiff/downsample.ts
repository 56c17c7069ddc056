import type { StoredArray } from '../raster-file.js';
import { storedArray } from './samples.js';
import type { WrittenType } from '../grid-dataset.js';

/**
 * How four pixels become one in an overview: the mean of those that are not missing, or the one in
 * the north-west.
 */
export type OverviewResampling = 'average' | 'nearest';

/** Rows of pixels, and which of their numbers are missing. */
export interface PixelRows {
  readonly dtype: WrittenType;
  /** [rows, width, bands] */
  readonly data: StoredArray;
  readonly rows: number;
  readonly width: number;
  readonly bands: number;
  /** Stored number that means missing; NaN always does. */
  readonly nodata: number | null;
  /** Whether the last band is opacity. */
  readonly alpha: boolean;
}

/** The rows at half the size, [ceil(rows / 2), ceil(width / 2), bands]. */
export function halved(source: PixelRows, resampling: OverviewResampling): StoredArray {
  const { dtype, rows, width, bands } = source;
  const out = storedArray(dtype, Math.ceil(rows / 2) * Math.ceil(width / 2) * bands);
  if (resampling === 'nearest') pickInto(source, out);
  else averageInto(source, out);
  return out;
}

function pickInto({ data, rows, width, bands }: PixelRows, out: StoredArray): void {
  let to = 0;
  for (let row = 0; row < rows; row += 2) {
    for (let column = 0; column < width; column += 2) {
      const from = (row * width + column) * bands;
      for (let band = 0; band < bands; band++) out[to++] = data[from + band] ?? 0;
    }
  }
}

function averageInto(source: PixelRows, out: StoredArray): void {
  const { dtype, data, rows, width, bands, alpha } = source;
  const float = dtype === 'float32' || dtype === 'float64';
  const nodata =
    dtype === 'float32' && source.nodata !== null ? Math.fround(source.nodata) : source.nodata;
  const empty = source.nodata ?? (float ? NaN : 0);
  const opacity = alpha ? bands - 1 : -1;
  let to = 0;
  for (let row = 0; row < rows; row += 2) {
    const lastRow = Math.min(row + 2, rows);
    for (let column = 0; column < width; column += 2) {
      const lastColumn = Math.min(column + 2, width);
      for (let band = 0; band < bands; band++) {
        let sum = 0;
        let count = 0;
        let most = 0;
        for (let r = row; r < lastRow; r++) {
          for (let c = column; c < lastColumn; c++) {
            const pixel = (r * width + c) * bands;
            const value = data[pixel + band] ?? 0;
            if (band === opacity) most = Math.max(most, value);
            else if (opacity >= 0 && data[pixel + opacity] === 0) continue;
            else if (value !== nodata && !Number.isNaN(value)) {
              sum += value;
              count += 1;
            }
          }
        }
        if (band === opacity) out[to] = most;
        else if (count === 0) out[to] = empty;
        else out[to] = float ? sum / count : Math.round(sum / count);
        to += 1;
      }
    }
  }
}
