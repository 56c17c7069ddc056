import { cellsPerStep, YEAR_DAYS } from './calendar.js';
import { expectCount } from './cells.js';
import { yearShare, type Climatology } from './climatology.js';
import { assertConcentration } from './concentration.js';
import { MetricsError } from './errors.js';

/** Fields of the year that a daily climatology is kept at: one about every five days. */
const NODES = 73;

/** A daily record and the training days to take of it. */
export interface DailyRecord {
  /** [T,N], concentration, fraction 0..1, NaN missing. */
  readonly sic: Float32Array;
  /** [T], days since 1970-01-01. */
  readonly days: ArrayLike<number>;
  /** First day used, days since 1970-01-01. @default the first of the record */
  readonly from?: number;
  /** Last day used: the end of the training period. @default the last of the record */
  readonly to?: number;
  /** Half width of the smoothing window, days. @default 15 */
  readonly smoothingDays?: number;
}

/**
 * The climatology of a daily record: day-of-year means over the training days, gathered in 73
 * steps of five days and smoothed by a triangular window of ± `smoothingDays` round the year.
 *
 * A window rather than harmonics: with one to four years of data, harmonics swing about the sharp
 * freeze-up and leave the range 0..1, and cannot bridge a season that was never observed. Means
 * are weighted by their number of days; a step without any value in its window is interpolated
 * from its neighbours in the year; a cell without any value at all is NaN.
 *
 * @throws MetricsError where shapes differ, values are no fractions, or no day is in range.
 */
export function climatologyFromDaily(record: DailyRecord): Climatology {
  const { sic, days, smoothingDays = 15 } = record;
  expectCount('smoothingDays', smoothingDays, 0);
  const cells = cellsPerStep(sic, days);
  const sums = new Float32Array(NODES * cells);
  const counts = new Uint16Array(NODES * cells);
  let from = Infinity;
  let to = -Infinity;
  for (let step = 0; step < days.length; step++) {
    const day = days[step] as number;
    if (day < (record.from ?? -Infinity) || day > (record.to ?? Infinity)) continue;
    from = Math.min(from, day);
    to = Math.max(to, day);
    const field = sic.subarray(step * cells, (step + 1) * cells);
    assertConcentration(`sic of day ${day}`, field);
    const start = Math.floor(yearShare(day) * NODES) * cells;
    for (let i = 0; i < cells; i++) {
      const value = field[i] as number;
      if (Number.isNaN(value)) continue;
      sums[start + i] = (sums[start + i] as number) + value;
      counts[start + i] = (counts[start + i] as number) + 1;
    }
  }
  if (from > to) {
    throw new MetricsError(
      `Expected at least one day from ${record.from ?? 'the start'} to ${record.to ?? 'the end'}. ` +
        `Received: none of ${days.length} days.`,
    );
  }
  const means = smooth(sums, counts, cells, smoothingDays);
  bridge(means, cells);
  return { kind: 'daily', from, to, cells, nodes: NODES, means };
}

/** [K,N] window means of sums and counts; NaN where the window holds no value. */
function smooth(
  sums: Float32Array,
  counts: Uint16Array,
  cells: number,
  smoothingDays: number,
): Float32Array {
  const stepDays = YEAR_DAYS / NODES;
  const reach = Math.min(Math.floor(smoothingDays / stepDays), (NODES - 1) >> 1);
  const means = new Float32Array(NODES * cells);
  const sum = new Float64Array(cells);
  const count = new Float64Array(cells);
  for (let node = 0; node < NODES; node++) {
    sum.fill(0);
    count.fill(0);
    for (let offset = -reach; offset <= reach; offset++) {
      const share = 1 - Math.abs(offset) / (reach + 1);
      const start = ((node + offset + NODES) % NODES) * cells;
      for (let i = 0; i < cells; i++) {
        sum[i] = (sum[i] as number) + share * (sums[start + i] as number);
        count[i] = (count[i] as number) + share * (counts[start + i] as number);
      }
    }
    const out = node * cells;
    for (let i = 0; i < cells; i++) means[out + i] = (sum[i] as number) / (count[i] as number);
  }
  return means;
}

/** Fills NaN steps of each cell from the nearest steps of the year that have a value. */
function bridge(means: Float32Array, cells: number): void {
  const at = (node: number, i: number): number => means[(node % NODES) * cells + i] as number;
  for (let i = 0; i < cells; i++) {
    let first = 0;
    while (first < NODES && Number.isNaN(at(first, i))) first++;
    if (first === NODES) continue; // never observed
    let last = first;
    for (let node = first + 1; node <= first + NODES; node++) {
      const value = at(node, i);
      if (Number.isNaN(value)) continue;
      const start = at(last, i);
      for (let gap = last + 1; gap < node; gap++) {
        const share = (gap - last) / (node - last);
        means[(gap % NODES) * cells + i] = start + share * (value - start);
      }
      last = node;
    }
  }
}
