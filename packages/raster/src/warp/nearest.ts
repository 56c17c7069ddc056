import type { CellBox } from './chunks.js';
import { pointAt, type RowPoints } from './row-points.js';
import { pixelUnder, type SourceWindow, type TargetBlock } from './source-window.js';

/** Values of the source pixels that hold the centres of a box of target cells. */
export function nearestInto(
  points: RowPoints,
  box: CellBox,
  window: SourceWindow,
  block: TargetBlock,
): void {
  const { xs, ys } = points;
  const { data, mask, bands } = window;
  for (let row = 0; row < box.rows; row++) {
    for (let column = 0; column < box.columns; column++) {
      const at = pointAt(points, box, row) + column;
      const pixel = pixelUnder(window, xs[at] as number, ys[at] as number); // points cover the box
      if (pixel < 0 || mask?.[pixel] === 0) continue;
      const cell = block.offset + row * block.stride + column;
      let isWhole = 1;
      for (let band = 0; band < bands; band++) {
        const value = data[pixel * bands + band] as number; // the pixel lies in the window
        block.data[cell * bands + band] = value;
        if (value !== value) isWhole = 0;
      }
      if (block.mask) block.mask[cell] = isWhole;
    }
  }
}
