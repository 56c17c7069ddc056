import { RasterError } from '../errors.js';
import type { Transform } from '../raster.js';

/** A raster's place on earth without its values: north-up cells of one size. */
export interface Grid {
  /** `EPSG:n`, WKT or a PROJ string. */
  readonly crs: string;
  /** North-up, outer corner of the NW cell; metres, or degrees for geographic CRSs. */
  readonly transform: Transform;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

/** How values are taken from the source. */
export type WarpMethod = 'nearest' | 'bilinear' | 'average';

/** @throws RasterError `InvalidValue` unless the grid is north-up with at least one cell */
export function assertGrid(grid: Grid): void {
  const { transform, height, width } = grid;
  const [x0, dx, rx, y0, ry, dy] = transform;
  const isSound =
    [x0, dx, y0, dy].every(Number.isFinite) && rx === 0 && ry === 0 && dx > 0 && dy < 0;
  const hasCells = Number.isInteger(height) && Number.isInteger(width) && height > 0 && width > 0;
  if (isSound && hasCells) return;
  throw new RasterError(
    'InvalidValue',
    `Expected a north-up grid: transform [x0, dx > 0, 0, y0, 0, dy < 0], height and width at least 1. Received: transform [${transform.join(', ')}], ${height} × ${width}. Take it from a raster, gridOf or regionGrid.`,
  );
}

/** GDAL's and rasterio's tolerance. */
export const DEFAULT_MAX_ERROR_PX = 0.125;
