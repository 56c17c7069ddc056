import { expectCount, expectLength } from './cells.js';

/**
 * A copy of a series in which a missing cell holds the value of the day before (which may itself
 * have been filled). Cells missing since the first day, land included, stay NaN.
 *
 * @param sic - [T,N], consecutive days, NaN missing.
 * @param cells - N.
 * @returns [T,N].
 * @throws MetricsError where the length is no multiple of `cells`.
 */
export function fillFromDayBefore(sic: Float32Array, cells: number): Float32Array {
  const out = new Float32Array(sic.length);
  fillFromDayBeforeInto(sic, cells, out);
  return out;
}

/**
 * Writes the series filled from the day before into `out`, which may be `sic` itself; see
 * {@link fillFromDayBefore}. For a long series this saves a copy of it.
 *
 * @param out - [T,N], overwritten.
 * @returns The number of values filled.
 * @throws MetricsError where a length is wrong.
 */
export function fillFromDayBeforeInto(sic: Float32Array, cells: number, out: Float32Array): number {
  expectCount('cells', cells, 1);
  expectLength('sic', sic, Math.floor(sic.length / cells) * cells);
  expectLength('out', out, sic.length);
  if (out !== sic) out.set(sic);
  let filled = 0;
  for (let i = cells; i < out.length; i++) {
    if (!Number.isNaN(out[i])) continue;
    const before = out[i - cells] as number;
    if (Number.isNaN(before)) continue;
    out[i] = before;
    filled++;
  }
  return filled;
}
