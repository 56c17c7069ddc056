import type { CellBox } from './chunks.js';
import type { PixelMap } from './pixel-map.js';

/** Source coordinates of points on some rows of the target, row by row. */
export interface RowPoints {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** Points of one row. */
  readonly stride: number;
  /** Cell whose centre or first corner the first point is. */
  readonly firstRow: number;
  readonly firstColumn: number;
}

/** Runs as short as this are computed point by point. */
const SHORTEST = 5;

/** Source coordinates of the centres of the cells of a box. */
export function centresOf(map: PixelMap, box: CellBox, maxErrorPx: number): RowPoints {
  return points(map, box, box.rows, box.columns, 0.5, maxErrorPx);
}

/** Source coordinates of the corners: one row and one column more than there are cells. */
export function cornersOf(map: PixelMap, box: CellBox, maxErrorPx: number): RowPoints {
  return points(map, box, box.rows + 1, box.columns + 1, 0, maxErrorPx);
}

function points(
  map: PixelMap,
  { firstRow, firstColumn }: CellBox,
  rows: number,
  stride: number,
  shift: number,
  maxErrorPx: number,
): RowPoints {
  const xs = new Float64Array(rows * stride);
  const ys = new Float64Array(rows * stride);
  for (let r = 0, i = 0; r < rows; r++) {
    for (let c = 0; c < stride; c++, i++) {
      xs[i] = firstColumn + c + shift;
      ys[i] = firstRow + r + shift;
    }
  }
  if (maxErrorPx <= 0 || stride <= SHORTEST) map.toSource(xs, ys);
  else {
    for (let r = 0; r < rows; r++) {
      const [from, to] = [r * stride, (r + 1) * stride];
      approximate(map, xs.subarray(from, to), ys.subarray(from, to), maxErrorPx);
    }
  }
  return { xs, ys, stride, firstRow, firstColumn };
}

/**
 * Source coordinates of a run of a row by straight lines between points that are computed, each
 * line checked at its middle (|dx| + |dy| in source pixels) and halved where it errs. Cut where
 * GDAL's approximating transformer cuts, so that warps agree with it cell by cell.
 */
function approximate(map: PixelMap, xs: Float64Array, ys: Float64Array, maxErrorPx: number): void {
  const last = xs.length - 1;
  const middle = last >> 1;
  const px = Float64Array.of(xs[0] as number, xs[middle] as number, xs[last] as number); // more than five points
  const py = Float64Array.of(ys[0] as number, ys[middle] as number, ys[last] as number);
  map.toSource(px, py);
  if (px.every(Number.isFinite) && py.every(Number.isFinite)) {
    halve(map, xs, ys, px, py, maxErrorPx);
  } else map.toSource(xs, ys);
}

/** `px`, `py`: images of the first, the middle and the last point of the run. */
function halve(
  map: PixelMap,
  xs: Float64Array,
  ys: Float64Array,
  px: Float64Array,
  py: Float64Array,
  maxErrorPx: number,
): void {
  const count = xs.length;
  const middle = (count - 1) >> 1;
  const first = xs[0] as number; // more than five points
  const [x0 = NaN, xMiddle = NaN, xLast = NaN] = px;
  const [y0 = NaN, yMiddle = NaN, yLast = NaN] = py;
  const length = (xs[count - 1] as number) - first;
  const slopeX = (xLast - x0) / length;
  const slopeY = (yLast - y0) / length;
  const half = (xs[middle] as number) - first;
  const error = Math.abs(x0 + slopeX * half - xMiddle) + Math.abs(y0 + slopeY * half - yMiddle);
  if (error <= maxErrorPx) {
    for (let i = 0; i < count; i++) {
      const distance = (xs[i] as number) - first; // i is below count
      xs[i] = x0 + slopeX * distance;
      ys[i] = y0 + slopeY * distance;
    }
    return;
  }
  // The middles of both halves and the end of the first, which is the point before the middle.
  const places = [(middle - 1) >> 1, middle - 1, middle + ((count - middle - 1) >> 1)];
  const qx = Float64Array.from(places, (place) => xs[place] as number); // all inside
  const qy = Float64Array.from(places, (place) => ys[place] as number);
  map.toSource(qx, qy);
  const [a = NaN, b = NaN, c = NaN] = qx;
  const [d = NaN, e = NaN, f = NaN] = qy;
  const halves = [
    { from: 0, to: middle, x: [x0, a, b], y: [y0, d, e] },
    { from: middle, to: count, x: [xMiddle, c, xLast], y: [yMiddle, f, yLast] },
  ];
  for (const { from, to, x, y } of halves) {
    const [partX, partY] = [xs.subarray(from, to), ys.subarray(from, to)];
    const isSound = to - from > SHORTEST && x.every(Number.isFinite) && y.every(Number.isFinite);
    if (isSound) halve(map, partX, partY, Float64Array.from(x), Float64Array.from(y), maxErrorPx);
    else map.toSource(partX, partY);
  }
}

/** Index of the point that belongs to the first cell of a row of a box. */
export function pointAt(points: RowPoints, box: CellBox, row: number): number {
  return (
    (box.firstRow + row - points.firstRow) * points.stride + box.firstColumn - points.firstColumn
  );
}
