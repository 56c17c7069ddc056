import {
  expectCellOptions,
  expectCount,
  expectLength,
  type CellOptions,
  type Field,
} from './cells.js';
import { fieldErrors } from './field-errors.js';

/** How many members, which cells. */
export interface EnsembleOptions extends CellOptions {
  /** Number of members M; the ensemble is [M,N], member by member. */
  readonly members: number;
}

/** Options of {@link ensembleCrps}. */
export interface CrpsOptions extends EnsembleOptions {
  /**
   * `ordinary`: the score of the M members as they are; `fair`: the expected score of an
   * unlimited ensemble, with M(M − 1) in place of M². @default 'ordinary'
   */
  readonly kind?: 'ordinary' | 'fair';
}

/**
 * The continuous ranked probability score, mean over cells, in the unit of the field: the mean
 * absolute error of an ensemble (with one member it is the MAE). A NaN in the observation or in
 * any member removes the cell.
 *
 * Reference: Gneiting & Raftery 2007, J. Am. Stat. Assoc., doi:10.1198/016214506000001437, eq. 21.
 *
 * @param ensemble - [M,N].
 * @param observation - [N].
 * @throws MetricsError where lengths differ, or `fair` is asked of one member.
 */
export function ensembleCrps(ensemble: Field, observation: Field, options: CrpsOptions): number {
  const { members } = options;
  const fair = options.kind === 'fair';
  if (fair) expectCount('members', members, 2);
  const pairs = fair ? members * (members - 1) : members * members;
  let sum = 0;
  const weight = overCells(ensemble, observation, options, (sorted, o, w) => {
    let distance = 0;
    let spread = 0; // Σ_i<j (x_j − x_i), from the sorted members
    for (let m = 0; m < members; m++) {
      const x = sorted[m] as number;
      distance += Math.abs(x - o);
      spread += (2 * m - members + 1) * x;
    }
    sum += w * (distance / members - spread / pairs);
  });
  return sum / weight;
}

/** Spread of an ensemble beside the error of its mean. */
export interface SpreadSkill {
  /** Root of the mean ensemble variance × (M + 1) / M, in the unit of the field. */
  readonly spread: number;
  /** RMSE of the ensemble mean. */
  readonly rmse: number;
  /** spread / rmse: 1 for a reliable ensemble, below 1 when it is too sure of itself. */
  readonly ratio: number;
}

/**
 * Spread and skill of an ensemble. The factor (M + 1) / M makes the two equal for a reliable
 * ensemble of finite size.
 *
 * Reference: Fortin et al. 2014, J. Hydrometeorol., doi:10.1175/JHM-D-14-0008.1.
 *
 * @param ensemble - [M,N], at least two members.
 * @param observation - [N].
 * @throws MetricsError where lengths differ or there are fewer than two members.
 */
export function spreadSkill(
  ensemble: Field,
  observation: Field,
  options: EnsembleOptions,
): SpreadSkill {
  const { members } = options;
  expectCount('members', members, 2);
  let variance = 0;
  let squared = 0;
  const weight = overCells(ensemble, observation, options, (sorted, o, w) => {
    let mean = 0;
    for (let m = 0; m < members; m++) mean += (sorted[m] as number) / members;
    let scatter = 0;
    for (let m = 0; m < members; m++) scatter += ((sorted[m] as number) - mean) ** 2;
    variance += (w * scatter) / (members - 1);
    squared += w * (mean - o) ** 2;
  });
  const spread = Math.sqrt((variance / weight) * ((members + 1) / members));
  const rmse = Math.sqrt(squared / weight);
  return { spread, rmse, ratio: spread / rmse };
}

/**
 * How often the observation takes each rank among the members: [M + 1] counts, flat for a
 * reliable ensemble. A tie (open water in every member and in the observation) is shared evenly
 * among the ranks it could take, so that the counts need no random draw.
 *
 * Reference: Hamill 2001, Mon. Weather Rev., doi:10.1175/1520-0493(2001)129<0550:IORHFV>2.0.CO;2.
 *
 * @param ensemble - [M,N].
 * @param observation - [N].
 * @throws MetricsError where lengths differ.
 */
