import {
  pixelUnder,
  put,
  windowColumn,
  type SourceWindow,
  type TargetBlock,
} from './source-window.js';
import type { CellBox, Chunk } from './chunks.js';
import { pointAt, type RowPoints } from './row-points.js';

/** Less weight than this on pixels that have a value is no value. */
const LEAST_WEIGHT = 1e-5;

/**
 * Linear interpolation between pixel centres, as in GDAL: a cell is missing where the pixel under
 * its centre is; missing neighbours leave their weight to the others; where cells are larger than
 * pixels the triangle of weights widens with them.
 */
export function bilinearInto(
  points: RowPoints,
  { scaleX, scaleY }: Chunk,
  box: CellBox,
  window: SourceWindow,
  seam: 'joined' | 'cut',
  block: TargetBlock,
): void {
  const { data, mask, bands } = window;
  const { xs, ys } = points;
  // Below a scale of 1 the weights reach further than one pixel.
  const reachX = Math.ceil(1 / scaleX);
  const reachY = Math.ceil(1 / scaleY);
  const columns = new Int32Array(2 * reachX + 1);
  const weights = new Float64Array(2 * reachX + 1);
  for (let i = 0; i < box.rows * box.columns; i++) {
    const row = Math.floor(i / box.columns);
    const column = i - row * box.columns;
    const at = pointAt(points, box, row) + column;
    const x = xs[at] as number; // points cover the box
    const y = ys[at] as number;
    const under = pixelUnder(window, x, y);
    if (under < 0 || mask?.[under] === 0) continue;
    const cell = block.offset + row * block.stride + column;
    const left = Math.floor(x - 0.5);
    const top = Math.floor(y - 0.5);
    const deltaX = x - 0.5 - left;
    const deltaY = y - 0.5 - top;
    let count = 0;
    for (let k = 1 - reachX; k <= reachX; k++) {
      const weight = 1 - Math.abs(k - deltaX) * scaleX;
      const isCut = seam === 'cut' && (left + k < 0 || left + k >= window.sourceWidth);
      const neighbour = weight > 0 && !isCut ? windowColumn(window, left + k) : -1;
      if (neighbour < 0) continue;
      columns[count] = neighbour;
      weights[count++] = weight;
    }
    let isWhole = 1;
    for (let band = 0; band < bands; band++) {
      const centre = data[under * bands + band] as number; // the pixel lies in the window
      let sum = 0;
      let total = 0;
      for (let k = 1 - reachY; k <= reachY; k++) {
        const weightY = 1 - Math.abs(k - deltaY) * scaleY;
        const r = top + k - window.firstRow;
        if (weightY <= 0 || r < 0 || r >= window.height) continue;
        for (let j = 0; j < count; j++) {
          const pixel = r * window.width + (columns[j] as number); // j is below count
          const value = data[pixel * bands + band] as number; // inside the window
          if (mask ? mask[pixel] === 0 : value !== value) continue;
          const weight = (weights[j] as number) * weightY; // as above
          sum += weight * value;
          total += weight;
        }
      }
      if (centre !== centre || total < LEAST_WEIGHT) isWhole = 0;
      else put(block, cell * bands + band, sum / total);
    }
    if (block.mask) block.mask[cell] = isWhole;
  }
}
