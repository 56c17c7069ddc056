import { expectCount, expectLength, storedThreshold, type Field } from './cells.js';
import { isOutOfRange, outOfRange } from './concentration.js';
import { MetricsError } from './errors.js';
import { leadScoreOf, type LeadScore } from './lead-summary.js';

/** What a forecast is scored on. */
export interface LeadScoresOptions {
  /** Number of lead times; leads are numbered 1..leads. */
  readonly leads: number;
  /** [N], non-zero = the cell counts (active ocean cell). */
  readonly mask: Field;
  /** Cell area in km²: [N], or one number for cells of equal area. */
  readonly area: Field | number;
  /** Concentration above which (strictly) a cell is ice, fraction. @default 0.15 */
  readonly threshold?: number;
  /** Marginal ice zone as bounds of the observation, both exclusive. @default [0.15, 0.80] */
  readonly marginalIceZone?: readonly [number, number];
  /** Weights of bias, MAE and RMSE. @default 'cell' */
  readonly weighting?: 'cell' | 'area';
}

/** The sums of one forecast field against one observation. */
export interface CaseSums {
  /** Day of the case, as given to `add`; the running number where none was given. */
  readonly day: number;
  /** Number of cells compared. */
  readonly cells: number;
  /** Sum of weights. */
  readonly weight: number;
  readonly signed: number;
  readonly absolute: number;
  readonly squared: number;
  /** km² */
  readonly over: number;
  /** km² */
  readonly under: number;
  /** Number of cells that agree on ice or no ice. */
  readonly hits: number;
  readonly mizWeight: number;
  readonly mizSquared: number;
}

/** Collects forecasts case by case, keeping a dozen sums of each and no field. */
export interface LeadScores {
  /**
   * Adds one case of one lead.
   *
   * @param lead - 1..leads.
   * @param forecast - [N], fraction; NaN removes the cell.
   * @param observation - [N], fraction 0..1; NaN removes the cell.
   * @param day - Issue day of the case, any day count: what block bootstrap and comparison with
   *   a reference go by. The running number of the case when left out.
   * @throws MetricsError where a length or the lead is wrong, or the observation is no fraction.
   */
  add(lead: number, forecast: Field, observation: Field, day?: number): void;
  /** The scores of each lead, lead 1 first. */
  result(): LeadScore[];
}

/**
 * Scores of a forecast by lead time, fed one field at a time.
 *
 * Squares are pooled over cells and cases before the root; IIEE and its parts are means over
 * cases. Per-case sums are kept, so that intervals and skill can be had afterwards
 * ({@link leadInterval}, {@link leadSkill}).
 *
 * @throws MetricsError where the mask is empty or the options do not fit it.
 */
export function createLeadScores(options: LeadScoresOptions): LeadScores {
  const { leads, mask, area, threshold = 0.15, weighting = 'cell' } = options;
  const [mizAbove, mizBelow] = options.marginalIceZone ?? [0.15, 0.8];
  expectCount('leads', leads, 1);
  if (typeof area !== 'number') expectLength('area', area, mask.length);
  const index = cellIndex(mask);
  const km2 = Float64Array.from(index, (i) =>
    typeof area === 'number' ? area : (area[i] as number),
  );
  const cases: CaseSums[][] = Array.from({ length: leads }, () => []);

  return {
    add(lead, forecast, observation, day): void {
      const list = cases[lead - 1];
      if (!list) {
        throw new MetricsError(`Expected "lead" in 1..${leads}. Received: ${lead}.`);
      }
      expectLength('forecast', forecast, mask.length);
      expectLength('observation', observation, mask.length);
      list.push(
        sumCase(forecast, observation, {
          day: day ?? list.length,
          index,
          km2,
          byArea: weighting === 'area',
          above: storedThreshold(forecast, threshold),
          observedAbove: storedThreshold(observation, threshold),
          mizAbove: storedThreshold(observation, mizAbove),
          mizBelow: storedThreshold(observation, mizBelow),
        }),
      );
    },
    result: () => cases.map((list, position) => leadScoreOf(position + 1, [...list])),
  };
}

/** The positions of the cells that count. */
function cellIndex(mask: Field): Int32Array {
  const cells: number[] = [];
  for (let i = 0; i < mask.length; i++) if (mask[i]) cells.push(i);
  if (cells.length === 0) {
    throw new MetricsError('Expected a mask with at least one cell. Received: an empty mask.');
  }
  return Int32Array.from(cells);
}

interface CaseContext {
  readonly day: number;
  readonly index: Int32Array;
  readonly km2: Float64Array;
  readonly byArea: boolean;
  readonly above: number;
  readonly observedAbove: number;
  readonly mizAbove: number;
  readonly mizBelow: number;
}

/** One pass over the cells that count: the loop that an evaluation spends its time in. */
function sumCase(forecast: Field, observation: Field, context: CaseContext): CaseSums {
  const { day, index, km2, byArea, above, observedAbove, mizAbove, mizBelow } = context;
  let cells = 0;
  let weight = 0;
  let signed = 0;
  let absolute = 0;
  let squared = 0;
  let over = 0;
  let under = 0;
  let hits = 0;
  let mizWeight = 0;
  let mizSquared = 0;
  for (let j = 0; j < index.length; j++) {
    const i = index[j] as number;
    const o = observation[i] as number;
    const f = forecast[i] as number;
    const error = f - o;
    if (error !== error) continue; // NaN in either field
    if (isOutOfRange(o)) throw outOfRange('observation', i, o);
    const a = km2[j] as number;
    const w = byArea ? a : 1;
    const square = w * error * error;
    cells++;
    weight += w;
    signed += w * error;
    absolute += w * Math.abs(error);
    squared += square;
    const forecastIce = f > above;
    if (forecastIce === o > observedAbove) hits++;
    else if (forecastIce) over += a;
    else under += a;
    if (o > mizAbove && o < mizBelow) {
      mizWeight += w;
      mizSquared += square;
    }
  }
  return {
    day,
    cells,
    weight,
    signed,
    absolute,
    squared,
    over,
    under,
    hits,
    mizWeight,
    mizSquared,
  };
}