export function rankHistogram(
  ensemble: Field,
  observation: Field,
  options: EnsembleOptions,
): Float64Array {
  const { members } = options;
  const counts = new Float64Array(members + 1);
  overCells(ensemble, observation, options, (sorted, o, w) => {
    let below = 0;
    while (below < members && (sorted[below] as number) < o) below++;
    let notAbove = below;
    while (notAbove < members && (sorted[notAbove] as number) === o) notAbove++;
    const share = w / (notAbove - below + 1);
    for (let rank = below; rank <= notAbove; rank++) {
      counts[rank] = (counts[rank] as number) + share;
    }
  });
  return counts;
}

/** How often intervals hold the observation, and how wide they are. */
export interface IntervalCoverage {
  /** Number of cells compared. */
  readonly n: number;
  /** Share with lower ≤ o ≤ upper, 0..1; NaN where n = 0. Compare with the nominal level. */
  readonly coverage: number;
  /** Weighted mean of upper − lower. */
  readonly meanWidth: number;
}

/**
 * The measured coverage of prediction intervals. NaN in any field removes the cell.
 *
 * Reference: Gneiting & Raftery 2007, doi:10.1198/016214506000001437, section 6.
 *
 * @param lower - [N].
 * @param upper - [N].
 * @param observation - [N].
 * @throws MetricsError where lengths differ.
 */
export function intervalCoverage(
  lower: Field,
  upper: Field,
  observation: Field,
  options: CellOptions = {},
): IntervalCoverage {
  const cells = observation.length;
  expectLength('lower', lower, cells);
  expectLength('upper', upper, cells);
  expectCellOptions(options, cells);
  const { mask, weights } = options;
  let n = 0;
  let weight = 0;
  let inside = 0;
  let width = 0;
  for (let i = 0; i < cells; i++) {
    if (mask && !mask[i]) continue;
    const low = lower[i] as number;
    const high = upper[i] as number;
    const o = observation[i] as number;
    if (Number.isNaN(low + high + o)) continue;
    const w = weights ? (weights[i] as number) : 1;
    n++;
    weight += w;
    width += w * (high - low);
    if (o >= low && o <= high) inside += w;
  }
  return { n, coverage: inside / weight, meanWidth: width / weight };
}

/**
 * The Brier score, mean of (p − event)²: 0 is perfect.
 *
 * Reference: Brier 1950, Mon. Weather Rev., doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
 *
 * @param probability - [N], 0..1; NaN removes the cell.
 * @param event - [N], 1 where it happened, 0 where not; NaN removes the cell.
 * @throws MetricsError where lengths differ.
 */
export function brierScore(probability: Field, event: Field, options: CellOptions = {}): number {
  return fieldErrors(probability, event, options).mse;
}

/** Calls `visit` with the sorted members of every cell that counts; returns the weight in all. */
function overCells(
  ensemble: Field,
  observation: Field,
  options: EnsembleOptions,
  visit: (sorted: Float64Array, observation: number, weight: number) => void,
): number {
  const { members, mask, weights } = options;
  const cells = observation.length;
  expectCount('members', members, 1);
  expectLength('ensemble', ensemble, members * cells);
  expectCellOptions(options, cells);
  const sorted = new Float64Array(members);
  let total = 0;
  for (let i = 0; i < cells; i++) {
    if (mask && !mask[i]) continue;
    const o = observation[i] as number;
    let missing = Number.isNaN(o);
    for (let m = 0; m < members && !missing; m++) {
      const x = ensemble[m * cells + i] as number;
      sorted[m] = x;
      missing = Number.isNaN(x);
    }
    if (missing) continue;
    sorted.sort();
    const w = weights ? (weights[i] as number) : 1;
    total += w;
    visit(sorted, o, w);
  }
  return total;
}
