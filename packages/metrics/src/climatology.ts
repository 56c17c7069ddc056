import { civil, dayNumber } from './calendar.js';
import { expectLength } from './cells.js';

/**
 * The mean seasonal cycle of every cell as fields at a few dates of the year, joined by straight
 * lines. Plain data: it can be saved beside a model.
 */
export interface Climatology {
  /** `monthly`: 12 fields, at the 15th of each month. `daily`: fields at even steps of the year. */
  readonly kind: 'monthly' | 'daily';
  /** First training year or day that went in. */
  readonly from: number;
  /** Last training year or day that went in. */
  readonly to: number;
  /** Number of cells N. */
  readonly cells: number;
  /** Number of fields K. */
  readonly nodes: number;
  /** [K,N], concentration as a fraction 0..1, NaN where there is none. */
  readonly means: Float32Array;
}

/**
 * The climatological field of a day, by linear interpolation between the nearest two dates that
 * have one.
 *
 * @param day - Days since 1970-01-01 (UTC).
 * @returns [N], fraction 0..1, NaN where the climatology has none.
 */
export function climatologyOn(climatology: Climatology, day: number): Float32Array {
  const out = new Float32Array(climatology.cells);
  climatologyOnInto(climatology, day, out);
  return out;
}

/**
 * Writes the climatological field of a day into `out`; see {@link climatologyOn}.
 *
 * @param out - [N], overwritten.
 * @throws MetricsError where `out` has another length.
 */
export function climatologyOnInto(climatology: Climatology, day: number, out: Float32Array): void {
  const { cells, means } = climatology;
  expectLength('out', out, cells);
  const { before, after, weight } =
    climatology.kind === 'monthly' ? monthsAround(day) : nodesAround(day, climatology.nodes);
  const a = before * cells;
  const b = after * cells;
  for (let i = 0; i < cells; i++) {
    const low = means[a + i] as number;
    out[i] = low + weight * ((means[b + i] as number) - low);
  }
}

interface Bracket {
  readonly before: number;
  readonly after: number;
  /** 0..1, share of `after`. */
  readonly weight: number;
}

/** The two mid-month dates round a day; a mid-month is the 15th. */
function monthsAround(day: number): Bracket {
  const { year, month } = civil(day);
  const middle = dayNumber(year, month, 15);
  const first = day < middle ? month - 1 : month;
  const from = dayNumber(year, first, 15);
  const to = dayNumber(year, first + 1, 15);
  return { before: (first + 11) % 12, after: first % 12, weight: (day - from) / (to - from) };
}

/** The two even steps of the year round a day; step k stands for (k + ½) / K of the year. */
function nodesAround(day: number, nodes: number): Bracket {
  const position = yearShare(day) * nodes - 0.5;
  const floor = Math.floor(position);
  return { before: (floor + nodes) % nodes, after: (floor + 1) % nodes, weight: position - floor };
}

/** How far a day lies in its year, 0 ≤ share < 1, leap years stretched to match. */
export function yearShare(day: number): number {
  const { year, dayOfYear } = civil(day);
  return (dayOfYear + 0.5) / (dayNumber(year + 1, 1, 1) - dayNumber(year, 1, 1));
}
