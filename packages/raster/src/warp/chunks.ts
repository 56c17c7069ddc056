import { coordinateTransform } from '../crs/crs.js';
import type { Grid, WarpMethod } from './grid.js';
import { pixelMap } from './pixel-map.js';
import { sourceExtent, type Extent } from './source-extent.js';

/** A box of target cells. */
export interface CellBox {
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly rows: number;
  readonly columns: number;
}

/** A part of the target that is warped by one set of rules. */
export interface Chunk extends CellBox {
  /** Target cells per source pixel along each axis, at most 1: how far bilinear weights reach. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** Boxes as small as this are not divided for lack of source under them. */
const SMALL = 100;

/** Bytes of source and target that GDAL works on at once unless told otherwise. */
const WORK_BYTES = 64 * 1024 * 1024;

/**
 * The parts into which GDAL divides a target: halves along the longer side while less than half of
 * the source window is source, or while the work takes too much memory. Rows are interpolated and
 * weights scaled part by part, so that the same parts give the same values.
 */
export function chunksOf(
  source: Grid,
  target: Grid,
  method: WarpMethod,
  bitsPerPixel: number,
): readonly Chunk[] {
  const chunks: Chunk[] = [];
  const map = pixelMap(source, target);
  const back = pixelMap(target, source);
  const useLattice = holdsPole(target);
  const divide = (box: CellBox): void => {
    const extent = sourceExtent(map, back, source, box, useLattice);
    const size = extent && windowUnder(extent, source, box, method);
    const { rows, columns } = box;
    const bytes = (bitsPerPixel / 8) * ((size?.pixels ?? 0) + rows * columns);
    const isTooLarge = bytes > WORK_BYTES && (rows > 2 || columns > 2);
    const isSparse = size !== null && size.fill > 0 && size.fill < 0.5;
    if (isTooLarge || (isSparse && (rows > SMALL || columns > SMALL))) {
      for (const half of halves(box)) divide(half);
    } else chunks.push({ ...box, scaleX: size?.scaleX ?? 1, scaleY: size?.scaleY ?? 1 });
  };
  divide({ firstRow: 0, firstColumn: 0, rows: target.height, columns: target.width });
  return chunks;
}

function halves(box: CellBox): readonly [CellBox, CellBox] {
  const { firstRow, firstColumn, rows, columns } = box;
  if (columns > rows) {
    const half = Math.floor(columns / 2);
    return [
      { ...box, columns: half },
      { ...box, firstColumn: firstColumn + half, columns: columns - half },
    ];
  }
  const half = Math.floor(rows / 2);
  return [
    { ...box, rows: half },
    { ...box, firstRow: firstRow + half, rows: rows - half },
  ];
}

/** The window of the source that a box needs, its share of real source, and the scale from it. */
function windowUnder(extent: Extent, source: Grid, box: CellBox, method: WarpMethod) {
  const { left, right, top, bottom, failed } = extent;
  if (left > source.width || right < 0 || top > source.height || bottom < 0) return null;
  const reach = method === 'bilinear' ? 1 : 0;
  const x = axisWindow(left, right, source.width, box.columns, reach, failed > 0);
  const y = axisWindow(top, bottom, source.height, box.rows, reach, failed > 0);
  const pixels = x.size * y.size;
  const whole = (right - left + 2 * x.radius) * (bottom - top + 2 * y.radius);
  // Scales that are all but 1 smooth nothing.
  const isFine = x.scale >= 0.95 && y.scale >= 0.95;
  return {
    pixels,
    fill: pixels / Math.max(1, whole),
    scaleX: isFine ? 1 : Math.min(1, x.scale),
    scaleY: isFine ? 1 : Math.min(1, y.scale),
  };
}

function axisWindow(
  low: number,
  high: number,
  length: number,
  cells: number,
  reach: number,
  hasFailed: boolean,
) {
  const rough = Math.max(1e-3, cells / (high - low));
  const radius = (rough < 0.95 ? Math.ceil(reach / rough) : reach) + (hasFailed ? 10 : 0);
  const first = Math.floor(Math.max(0, low));
  const last = Math.min(Math.ceil(high), length);
  const raw = Math.max(0, Math.min(length - first, high - low));
  const isNearlyAll = last - first > 0.9 * length;
  const start = isNearlyAll ? 0 : Math.max(0, Math.min(first - radius, length));
  const size = isNearlyAll ? length : Math.max(0, Math.min(length - start, last - start + radius));
  let scale = cells / Math.max(raw, 1e-9);
  if (size >= cells && size <= cells + (size - raw)) scale = 1;
  if (scale < 1) {
    // Ratios that miss a whole number by the projection alone are taken for it.
    const whole = Math.floor(1 / scale + 0.5);
    if (Math.abs(1 / scale - whole) < 0.05) scale = 1 / whole;
  }
  return { radius, size, scale };
}

/** Whether a pole lies on the target, where edges say little about what is inside. */
function holdsPole({ crs, transform, width, height }: Grid): boolean {
  const toGrid = coordinateTransform('EPSG:4326', crs);
  const [x0, dx, , y0, , dy] = transform;
  // Just beside the poles, which some projections do not have.
  return [89.9999, -89.9999].some((latitude) => {
    const [x, y] = toGrid(0, latitude);
    const column = (x - x0) / dx;
    const row = (y - y0) / dy;
    return column >= 0 && column <= width && row >= 0 && row <= height;
  });
}
