import type { RasterVariable, Region } from '@arctic/raster';

/** What the values of a variable are like; min, max and mean are null where all are missing. */
export interface Statistics {
  readonly valid: number;
  readonly missing: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

/** Elements read at once: 32 MB of the widest type. */
const BLOCK_ELEMENTS = 1 << 22;

/** Statistics of all decoded values, read block by block, so that size does not matter. */
export async function statisticsOf(
  variable: RasterVariable,
  onElements: (count: number) => void = () => undefined,
): Promise<Statistics> {
  let valid = 0;
  let missing = 0;
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  for (const region of blocksOf(variable)) {
    const { data } = await variable.read(region);
    for (let i = 0; i < data.length; i++) {
      const value = data[i] as number; // i is below its length
      if (Number.isNaN(value)) {
        missing += 1;
        continue;
      }
      valid += 1;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    onElements(data.length);
  }
  return valid === 0
    ? { valid, missing, min: null, max: null, mean: null }
    : { valid, missing, min, max, mean: sum / valid };
}

/** Boxes that cover a variable, whole chunks where they fit: outer axes first, rows last. */
export function* blocksOf({ shape, chunkShape }: RasterVariable): Generator<Region> {
  if (shape.includes(0)) return;
  const box = shape.map((length, axis) => Math.min(chunkShape[axis] ?? 1, length));
  const size = (lengths: readonly number[]) => lengths.reduce((product, n) => product * n, 1);
  // A chunk alone may be too large (one strip per image): then it is cut from its first axis on.
  for (let axis = 0; axis < box.length && size(box) > BLOCK_ELEMENTS; axis++) {
    const others = size(box) / (box[axis] ?? 1);
    box[axis] = Math.max(1, Math.floor(BLOCK_ELEMENTS / others));
  }
  for (let axis = box.length - 1; axis >= 0; axis--) {
    const length = shape[axis] ?? 1;
    const chunk = box[axis] ?? 1;
    const fits = Math.floor(BLOCK_ELEMENTS / size(box));
    if (fits < 2) continue;
    box[axis] = Math.min(length, chunk * fits);
  }
  const start = shape.map(() => 0);
  for (;;) {
    yield {
      start: [...start],
      count: shape.map((length, axis) => Math.min(box[axis] ?? 1, length - (start[axis] ?? 0))),
    };
    let axis = shape.length - 1;
    for (; axis >= 0; axis--) {
      const next = (start[axis] ?? 0) + (box[axis] ?? 1);
      if (next < (shape[axis] ?? 0)) {
        start[axis] = next;
        break;
      }
      start[axis] = 0;
    }
    if (axis < 0) return;
  }
}
