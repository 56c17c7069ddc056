import { expectCount, expectLength, type Field } from './cells.js';
import { MetricsError } from './errors.js';
import { createGenerator } from './generator.js';

/** How samples are drawn again. */
export interface BootstrapOptions {
  /** Seed of the draws: the same seed gives the same interval. */
  readonly seed: number;
  /** Number of draws. @default 1000 */
  readonly resamples?: number;
  /** Level of the interval, 0..1. @default 0.95 */
  readonly level?: number;
}

/** Where the cases lie in time. */
export interface BlockBootstrapOptions extends BootstrapOptions {
  /** [n], day of each case (days since any one date), ascending. */
  readonly days: Field;
  /** Least time a block spans, days. @default 30 */
  readonly blockDays?: number;
}

/** A statistic with its bootstrap interval. */
export interface Interval {
  /** The statistic of the sample itself. */
  readonly value: number;
  /** Lower percentile; NaN where an interval cannot be had. */
  readonly low: number;
  /** Upper percentile; NaN where an interval cannot be had. */
  readonly high: number;
  readonly level: number;
  readonly resamples: number;
  /** Number of independent pieces the interval rests on: cases, or whole blocks of days. */
  readonly blocks: number;
}

/** A statistic of the cases with these indices (repeats included). */
export type Statistic = (indices: Int32Array) => number;

/**
 * The percentile bootstrap interval of a statistic of `n` independent cases, such as test images.
 *
 * Reference: Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13.
 *
 * @param n - Number of cases.
 * @param statistic - Gets [n] case indices; work from per-case sums to be fast.
 * @throws MetricsError where an option is out of range.
 */
export function bootstrapInterval(
  n: number,
  statistic: Statistic,
  options: BootstrapOptions,
): Interval {
  return resample(n, statistic, options, n, (random, out) => {
    for (let i = 0; i < n; i++) out[i] = Math.floor(random() * n);
  });
}

/**
 * The circular block bootstrap interval of a statistic of cases in time. Consecutive days are not
 * independent, so whole runs of cases are drawn: each starts at a random case and goes on, past
 * the end to the beginning, until it spans `blockDays`.
 *
 * With less than two whole blocks of data there is no interval: `low` and `high` are NaN rather
 * than deceptively close.
 *
 * Reference: Politis & Romano 1992, A circular block-resampling procedure for stationary data.
 *
 * @param statistic - Gets [n] case indices; work from per-case sums to be fast.
 * @throws MetricsError where days do not ascend or an option is out of range.
 */
export function blockBootstrapInterval(
  statistic: Statistic,
  options: BlockBootstrapOptions,
): Interval {
  const { days, blockDays = 30 } = options;
  expectCount('blockDays', blockDays, 1);
  const n = days.length;
  for (let i = 1; i < n; i++) {
    if (!((days[i] as number) > (days[i - 1] as number))) {
      throw new MetricsError(
        `Expected the days of the cases to ascend. Received: ${days[i - 1]} then ${days[i]}. ` +
          'Sort the cases by date, one case a day.',
      );
    }
  }
  const span = n === 0 ? 0 : (days[n - 1] as number) - (days[0] as number) + 1;
  const wrapDays = n < 2 ? 1 : (span - 1) / (n - 1); // from the last case round to the first
  const blocks = Math.floor(span / blockDays);
  return resample(n, statistic, options, blocks, (random, out) => {
    let filled = 0;
    while (filled < n) {
      let at = Math.floor(random() * n);
      let spanned = 0;
      while (filled < n && spanned < blockDays) {
        out[filled++] = at;
        const next = at + 1 < n ? at + 1 : 0;
        spanned += next > at ? (days[next] as number) - (days[at] as number) : wrapDays;
        at = next;
      }
    }
  });
}

/** The index list 0..n−1: every case once. */
export function allCases(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}

function resample(
  n: number,
  statistic: Statistic,
  options: BootstrapOptions,
  blocks: number,
  draw: (random: () => number, out: Int32Array) => void,
): Interval {
  const { seed, resamples = 1000, level = 0.95 } = options;
  expectCount('resamples', resamples, 1);
  if (!(level > 0 && level < 1)) {
    throw new MetricsError(`Expected "level" between 0 and 1. Received: ${level}.`);
  }
  const value = n === 0 ? NaN : statistic(allCases(n));
  const none = { value, low: NaN, high: NaN, level, resamples, blocks };
  if (blocks < 2) return none;
  const random = createGenerator(seed);
  const indices = new Int32Array(n);
  const values = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    draw(random, indices);
    values[r] = statistic(indices);
  }
  const defined = values.filter((one) => !Number.isNaN(one)).sort();
  if (defined.length === 0) return none;
  const tail = (1 - level) / 2;
  return { ...none, low: quantile(defined, tail), high: quantile(defined, 1 - tail) };
}

/** The linear-interpolated quantile of ascending values (numpy's default). */
export function quantile(ascending: Field, share: number): number {
  if (ascending.length === 0) expectLength('quantile values', ascending, 1);
  const position = share * (ascending.length - 1);
  const below = Math.floor(position);
  const low = ascending[below] as number;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] as number;
  return low === high ? low : low + (high - low) * (position - below);
}
