import { coordinateTransform, isGeographic } from '../crs/crs.js';
import type { Grid } from './grid.js';
import { pixelMap } from './pixel-map.js';

/** Source pixels per target cell, inverted: 0.5 where a cell is two pixels wide. */
export interface KernelScale {
  readonly x: number;
  readonly y: number;
}

/** Cells that are nearly as small as pixels are not worth smoothing. */
const NEARLY_ONE = 0.95;

/** Points along each axis at which the source's extent under the target is sampled. */
const STEPS = 21;

/**
 * The one scale by which a bilinear warp smooths, from the extent of the source under the whole
 * target, as GDAL takes it: cells as large as two pixels mix twice as many. 1 where nothing is to
 * be smoothed.
 */
export function kernelScale(source: Grid, target: Grid): KernelScale {
  const extent = extentUnder(source, target);
  if (!extent) return { x: 1, y: 1 };
  const x = axisScale(target.width, extent.left, extent.right, source.width);
  const y = axisScale(target.height, extent.top, extent.bottom, source.height);
  if (x >= NEARLY_ONE && y >= NEARLY_ONE) return { x: 1, y: 1 };
  return { x, y };
}

function axisScale(cells: number, low: number, high: number, size: number): number {
  const first = Math.max(0, Math.floor(low));
  const last = Math.min(Math.ceil(high), size);
  const raw = Math.max(0, Math.min(size - first, high - low));
  // With nearly the whole axis in use, all of it counts.
  const pixels = Math.max(1e-9, last - first > 0.9 * size ? Math.min(size, raw) : raw);
  const scale = cells / pixels;
  if (scale >= 1) return 1;
  // Ratios that miss a whole number by projection alone are taken for it.
  const whole = Math.floor(1 / scale + 0.5);
  return Math.abs(1 / scale - whole) < 0.05 ? 1 / whole : scale;
}

interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function extentUnder(source: Grid, target: Grid): Extent | null {
  const map = pixelMap(source, target);
  const onEdges = holdsPole(target) ? null : sampled(map.toSource, edges(target));
  const isComplete = onEdges !== null && onEdges.failed === 0;
  const found = isComplete ? onEdges : sampled(map.toSource, lattice(target));
  if (found.failed > found.count - 5) return null;
  let { left, right, top, bottom } = found;
  if (!isComplete) {
    // Where whole stretches of the target have no image, the source's points that fall on it help.
    const back = pixelMap(target, source);
    const [columns, rows] = lattice(source);
    const [us, vs] = [columns.slice(), rows.slice()];
    back.toSource(us, vs);
    for (let i = 0; i < us.length; i++) {
      const u = us[i] as number; // all four arrays are alike
      const v = vs[i] as number;
      if (!(u >= 0 && u <= target.width && v >= 0 && v <= target.height)) continue;
      left = Math.min(left, columns[i] as number);
      right = Math.max(right, columns[i] as number);
      top = Math.min(top, rows[i] as number);
      bottom = Math.max(bottom, rows[i] as number);
    }
  }
  if (left > source.width || right < 0 || top > source.height || bottom < 0) return null;
  return { left, right, top, bottom };
}

type Points = readonly [Float64Array, Float64Array];

function sampled(toSource: (xs: Float64Array, ys: Float64Array) => void, [xs, ys]: Points) {
  toSource(xs, ys);
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  let failed = 0;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] as number; // i is below both lengths
    const y = ys[i] as number;
    if (Number.isFinite(x) && Number.isFinite(y)) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    } else failed++;
  }
  return { left, right, top, bottom, failed, count: xs.length };
}

function edges({ width, height }: Grid): Points {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    const part = i / (STEPS - 1);
    xs.push(part * width, part * width, 0, width);
    ys.push(0, height, part * height, part * height);
  }
  return [Float64Array.from(xs), Float64Array.from(ys)];
}

function lattice({ width, height }: Grid): Points {
  const parts = Array.from({ length: STEPS }, (_, i) => i / (STEPS - 1));
  const across = [0.5 / width, ...parts, 1 - 0.5 / width];
  const down = [0.5 / width, ...parts, 1 - 0.5 / width];
  const xs = down.flatMap(() => across.map((part) => part * width));
  const ys = down.flatMap((part) => across.map(() => part * height));
  return [Float64Array.from(xs), Float64Array.from(ys)];
}

/** Whether a pole lies on the grid, where edges say little about what is inside. */
function holdsPole({ crs, transform, width, height }: Grid): boolean {
  if (isGeographic(crs)) return false;
  const toGrid = coordinateTransform('EPSG:4326', crs);
  const [x0, dx, , y0, , dy] = transform;
  return [90, -90].some((latitude) => {
    const [x, y] = toGrid(0, latitude);
    const column = (x - x0) / dx;
    const row = (y - y0) / dy;
    return column >= 0 && column <= width && row >= 0 && row <= height;
  });
}
