import type { CellBox } from './chunks.js';
import { quadCoverage } from './coverage.js';
import type { PixelMap } from './pixel-map.js';
import {
  pixelUnder,
  put,
  windowColumn,
  type SourceWindow,
  type TargetBlock,
} from './source-window.js';
import { pointAt, type RowPoints } from './row-points.js';

/** Points along each side of a cell whose image is no quadrilateral. */
const SAMPLES = 16;

/** Smaller shares than this are rounding. */
const LEAST_SHARE = 1e-9;

/**
 * Means over the cells, weighted by the part of each source pixel that lies in the image of the
 * cell, a quadrilateral. Cells round a pole or across a seam of the source's projection, whose
 * image is none, are sampled at 16 × 16 points.
 */
export function averageInto(
  map: PixelMap,
  points: RowPoints,
  box: CellBox,
  window: SourceWindow,
  block: TargetBlock,
): void {
  const { data, mask, bands } = window;
  const coverage = quadCoverage({
    width: window.sourceWidth,
    height: window.sourceHeight,
    isRound: window.isRound,
  });
  const sums = new Float64Array(bands);
  const totals = new Float64Array(bands);
  const add = (pixel: number, weight: number): void => {
    if (mask?.[pixel] === 0) return;
    for (let band = 0; band < bands; band++) {
      const value = data[pixel * bands + band] as number; // the pixel lies in the window
      if (value !== value) continue;
      sums[band] = (sums[band] as number) + weight * value; // band is below their length
      totals[band] = (totals[band] as number) + weight;
    }
  };
  const cornerX = [0, 0, 0, 0];
  const cornerY = [0, 0, 0, 0];
  for (let row = 0; row < box.rows; row++) {
    for (let column = 0; column < box.columns; column++) {
      takeCorners(points, pointAt(points, box, row) + column, cornerX, cornerY);
      sums.fill(0);
      totals.fill(0);
      const cellRow = box.firstRow + row;
      const cellColumn = box.firstColumn + column;
      if (
        isQuad(map, window.sourceHeight, window.sourceWidth, cornerX, cornerY, cellRow, cellColumn)
      ) {
        const covered = coverage(cornerX, cornerY);
        for (let r = 0; covered && r < covered.rows; r++) {
          const windowRow = covered.firstRow + r - window.firstRow;
          if (windowRow < 0 || windowRow >= window.height) continue;
          for (let c = 0; c < covered.columns; c++) {
            const share = covered.shares[r * (covered.columns + 1) + c] as number; // inside the box
            if (share < LEAST_SHARE) continue;
            const windowCol = windowColumn(window, comeRound(window, covered.firstColumn + c));
            if (windowCol >= 0) add(windowRow * window.width + windowCol, share);
          }
        }
      } else addSamples(map, window, cellRow, cellColumn, add);
      const cell = block.offset + row * block.stride + column;
      let isWhole = 1;
      for (let band = 0; band < bands; band++) {
        const total = totals[band] as number; // as above
        if (total < LEAST_SHARE) isWhole = 0;
        else put(block, cell * bands + band, (sums[band] as number) / total);
      }
      if (block.mask) block.mask[cell] = isWhole;
    }
  }
}

function comeRound({ isRound, sourceWidth }: SourceWindow, column: number): number {
  return isRound ? column - sourceWidth * Math.floor(column / sourceWidth) : column;
}

/**
 * Whether four corners bound the image of a cell. Brings columns across the seam of longitudes next
 * to the first one on the way.
 */
function isQuad(
  map: PixelMap,
  sourceHeight: number,
  sourceWidth: number,
  xs: number[],
  ys: readonly number[],
  row: number,
  column: number,
): boolean {
  if (!xs.every(Number.isFinite) || !ys.every(Number.isFinite)) return false;
  const { turn } = map;
  if (turn > 0) {
    let last = xs[0] as number; // four corners
    const first = last;
    for (let k = 1; k < 4; k++) {
      last += nearest((xs[k] as number) - last, turn);
      xs[k] = last;
    }
    // A walk round the pole ends a whole turn away from where it began.
    if (Math.abs(last + nearest(first - last, turn) - first) > turn / 2) return false;
  }
  const width = Math.max(...xs) - Math.min(...xs);
  const height = Math.max(...ys) - Math.min(...ys);
  if (width < sourceWidth / 4 && height < sourceHeight / 4) return true;
  // So large an image may be torn by a seam: then the cell's centre is not in its middle.
  const x = Float64Array.of(column + 0.5);
  const y = Float64Array.of(row + 0.5);
  map.toSource(x, y);
  const middleX = xs.reduce((sum, value) => sum + value, 0) / 4;
  const middleY = ys.reduce((sum, value) => sum + value, 0) / 4;
  const offX = turn > 0 ? nearest((x[0] as number) - middleX, turn) : (x[0] as number) - middleX; // one element
  const offY = (y[0] as number) - middleY;
  return Math.abs(offX) < width / 4 + 1 && Math.abs(offY) < height / 4 + 1;
}

/** A difference of columns without whole turns. */
function nearest(difference: number, turn: number): number {
  return difference - turn * Math.round(difference / turn);
}

/** Source coordinates of 16 × 16 points of a cell. */
function samplesOf(map: PixelMap, row: number, column: number) {
  const xs = new Float64Array(SAMPLES * SAMPLES);
  const ys = new Float64Array(SAMPLES * SAMPLES);
  for (let i = 0; i < xs.length; i++) {
    xs[i] = column + ((i % SAMPLES) + 0.5) / SAMPLES;
    ys[i] = row + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES;
  }
  map.toSource(xs, ys);
  return { xs, ys };
}

function addSamples(
  map: PixelMap,
  window: SourceWindow,
  row: number,
  column: number,
  add: (pixel: number, weight: number) => void,
): void {
  const { xs, ys } = samplesOf(map, row, column);
  for (let i = 0; i < xs.length; i++) {
    const pixel = pixelUnder(window, xs[i] as number, ys[i] as number); // i is below both lengths
    if (pixel >= 0) add(pixel, 1 / xs.length);
  }
}

/** The points that means look at in those cells of a box whose image is no quadrilateral. */
export function tornSamples(
  map: PixelMap,
  points: RowPoints,
  box: CellBox,
  sourceHeight: number,
  sourceWidth: number,
): readonly { readonly xs: Float64Array; readonly ys: Float64Array }[] {
  const torn = [];
  const cornerX = [0, 0, 0, 0];
  const cornerY = [0, 0, 0, 0];
  for (let row = 0; row < box.rows; row++) {
    for (let column = 0; column < box.columns; column++) {
      takeCorners(points, pointAt(points, box, row) + column, cornerX, cornerY);
      const cellRow = box.firstRow + row;
      const cellColumn = box.firstColumn + column;
      if (isQuad(map, sourceHeight, sourceWidth, cornerX, cornerY, cellRow, cellColumn)) continue;
      torn.push(samplesOf(map, cellRow, cellColumn));
    }
  }
  return torn;
}

/** Source coordinates of a cell's corners, round the cell. */
function takeCorners(
  { xs, ys, stride }: RowPoints,
  at: number,
  cornerX: number[],
  cornerY: number[],
): void {
  for (let k = 0; k < 4; k++) {
    const place = at + (k === 1 || k === 2 ? 1 : 0) + (k > 1 ? stride : 0);
    cornerX[k] = xs[place] as number; // corners enclose the box
    cornerY[k] = ys[place] as number;
  }
}
