import { isGeographic, transformInto } from '../crs/crs.js';
import { RasterError } from '../errors.js';
import type { Window } from '../raster.js';
import { assertGrid, type Grid } from './grid.js';
import { assertBox, boxPoints, boxWidth, isInBox, type LonLatBox } from './lon-lat-box.js';

/** Metres in a degree of the equator of WGS 84. */
const METRES_PER_DEGREE = (Math.PI * 6378137) / 180;

/** Cells along a side beyond which a region is a mistake. */
const MOST_CELLS = 10_000_000;

/**
 * The grid of square cells that covers a box of longitudes and latitudes in a CRS. Its edges are
 * multiples of the cell size, so that grids of one size fit together.
 *
 * @param region.pixelSizeM - metres; in geographic CRSs that many metres of the equator
 * @throws RasterError `InvalidValue` for a box that is none or that the CRS cannot show
 *
 * @example
 * const framStrait = regionGrid({ bounds: { west: -20, south: 76, east: 15, north: 83 },
 *   crs: 'EPSG:3413', pixelSizeM: 1000 });
 */
export function regionGrid(region: {
  readonly bounds: LonLatBox;
  readonly crs: string;
  readonly pixelSizeM: number;
}): Grid {
  const { bounds, crs, pixelSizeM } = region;
  assertBox(bounds);
  if (!(pixelSizeM > 0) || !Number.isFinite(pixelSizeM)) {
    throw new RasterError(
      'InvalidValue',
      `Expected a cell size in metres above 0. Received: ${pixelSizeM}. Give e.g. 25000.`,
    );
  }
  if (isGeographic(crs)) {
    const size = pixelSizeM / METRES_PER_DEGREE;
    const { west, south, north } = bounds;
    return snapped(crs, size, west, west + boxWidth(bounds), south, north);
  }
  const [xs, ys] = boxPoints(bounds);
  transformInto('EPSG:4326', crs)(xs, ys);
  const [left, right] = rangeOf(xs);
  const [bottom, top] = rangeOf(ys);
  return snapped(crs, pixelSizeM, left, right, bottom, top);
}

function snapped(
  crs: string,
  size: number,
  left: number,
  right: number,
  bottom: number,
  top: number,
): Grid {
  // Edges that are multiples but for rounding stay where they are.
  const down = (value: number): number => Math.floor(value / size + 1e-6);
  const up = (value: number): number => Math.ceil(value / size - 1e-6);
  const width = up(right) - down(left);
  const height = up(top) - down(bottom);
  if (!(width >= 1 && height >= 1 && width <= MOST_CELLS && height <= MOST_CELLS)) {
    throw new RasterError(
      'InvalidValue',
      `Expected a region that ${crs} shows in at most ${MOST_CELLS} cells a side. Received: ${width} × ${height}. Choose a smaller box, larger cells or another CRS.`,
    );
  }
  return { crs, transform: [down(left) * size, size, 0, up(top) * size, 0, -size], height, width };
}

/**
 * The window of a grid that covers a box of longitudes and latitudes, dateline and poles included;
 * null where the two do not meet. Grids of longitudes whose seam lies in the box give all columns.
 * @throws RasterError `InvalidValue` for a box or grid that is none
 */
export function windowOfRegion(grid: Grid, box: LonLatBox): Window | null {
  assertGrid(grid);
  assertBox(box);
  const { crs, transform, height, width } = grid;
  const [x0, dx, , y0, , dy] = transform;
  const [xs, ys] = boxPoints(box);
  transformInto('EPSG:4326', crs)(xs, ys);
  const turn = isGeographic(crs) ? 360 / dx : 0;
  let meets = false;
  for (let i = 0; i < xs.length; i++) {
    let column = ((xs[i] as number) - x0) / dx; // i is below both lengths
    if (turn > 0 && (column < 0 || column > turn)) column -= turn * Math.floor(column / turn);
    const row = ((ys[i] as number) - y0) / dy;
    xs[i] = column;
    ys[i] = row;
    meets ||= column >= 0 && column < width && row >= 0 && row < height;
  }
  meets ||= liesInside(grid, box);
  if (!meets) return null;
  const [left, right] = turn > 0 ? lonColumns(grid, box, turn) : rangeOf(xs);
  const [top, bottom] = rangeOf(ys);
  const column = Math.min(width - 1, Math.max(0, Math.floor(left + 1e-6)));
  const row = Math.min(height - 1, Math.max(0, Math.floor(top + 1e-6)));
  return {
    row,
    column,
    height: Math.max(1, Math.min(height, Math.ceil(bottom - 1e-6)) - row),
    width: Math.max(1, Math.min(width, Math.ceil(right - 1e-6)) - column),
  };
}

/** Columns of a box on a grid of longitudes: all where it runs over the end of the grid. */
function lonColumns(
  { transform, width }: Grid,
  box: LonLatBox,
  turn: number,
): readonly [number, number] {
  const [x0, dx] = transform;
  const first = (box.west - x0) / dx;
  const left = first - turn * Math.floor(first / turn + 1e-9);
  const right = left + boxWidth(box) / dx;
  return right > turn + 1e-6 ? [left < width ? 0 : left - turn, width] : [left, right];
}

/** Whether some cell's centre lies in the box: boxes larger than the grid have no edge on it. */
function liesInside({ crs, transform, height, width }: Grid, box: LonLatBox): boolean {
  const [x0, dx, , y0, , dy] = transform;
  const steps = 64;
  const xs = new Float64Array(steps * steps);
  const ys = new Float64Array(steps * steps);
  for (let i = 0; i < xs.length; i++) {
    xs[i] = x0 + (((i % steps) + 0.5) / steps) * width * dx;
    ys[i] = y0 + ((Math.floor(i / steps) + 0.5) / steps) * height * dy;
  }
  transformInto(crs, 'EPSG:4326')(xs, ys);
  return xs.some((x, i) => isInBox(box, x, ys[i] as number)); // as many ys
}

/** Smallest and largest finite value. */
export function rangeOf(values: Float64Array): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
