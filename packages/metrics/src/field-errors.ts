import {
  expectCellOptions,
  expectLength,
  storedThreshold,
  type CellOptions,
  type Field,
} from './cells.js';

/** Errors of a field against the observation, in the unit of the field. NaN where n = 0. */
export interface FieldErrors {
  /** Number of cells that counted. */
  readonly n: number;
  /** Sum of their weights. */
  readonly weight: number;
  /** Weighted mean of f − o. */
  readonly bias: number;
  /** Weighted mean of |f − o|. */
  readonly mae: number;
  /** Weighted mean of (f − o)². */
  readonly mse: number;
  /** Root of {@link FieldErrors.mse}. */
  readonly rmse: number;
}

/**
 * Bias, MAE, MSE and RMSE of one field; a NaN in either field removes the cell.
 *
 * @param forecast - [N].
 * @param observation - [N], same unit.
 * @throws MetricsError where lengths differ.
 */
export function fieldErrors(
  forecast: Field,
  observation: Field,
  options: CellOptions = {},
): FieldErrors {
  return errorsWhere(forecast, observation, options, -Infinity, Infinity);
}

/** Bounds of the marginal ice zone. */
export interface MarginalIceZoneOptions extends CellOptions {
  /** Lower bound, exclusive, fraction. @default 0.15 */
  readonly above?: number;
  /** Upper bound, exclusive, fraction. @default 0.80 */
  readonly below?: number;
}

/**
 * The errors over the marginal ice zone, the cells where 0.15 < o < 0.80 (strict on both sides).
 *
 * @param forecast - [N], fraction 0..1.
 * @param observation - [N], fraction 0..1; decides which cells belong to the zone.
 * @throws MetricsError where lengths differ.
 */
export function marginalIceZoneErrors(
  forecast: Field,
  observation: Field,
  options: MarginalIceZoneOptions = {},
): FieldErrors {
  const above = storedThreshold(observation, options.above ?? 0.15);
  const below = storedThreshold(observation, options.below ?? 0.8);
  return errorsWhere(forecast, observation, options, above, below);
}

/**
 * The errors of many fields as one: sums are pooled over cells and cases, and the root is taken
 * once. (The mean of the cases' RMSE is smaller and is not the RMSE.)
 */
export function poolFieldErrors(cases: readonly FieldErrors[]): FieldErrors {
  let n = 0;
  let weight = 0;
  let bias = 0;
  let mae = 0;
  let mse = 0;
  for (const one of cases) {
    if (one.weight === 0) continue; // its means are NaN
    n += one.n;
    weight += one.weight;
    bias += one.bias * one.weight;
    mae += one.mae * one.weight;
    mse += one.mse * one.weight;
  }
  return toErrors(n, weight, bias, mae, mse);
}

function errorsWhere(
  forecast: Field,
  observation: Field,
  options: CellOptions,
  above: number,
  below: number,
): FieldErrors {
  const cells = observation.length;
  expectLength('forecast', forecast, cells);
  expectCellOptions(options, cells);
  const { mask, weights } = options;
  let n = 0;
  let weight = 0;
  let signed = 0;
  let absolute = 0;
  let squared = 0;
  for (let i = 0; i < cells; i++) {
    if (mask && !mask[i]) continue;
    const o = observation[i] as number;
    const error = (forecast[i] as number) - o;
    if (Number.isNaN(error) || !(o > above && o < below)) continue;
    const w = weights ? (weights[i] as number) : 1;
    n++;
    weight += w;
    signed += w * error;
    absolute += w * Math.abs(error);
    squared += w * error * error;
  }
  return toErrors(n, weight, signed, absolute, squared);
}

function toErrors(
  n: number,
  weight: number,
  signed: number,
  absolute: number,
  squared: number,
): FieldErrors {
  const mse = squared / weight; // 0 / 0 = NaN: nothing to score
  return { n, weight, bias: signed / weight, mae: absolute / weight, mse, rmse: Math.sqrt(mse) };
}
