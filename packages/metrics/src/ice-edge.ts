import { expectLength, storedThreshold, type Field } from './cells.js';

/** Where ice ends, which cells count, how large they are. */
export interface IceEdgeOptions {
  /** Area in km²: [N], or one number for cells of equal area. */
  readonly area: Field | number;
  /** [N], non-zero = the cell counts. @default every cell */
  readonly mask?: Field;
  /** Concentration above which (strictly) a cell is ice, fraction. @default 0.15 */
  readonly threshold?: number;
}

/** The integrated ice-edge error and its parts, km². */
export interface IceEdgeError {
  /** Number of cells compared. */
  readonly n: number;
  /** O: area forecast as ice that was open, km². */
  readonly over: number;
  /** U: area forecast as open that was ice, km². */
  readonly under: number;
  /** O + U, km². */
  readonly iiee: number;
  /** Absolute extent error AEE = |O − U|, km². */
  readonly extentError: number;
  /** Misplacement error ME = 2·min(O, U), km². */
  readonly misplacement: number;
}

/**
 * The integrated ice-edge error, IIEE = O + U, split into extent error and misplacement.
 *
 * A cell is ice where its concentration is strictly above the threshold. A NaN in either field
 * removes the cell.
 *
 * Reference: Goessling et al. 2016, Geophys. Res. Lett., doi:10.1002/2015GL067232.
 *
 * @param forecast - [N], fraction 0..1.
 * @param observation - [N], fraction 0..1.
 * @throws MetricsError where lengths differ.
 */
export function iceEdgeError(
  forecast: Field,
  observation: Field,
  options: IceEdgeOptions,
): IceEdgeError {
  const { area, mask, threshold = 0.15 } = options;
  const cells = observation.length;
  expectLength('forecast', forecast, cells);
  if (mask) expectLength('mask', mask, cells);
  if (typeof area !== 'number') expectLength('area', area, cells);
  const above = storedThreshold(forecast, threshold);
  const observedAbove = storedThreshold(observation, threshold);
  let n = 0;
  let over = 0;
  let under = 0;
  for (let i = 0; i < cells; i++) {
    if (mask && !mask[i]) continue;
    const f = forecast[i] as number;
    const o = observation[i] as number;
    if (Number.isNaN(f) || Number.isNaN(o)) continue;
    n++;
    const forecastIce = f > above;
    if (forecastIce === o > observedAbove) continue;
    const km2 = typeof area === 'number' ? area : (area[i] as number);
    if (forecastIce) over += km2;
    else under += km2;
  }
  return { n, over, under, ...edgeParts(over, under) };
}

/** IIEE, AEE and ME of an over- and an underestimated area. */
export function edgeParts(
  over: number,
  under: number,
): { iiee: number; extentError: number; misplacement: number } {
  return {
    iiee: over + under,
    extentError: Math.abs(over - under),
    misplacement: 2 * Math.min(over, under),
  };
}

/**
 * The spatial probability score Σ a (p − b(o))², km²: the IIEE's counterpart for probabilities.
 * For p in {0, 1} it equals the IIEE.
 *
 * Reference: Goessling & Jung 2018, Q. J. R. Meteorol. Soc., doi:10.1002/qj.3242.
 *
 * @param probability - [N], probability of ice, 0..1; NaN removes the cell.
 * @param observation - [N], concentration, fraction 0..1; NaN removes the cell.
 * @throws MetricsError where lengths differ.
 */
export function spatialProbabilityScore(
  probability: Field,
  observation: Field,
  options: IceEdgeOptions,
): number {
  const { area, mask, threshold = 0.15 } = options;
  const cells = observation.length;
  expectLength('probability', probability, cells);
  if (mask) expectLength('mask', mask, cells);
  if (typeof area !== 'number') expectLength('area', area, cells);
  const above = storedThreshold(observation, threshold);
  let sum = 0;
  for (let i = 0; i < cells; i++) {
    if (mask && !mask[i]) continue;
    const o = observation[i] as number;
    const difference = (probability[i] as number) - (o > above ? 1 : 0);
    if (Number.isNaN(difference) || Number.isNaN(o)) continue;
    sum += (typeof area === 'number' ? area : (area[i] as number)) * difference * difference;
  }
  return sum;
}
