import { cellsPerStep } from './calendar.js';
import { expectCount, expectLength, type Field } from './cells.js';
import { climatologyOnInto, type Climatology } from './climatology.js';
import { assertConcentration } from './concentration.js';
import { MetricsError } from './errors.js';

/** A training series of which the damping is fitted. */
export interface DampingOptions {
  /** [T,N], daily concentration, fraction 0..1, NaN missing. */
  readonly sic: Float32Array;
  /** [T], days since 1970-01-01, ascending. */
  readonly days: Field;
  /** The mean seasonal cycle, from training years only. */
  readonly climatology: Climatology;
  /** First training day. @default the first of the series */
  readonly from?: number;
  /** Last training day; no pair of days reaches beyond it. @default the last of the series */
  readonly to?: number;
  /** Number of leads L, days. */
  readonly leads: number;
  /** [N], non-zero = fit the cell. @default every cell */
  readonly mask?: Field;
}

/** Damping factors by lead and cell. */
export interface Damping {
  readonly leads: number;
  readonly cells: number;
  /** [L,N], 0..1; lead 1 first; 0 where there is no anomaly to learn from, or outside the mask. */
  readonly alpha: Float32Array;
  /** [L], mean over the cells that were fitted, 0..1. */
  readonly domainMean: readonly number[];
}

/**
 * The damping of anomalies: α = Σ a(t) a(t + L) / Σ a(t)² per cell, the regression of the anomaly L
 * days later on today's, over all days of the training period, clamped to 0..1.
 *
 * The line goes through the origin (a climatology of other years leaves a mean anomaly, and that
 * persists too). There is no day-of-year window: a record of a few years does not allow one.
 *
 * Reference: Niraula & Goessling 2021, J. Geophys. Res. Oceans, doi:10.1029/2021JC017784.
 *
 * @throws MetricsError where shapes differ, values are no fractions, or the period is too short.
 */
export function fitDamping(options: DampingOptions): Damping {
  const { sic, days, climatology, leads, mask } = options;
  expectCount('leads', leads, 1);
  const cells = cellsPerStep(sic, days);
  expectLength('climatology', climatology.means, climatology.nodes * cells);
  if (mask) expectLength('mask', mask, cells);
  const index = Int32Array.from(
    Array.from({ length: cells }, (_, i) => i).filter((i) => !mask || Boolean(mask[i])),
  );
  const products = new Float64Array(leads * index.length);
  const squares = new Float64Array(leads * index.length);
  const seasonal = new Float32Array(cells);
  const recent: { day: number; anomaly: Float32Array }[] = []; // at most `leads` days back
  let pairs = 0;
  for (let step = 0; step < days.length; step++) {
    const day = days[step] as number;
    if (day < (options.from ?? -Infinity) || day > (options.to ?? Infinity)) continue;
    const field = sic.subarray(step * cells, (step + 1) * cells);
    assertConcentration(`sic of day ${day}`, field);
    climatologyOnInto(climatology, day, seasonal);
    while (recent[0] && day - recent[0].day > leads) recent.shift();
    const anomaly = new Float32Array(index.length);
    for (let j = 0; j < index.length; j++) {
      const i = index[j] as number;
      anomaly[j] = (field[i] as number) - (seasonal[i] as number);
    }
    for (const past of recent) {
      addPair(past.anomaly, anomaly, products, squares, (day - past.day - 1) * index.length);
      pairs++;
    }
    recent.push({ day, anomaly });
  }
  if (pairs === 0) {
    throw new MetricsError(
      `Expected training days at most ${leads} days apart. Received: ${days.length} days, no such ` +
        'pair in the period asked for.',
    );
  }
  return toDamping(leads, cells, index, products, squares);
}

function addPair(
  earlier: Float32Array,
  later: Float32Array,
  products: Float64Array,
  squares: Float64Array,
  start: number,
): void {
  for (let j = 0; j < earlier.length; j++) {
    const x = earlier[j] as number;
    const product = x * (later[j] as number);
    if (product !== product) continue; // NaN on either day
    products[start + j] = (products[start + j] as number) + product;
    squares[start + j] = (squares[start + j] as number) + x * x;
  }
}

function toDamping(
  leads: number,
  cells: number,
  index: Int32Array,
  products: Float64Array,
  squares: Float64Array,
): Damping {
  const alpha = new Float32Array(leads * cells);
  const domainMean: number[] = [];
  for (let lead = 0; lead < leads; lead++) {
    let sum = 0;
    for (let j = 0; j < index.length; j++) {
      const square = squares[lead * index.length + j] as number;
      const raw = square > 0 ? (products[lead * index.length + j] as number) / square : 0;
      const clamped = Math.min(1, Math.max(0, raw));
      alpha[lead * cells + (index[j] as number)] = clamped;
      sum += clamped;
    }
    domainMean.push(index.length === 0 ? 0 : sum / index.length);
  }
  return { leads, cells, alpha, domainMean };
}
