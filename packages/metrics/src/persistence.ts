import { expectCount, expectLength, type Field } from './cells.js';
import { MetricsError } from './errors.js';

/**
 * The persistence forecast f(t0 + L) = o(t0): the newest step of the history, for every lead.
 *
 * @param history - [T,N], oldest first, fraction 0..1.
 * @param cells - N.
 * @returns [N], a copy of the last step; NaN where that is missing.
 * @throws MetricsError where the history is empty or no multiple of `cells`.
 */
export function persistence(history: Float32Array, cells: number): Float32Array {
  expectCount('cells', cells, 1);
  expectLength('history', history, Math.floor(history.length / cells) * cells);
  if (history.length === 0) {
    throw new MetricsError('Expected a history of at least one step. Received: none.');
  }
  return history.slice(history.length - cells);
}

/** What an anomaly forecast starts from. */
export interface AnomalyForecast {
  /** [N], newest observation o(t0), fraction 0..1. */
  readonly newest: Field;
  /** [N], climatology of the issue day c(t0). */
  readonly climatologyNow: Field;
  /** [N], climatology of the target day c(t0 + L). */
  readonly climatologyThen: Field;
}

/** An {@link AnomalyForecast} with the damping of its lead. */
export interface DampedAnomalyForecast extends AnomalyForecast {
  /** Damping of this lead, 0..1: [N], or one number for all cells. */
  readonly alpha: Field | number;
}

/**
 * The anomaly persistence forecast clip(c(t0 + L) + o(t0) − c(t0), 0, 1).
 *
 * @returns [N], fraction 0..1, NaN where an input is.
 * @throws MetricsError where lengths differ.
 */
export function anomalyPersistence(options: AnomalyForecast): Float32Array {
  return dampedAnomalyPersistence({ ...options, alpha: 1 });
}

/**
 * The damped anomaly persistence forecast clip(c(t0 + L) + α (o(t0) − c(t0)), 0, 1).
 *
 * Reference: Niraula & Goessling 2021, J. Geophys. Res. Oceans, doi:10.1029/2021JC017784.
 *
 * @returns [N], fraction 0..1, NaN where an input is.
 * @throws MetricsError where lengths differ.
 */
export function dampedAnomalyPersistence(options: DampedAnomalyForecast): Float32Array {
  const out = new Float32Array(options.newest.length);
  dampedAnomalyPersistenceInto(options, out);
  return out;
}

/**
 * Writes the damped anomaly persistence forecast into `out`; see {@link dampedAnomalyPersistence}.
 *
 * @param out - [N], overwritten.
 * @throws MetricsError where lengths differ.
 */
export function dampedAnomalyPersistenceInto(
  options: DampedAnomalyForecast,
  out: Float32Array,
): void {
  const { newest, climatologyNow, climatologyThen, alpha } = options;
  const cells = newest.length;
  expectLength('climatologyNow', climatologyNow, cells);
  expectLength('climatologyThen', climatologyThen, cells);
  expectLength('out', out, cells);
  if (typeof alpha !== 'number') expectLength('alpha', alpha, cells);
  for (let i = 0; i < cells; i++) {
    const damping = typeof alpha === 'number' ? alpha : (alpha[i] as number);
    const anomaly = (newest[i] as number) - (climatologyNow[i] as number);
    const value = (climatologyThen[i] as number) + damping * anomaly;
    out[i] = value < 0 ? 0 : value > 1 ? 1 : value;
  }
}
