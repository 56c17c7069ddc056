import { cellsPerStep, civil } from './calendar.js';
import type { Climatology } from './climatology.js';
import { assertConcentration } from './concentration.js';
import { MetricsError } from './errors.js';

/** A monthly record and the training years to take of it. */
export interface MonthlyRecord {
  /** [M,N], monthly mean concentration, fraction 0..1, NaN missing. */
  readonly sic: Float32Array;
  /** [M], days since 1970-01-01: any day of each field's month. */
  readonly days: ArrayLike<number>;
  /** First year used. @default the first of the record */
  readonly fromYear?: number;
  /** Last year used; must lie before validation and test. @default the last of the record */
  readonly toYear?: number;
}

/**
 * The climatology of a monthly record: the mean of each calendar month over the training years, to
 * be read by linear interpolation between mid-months (the 15th) with {@link climatologyOn}.
 *
 * Missing months of a cell are left out of its mean; where a cell never has a value in a calendar
 * month, that month is NaN.
 *
 * @throws MetricsError where shapes differ, values are no fractions, or a calendar month is absent.
 */
export function climatologyFromMonthly(record: MonthlyRecord): Climatology {
  const { sic, days, fromYear = -Infinity, toYear = Infinity } = record;
  const cells = cellsPerStep(sic, days);
  const sums = new Float64Array(12 * cells);
  const counts = new Uint16Array(12 * cells);
  const seen = new Set<number>();
  let from = Infinity;
  let to = -Infinity;
  for (let step = 0; step < days.length; step++) {
    const { year, month } = civil(days[step] as number);
    if (year < fromYear || year > toYear) continue;
    const field = sic.subarray(step * cells, (step + 1) * cells);
    assertConcentration(`sic of ${year}-${String(month).padStart(2, '0')}`, field);
    seen.add(month);
    from = Math.min(from, year);
    to = Math.max(to, year);
    const start = (month - 1) * cells;
    for (let i = 0; i < cells; i++) {
      const value = field[i] as number;
      if (Number.isNaN(value)) continue;
      sums[start + i] = (sums[start + i] as number) + value;
      counts[start + i] = (counts[start + i] as number) + 1;
    }
  }
  if (seen.size < 12) {
    throw new MetricsError(
      `Expected all twelve calendar months between ${fromYear} and ${toYear}. Received: ` +
        `${seen.size} of them in ${days.length} fields. Take more years, or a daily climatology.`,
    );
  }
  const means = Float32Array.from(sums, (sum, i) => sum / (counts[i] as number));
  return { kind: 'monthly', from, to, cells, nodes: 12, means };
}
