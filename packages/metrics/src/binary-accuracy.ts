import { expectLength, storedThreshold, type Field } from './cells.js';

/** Which cells are active, and where ice begins. */
export interface BinaryAccuracyOptions {
  /** [N], non-zero = active cell. Publish it beside the score. @default every cell */
  readonly mask?: Field;
  /** Concentration above which (strictly) a cell is ice, fraction. @default 0.15 */
  readonly threshold?: number;
}

/**
 * The percentage of active cells where forecast and observation agree on ice or no ice.
 *
 * The share depends on the mask (a wide one holds cells that everybody gets right), so the mask
 * and persistence's value belong beside it. NaN in either field removes the cell; NaN when no
 * cell is left.
 *
 * Reference: IceNet, Andersson et al. 2021, Nat. Commun., doi:10.1038/s41467-021-25257-4.
 *
 * @param forecast - [N], fraction 0..1.
 * @param observation - [N], fraction 0..1.
 * @returns Percent, 0..100.
 * @throws MetricsError where lengths differ.
 */
export function binaryAccuracy(
  forecast: Field,
  observation: Field,
  options: BinaryAccuracyOptions = {},
): number {
  const { mask, threshold = 0.15 } = options;
  const cells = observation.length;
  expectLength('forecast', forecast, cells);
  if (mask) expectLength('mask', mask, cells);
  const above = storedThreshold(forecast, threshold);
  const observedAbove = storedThreshold(observation, threshold);
  let n = 0;
  let hits = 0;
  for (let i = 0; i < cells; i++) {
    if (mask && !mask[i]) continue;
    const f = forecast[i] as number;
    const o = observation[i] as number;
    if (Number.isNaN(f) || Number.isNaN(o)) continue;
    n++;
    if (f > above === o > observedAbove) hits++;
  }
  return (100 * hits) / n;
}
