import { formatTicks, logTicks, niceDomain, niceTicks } from './ticks.js';

/** A map from data to pixels, with its ticks. */
export interface Scale {
  (value: number): number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** How a scale is built. */
export interface ScaleOptions {
  /** Wanted number of ticks. @default 5 */
  readonly count?: number;
  /** Whether the domain grows to whole steps. @default 'nice' */
  readonly ends?: 'nice' | 'exact';
}

/** A linear scale over `domain`, at `range` in pixels. */
export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
  { count = 5, ends = 'nice' }: ScaleOptions = {},
): Scale {
  const [low, high] = ends === 'nice' ? niceDomain(...domain, count) : domain;
  const [from, to] = range;
  const width = high - low || 1;
  return withTicks(
    (value) => from + ((value - low) / width) * (to - from),
    niceTicks(low, high, count),
  );
}

/** A logarithmic scale over `domain`, both ends above 0. */
export function logScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): Scale {
  const room = Math.max(1.05, (domain[1] / domain[0]) ** 0.04);
  const [low, high] = [domain[0] / room, domain[1] * room];
  const [from, to] = range;
  return withTicks(
    (value) => from + (Math.log(value / low) / Math.log(high / low)) * (to - from),
    logTicks(low, high),
  );
}

/** A scale over whole numbers: epochs, lead days. */
export function integerScale(
  domain: readonly [number, number],
  range: readonly [number, number],
  count = 8,
): Scale {
  const [low, high] = domain[0] === domain[1] ? [domain[0] - 1, domain[1] + 1] : domain;
  const [from, to] = range;
  const whole = niceTicks(low, high, count).filter(Number.isInteger);
  const inside = whole.filter((tick) => tick >= domain[0] && tick <= domain[1]);
  return withTicks((value) => from + ((value - low) / (high - low)) * (to - from), inside);
}

function withTicks(map: (value: number) => number, values: readonly number[]): Scale {
  const labels = formatTicks(values);
  const ticks = values.map((value, index) => ({ value, label: labels[index] ?? '' }));
  return Object.assign(map, { ticks });
}

/** The smallest and largest finite value, or 0..1 where there is none. */
export function extent(values: Iterable<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}
