import type { SicCube } from '@arctic/raster';
import { DataRealError } from '../errors.js';

/** Values of `SicCube.filled`. */
const FILLED = { inTime: 1, underPoleHole: 2 } as const;

/** Widest ring of cells round the pole hole whose mean fills it. */
const RING_CELLS = 3;

/**
 * The cube with short gaps of ocean cells filled by a straight line between the observation before
 * and the one after; `filled` says where, `flags.missing` stays that of the observations. Gaps at
 * the start and the end of the series, longer ones, and the pole hole stay NaN.
 *
 * @param maxDays longest gap that is filled, days without an observation, at least 1.
 * @throws DataRealError `InvalidOption`
 *
 * @example
 * ```ts
 * const whole = fillInTime(cube, 3); // missing swaths and single missing days
 * ```
 */
export function fillInTime(cube: SicCube, maxDays: number): SicCube {
  if (!(Number.isInteger(maxDays) && maxDays >= 1)) {
    throw new DataRealError(
      'InvalidOption',
      `Expected the longest gap as a whole number of days from 1. Received: ${maxDays}. Take 3 for missing swaths.`,
    );
  }
  const { days, ocean } = cube;
  const plane = cube.height * cube.width;
  const sic = cube.sic.slice();
  const filled = cube.filled?.slice() ?? new Uint8Array(sic.length);
  for (let i = 0; i < plane; i++) {
    if (!ocean[i]) continue;
    let last = -1;
    for (let t = 0; t < days.length; t++) {
      const value = sic[t * plane + i] ?? NaN;
      if (Number.isNaN(value)) continue;
      const [from = 0, to = 0] = [days[last], days[t]];
      if (last >= 0 && t > last + 1 && to - from - 1 <= maxDays) {
        const before = sic[last * plane + i] ?? NaN;
        for (let gap = last + 1; gap < t; gap++) {
          const part = ((days[gap] ?? 0) - from) / (to - from);
          sic[gap * plane + i] = before + (value - before) * part;
          filled[gap * plane + i] = FILLED.inTime;
        }
      }
      last = t;
    }
  }
  return { ...cube, sic, filled };
}

/**
 * The cube with the pole hole filled: in every step each of its missing cells gets the mean of the
 * observed ocean cells within three cells of the hole. `filled` says where.
 */
export function fillPoleHole(cube: SicCube): SicCube {
  const { poleHole, ocean, days, height, width } = cube;
  if (!poleHole?.includes(1)) return cube;
  const plane = height * width;
  const ring = ringOf(poleHole, height, width).filter((i) => ocean[i]);
  const sic = cube.sic.slice();
  const filled = cube.filled?.slice() ?? new Uint8Array(sic.length);
  for (let t = 0; t < days.length; t++) {
    let [sum, count] = [0, 0];
    for (const i of ring) {
      const value = sic[t * plane + i] ?? NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
    if (count === 0) continue;
    for (let i = 0; i < plane; i++) {
      const at = t * plane + i;
      if (!poleHole[i] || !Number.isNaN(sic[at])) continue;
      sic[at] = sum / count;
      filled[at] = FILLED.underPoleHole;
    }
  }
  return { ...cube, sic, filled };
}

/** Cells outside of the hole, but near it. */
function ringOf(hole: Uint8Array, height: number, width: number): number[] {
  const near = new Set<number>();
  hole.forEach((inside, i) => {
    if (!inside) return;
    const [row, column] = [Math.floor(i / width), i % width];
    for (let y = Math.max(0, row - RING_CELLS); y <= Math.min(height - 1, row + RING_CELLS); y++) {
      for (
        let x = Math.max(0, column - RING_CELLS);
        x <= Math.min(width - 1, column + RING_CELLS);
        x++
      )
        if (!hole[y * width + x]) near.add(y * width + x);
    }
  });
  return [...near];
}
