import type { CellBox } from './warp-raster.js';

/** Pixel coordinates of the centres of a box of target cells, row by row. */
export function centresOf(box: CellBox): readonly [Float64Array, Float64Array] {
  return points(box, box.rows, box.columns, 0.5);
}

/** Pixel coordinates of the corners: one row and one column more than there are cells. */
export function cornersOf(box: CellBox): readonly [Float64Array, Float64Array] {
  return points(box, box.rows + 1, box.columns + 1, 0);
}

function points(
  { firstRow, firstColumn }: CellBox,
  rows: number,
  columns: number,
  shift: number,
): readonly [Float64Array, Float64Array] {
  const xs = new Float64Array(rows * columns);
  const ys = new Float64Array(rows * columns);
  for (let r = 0, i = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, i++) {
      xs[i] = firstColumn + c + shift;
      ys[i] = firstRow + r + shift;
    }
  }
  return [xs, ys];
}
