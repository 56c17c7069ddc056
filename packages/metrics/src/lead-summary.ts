import { blockBootstrapInterval, type BootstrapOptions, type Interval } from './bootstrap.js';
import { MetricsError } from './errors.js';
import { edgeParts } from './ice-edge.js';
import type { CaseSums } from './lead-scores.js';

/** The scores of one lead time. Fields are NaN where nothing was added. */
export interface LeadScore {
  /** 1 = the first forecast step. */
  readonly lead: number;
  /** Number of cases. */
  readonly n: number;
  /** Number of cells compared, over all cases. */
  readonly cells: number;
  /** Concentration, fraction; squares pooled over cells and cases. */
  readonly rmse: number;
  readonly mae: number;
  readonly bias: number;
  /** Mean over cases of O + U, km². */
  readonly iiee: number;
  /** Mean over cases of |O − U|, km². */
  readonly aee: number;
  /** Mean over cases of 2·min(O, U), km². */
  readonly me: number;
  /** Percent of compared cells that agree on ice or no ice, 0..100. */
  readonly binaryAccuracy: number;
  /** RMSE over the marginal ice zone; NaN where the zone is empty. */
  readonly mizRmse: number;
  /** The sums of each case, in the order added. */
  readonly cases: readonly CaseSums[];
}

/** A score of {@link LeadScore} that an interval can be had for. */
export type LeadScoreName =
  'rmse' | 'mae' | 'bias' | 'iiee' | 'aee' | 'me' | 'binaryAccuracy' | 'mizRmse';

/** The scores of one lead from the sums of its cases, such as sums that were kept of earlier days. */
export function leadScoreOf(lead: number, cases: readonly CaseSums[]): LeadScore {
  const every = cases.map((_, i) => i);
  const score = (name: LeadScoreName): number => scoreOf(name, cases, every);
  return {
    lead,
    n: cases.length,
    cells: sumOver(cases, every, (one) => one.cells),
    rmse: score('rmse'),
    mae: score('mae'),
    bias: score('bias'),
    iiee: score('iiee'),
    aee: score('aee'),
    me: score('me'),
    binaryAccuracy: score('binaryAccuracy'),
    mizRmse: score('mizRmse'),
    cases,
  };
}

/** How a block bootstrap over cases is drawn. */
export interface LeadBootstrapOptions extends BootstrapOptions {
  /** Least time a block spans, in the unit of the cases' days. @default 30 */
  readonly blockDays?: number;
}

/**
 * The block-bootstrap interval of one score of one lead; the blocks go by the cases' days.
 *
 * @throws MetricsError where the cases' days do not ascend.
 */
export function leadInterval(
  score: LeadScore,
  name: LeadScoreName,
  options: LeadBootstrapOptions,
): Interval {
  const days = score.cases.map((one) => one.day);
  return blockBootstrapInterval((indices) => scoreOf(name, score.cases, indices), {
    ...options,
    days,
  });
}

/** Skill of a forecast against a reference on the same cases, with intervals; never clipped. */
export interface LeadSkill {
  readonly lead: number;
  /** Number of cases. */
  readonly n: number;
  /** 1 − MSE_f / MSE_ref. */
  readonly msess: Interval;
  /** 1 − RMSE_f / RMSE_ref. */
  readonly rmsess: Interval;
}

/**
 * The skill of a forecast against a reference forecast at one lead. Both are drawn together, so
 * that the interval is that of the difference on the same days.
 *
 * Reference: Murphy & Epstein 1989, Mon. Weather Rev.
 *
 * @throws MetricsError where the two were not scored on the same cases and cells.
 */
export function leadSkill(
  forecast: LeadScore,
  reference: LeadScore,
  options: LeadBootstrapOptions,
): LeadSkill {
  expectSameCases(forecast, reference);
  const days = forecast.cases.map((one) => one.day);
  const ratio = (indices: ArrayLike<number>): number =>
    sumOver(forecast.cases, indices, (one) => one.squared) /
    sumOver(reference.cases, indices, (one) => one.squared);
  return {
    lead: forecast.lead,
    n: forecast.n,
    msess: blockBootstrapInterval((indices) => 1 - ratio(indices), { ...options, days }),
    rmsess: blockBootstrapInterval((indices) => 1 - Math.sqrt(ratio(indices)), {
      ...options,
      days,
    }),
  };
}

function expectSameCases(forecast: LeadScore, reference: LeadScore): void {
  const fault = (what: string): MetricsError =>
    new MetricsError(
      `Expected forecast and reference scored on the same cases and cells. Received: ${what}. ` +
        'Add both for every case, with the same mask, and set both to NaN where either is missing.',
    );
  if (forecast.lead !== reference.lead) throw fault(`leads ${forecast.lead} and ${reference.lead}`);
  if (forecast.n !== reference.n) throw fault(`${forecast.n} and ${reference.n} cases`);
  forecast.cases.forEach((one, i) => {
    const other = reference.cases[i];
    if (other && (one.day !== other.day || one.cells !== other.cells)) {
      throw fault(
        `day ${one.day} with ${one.cells} cells and day ${other.day} with ${other.cells} cells`,
      );
    }
  });
}

function scoreOf(
  name: LeadScoreName,
  cases: readonly CaseSums[],
  indices: ArrayLike<number>,
): number {
  const sum = (value: (one: CaseSums) => number): number => sumOver(cases, indices, value);
  switch (name) {
    case 'rmse':
      return Math.sqrt(sum((one) => one.squared) / sum((one) => one.weight));
    case 'mae':
      return sum((one) => one.absolute) / sum((one) => one.weight);
    case 'bias':
      return sum((one) => one.signed) / sum((one) => one.weight);
    case 'iiee':
      return sum((one) => edgeParts(one.over, one.under).iiee) / indices.length;
    case 'aee':
      return sum((one) => edgeParts(one.over, one.under).extentError) / indices.length;
    case 'me':
      return sum((one) => edgeParts(one.over, one.under).misplacement) / indices.length;
    case 'binaryAccuracy':
      return (100 * sum((one) => one.hits)) / sum((one) => one.cells);
    case 'mizRmse':
      return Math.sqrt(sum((one) => one.mizSquared) / sum((one) => one.mizWeight));
  }
}

function sumOver(
  cases: readonly CaseSums[],
  indices: ArrayLike<number>,
  value: (one: CaseSums) => number,
): number {
  let sum = 0;
  for (let j = 0; j < indices.length; j++) sum += value(cases[indices[j] as number] as CaseSums);
  return sum;
}
