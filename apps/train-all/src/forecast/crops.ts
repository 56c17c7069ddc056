import type { Crop } from '@arctic/inference/inputs';

/** Cells from one rectangle to the next. */
const STRIDE = 4;

/** Rectangles of active ocean to train on, drawn in proportion to the active cells in them. */
export function createCropSampler(
  active: Uint8Array,
  height: number,
  width: number,
  size: number,
): (uniform: number) => Crop {
  if (size === 0 || (size >= height && size >= width))
    return () => ({ row: 0, column: 0, height, width });
  const cropHeight = Math.min(size, height);
  const cropWidth = Math.min(size, width);
  const sums = integral(active, height, width);
  const crops: Crop[] = [];
  const cumulative: number[] = [];
  let total = 0;
  for (const row of starts(height - cropHeight)) {
    for (const column of starts(width - cropWidth)) {
      const count =
        sums(row + cropHeight, column + cropWidth) -
        sums(row, column + cropWidth) -
        sums(row + cropHeight, column) +
        sums(row, column);
      if (count < 0.1 * cropHeight * cropWidth) continue;
      total += count;
      crops.push({ row, column, height: cropHeight, width: cropWidth });
      cumulative.push(total);
    }
  }
  if (crops.length === 0) return () => ({ row: 0, column: 0, height, width });
  return (uniform) => {
    const at = cumulative.findIndex((sum) => sum > uniform * total);
    return crops[Math.max(at, 0)] as Crop; // as many crops as sums
  };
}

/** Every fourth place up to the last one, which is always there. */
function starts(last: number): number[] {
  return Array.from({ length: Math.ceil(last / STRIDE) + 1 }, (_, i) => Math.min(i * STRIDE, last));
}

/** Sums over the cells above and left of a corner. */
function integral(
  active: Uint8Array,
  height: number,
  width: number,
): (row: number, column: number) => number {
  const table = new Float64Array((height + 1) * (width + 1));
  for (let y = 0; y < height; y++) {
    let rowSum = 0;
    for (let x = 0; x < width; x++) {
      rowSum += active[y * width + x] as number;
      table[(y + 1) * (width + 1) + x + 1] = (table[y * (width + 1) + x + 1] as number) + rowSum;
    }
  }
  return (row, column) => table[row * (width + 1) + column] as number;
}
