import { pixelUnder, type SourceWindow, type TargetBlock } from './source-window.js';

/**
 * Values of the source pixels that hold the points (xs, ys) of source coordinates, row by row into
 * the block.
 */
export function nearestInto(
  xs: Float64Array,
  ys: Float64Array,
  width: number,
  window: SourceWindow,
  block: TargetBlock,
): void {
  const { data, mask, bands } = window;
  for (let i = 0; i < xs.length; i++) {
    const pixel = pixelUnder(window, xs[i] as number, ys[i] as number); // i is below both lengths
    const row = Math.floor(i / width);
    const cell = block.offset + row * block.stride + (i - row * width);
    if (pixel < 0 || mask?.[pixel] === 0) continue;
    let isWhole = 1;
    for (let band = 0; band < bands; band++) {
      const value = data[pixel * bands + band] as number; // the pixel lies in the window
      block.data[cell * bands + band] = value;
      if (value !== value) isWhole = 0;
    }
    if (block.mask) block.mask[cell] = isWhole;
  }
}
