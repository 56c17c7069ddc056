import { cellsPerStep, civil } from './calendar.js';
import { expectLength, storedThreshold, type Field } from './cells.js';
import { MetricsError } from './errors.js';

/** A long record that shows where there is ever ice. */
export interface ActiveCellsOptions {
  /** [M,N], concentration, fraction 0..1, NaN missing; monthly means serve best. */
  readonly sic: Field;
  /** [M], days since 1970-01-01: any day of each field's month. */
  readonly days: Field;
  /** [N], non-zero = ocean cell: never land, coast or pole hole. @default every cell */
  readonly ocean?: Field;
  /** First year used. @default the first of the record */
  readonly fromYear?: number;
  /** Last year used. @default the last of the record */
  readonly toYear?: number;
  /** Least concentration that counts as ice here (≥), fraction. @default 0.15 */
  readonly threshold?: number;
}

/**
 * The active cells: ocean cells with ice of at least 15 % in at least one field of the record.
 * Scores over the whole ocean flatter every forecast with water that never freezes.
 *
 * @returns [N], 1 = active, 0 = not.
 * @throws MetricsError where shapes differ or no field lies in the years asked for.
 */
export function activeCells(options: ActiveCellsOptions): Uint8Array {
  const { sic, days, ocean, fromYear = -Infinity, toYear = Infinity } = options;
  const cells = cellsPerStep(sic, days);
  if (ocean) expectLength('ocean', ocean, cells);
  const threshold = storedThreshold(sic, options.threshold ?? 0.15);
  const active = new Uint8Array(cells);
  let used = 0;
  for (let step = 0; step < days.length; step++) {
    const { year } = civil(days[step] as number);
    if (year < fromYear || year > toYear) continue;
    used++;
    const start = step * cells;
    for (let i = 0; i < cells; i++) {
      if ((sic[start + i] as number) >= threshold && (!ocean || ocean[i])) active[i] = 1;
    }
  }
  if (used === 0) {
    throw new MetricsError(
      `Expected at least one field from ${fromYear} to ${toYear}. Received: none of ${days.length}.`,
    );
  }
  return active;
}
