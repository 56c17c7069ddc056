import { check, type Rule } from '../check.js';

/** How budgets (epochs, as a rule) are spent on trials. */
export type SearchStrategy =
  /** Every trial gets the whole budget. */
  | {
      readonly kind: 'random';
      readonly trials: number;
      /** Budget of a trial. */
      readonly budget: number;
    }
  /**
   * All trials begin with `minBudget`; the better ones go on with `factor` times as much, and so on
   * up to `maxBudget` (Jamieson and Talwalkar 2016).
   */
  | {
      readonly kind: 'halving';
      readonly trials: number;
      readonly minBudget: number;
      readonly maxBudget: number;
      /** One in so many goes on; so many times the budget it then gets. @default 3 */
      readonly factor?: number;
    };

/** One stage of a search. */
export interface Rung {
  /** Whole budget of a trial at its end, not what is added. */
  readonly budget: number;
  /** Trials that reach it, at most. */
  readonly trials: number;
}

const count: Rule = [
  'a whole number of at least 1',
  (value) => Number.isInteger(value) && value >= 1,
];

/**
 * The stages of a search, first to last.
 *
 * @throws OptionsError when budgets or numbers make no sense.
 * @example
 * rungsOf({ kind: 'halving', trials: 9, minBudget: 1, maxBudget: 9 });
 * // [{ budget: 1, trials: 9 }, { budget: 3, trials: 3 }, { budget: 9, trials: 1 }]
 */
export function rungsOf(strategy: SearchStrategy): readonly Rung[] {
  const { trials } = strategy;
  check('trials', trials, count);
  if (strategy.kind === 'random') {
    const { budget } = strategy;
    check('budget', budget, count);
    return [{ budget, trials }];
  }
  const { minBudget, maxBudget, factor = 3 } = strategy;
  check('minBudget', minBudget, count);
  check('maxBudget', maxBudget, [
    `a whole number of at least minBudget (${minBudget})`,
    (value) => Number.isInteger(value) && value >= minBudget,
  ]);
  check('factor', factor, ['a number above 1', (value) => value > 1 && Number.isFinite(value)]);
  const rungs: Rung[] = [];
  let budget = minBudget;
  for (let stage = 0; ; stage++) {
    const left = Math.max(1, Math.floor(trials / factor ** stage + 1e-9));
    const last = budget >= maxBudget;
    rungs.push({ budget: last ? maxBudget : budget, trials: left });
    if (last) return rungs;
    budget = Math.max(budget + 1, Math.round(minBudget * factor ** (stage + 1)));
  }
}
