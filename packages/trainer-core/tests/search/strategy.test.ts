import { describe, expect, it } from 'vitest';
import { OptionsError, rungsOf } from '../../src/index.js';

describe('rungsOf', () => {
  it('gives every trial of a random search the whole budget', () => {
    expect(rungsOf({ kind: 'random', trials: 5, budget: 4 })).toEqual([{ budget: 4, trials: 5 }]);
  });

  it('gives a third of the trials three times the budget', () => {
    expect(rungsOf({ kind: 'halving', trials: 27, minBudget: 1, maxBudget: 27 })).toEqual([
      { budget: 1, trials: 27 },
      { budget: 3, trials: 9 },
      { budget: 9, trials: 3 },
      { budget: 27, trials: 1 },
    ]);
  });

  it('ends at the largest budget, keeps at least one trial and grows by a whole step', () => {
    expect(rungsOf({ kind: 'halving', trials: 4, minBudget: 2, maxBudget: 15, factor: 2 })).toEqual(
      [
        { budget: 2, trials: 4 },
        { budget: 4, trials: 2 },
        { budget: 8, trials: 1 },
        { budget: 15, trials: 1 },
      ],
    );
    const slow = rungsOf({ kind: 'halving', trials: 3, minBudget: 1, maxBudget: 3, factor: 1.2 });
    expect(slow.map(({ budget }) => budget)).toEqual([1, 2, 3]);
    expect(rungsOf({ kind: 'halving', trials: 3, minBudget: 5, maxBudget: 5 })).toEqual([
      { budget: 5, trials: 3 },
    ]);
  });

  it.each([
    [{ kind: 'random', trials: 0, budget: 1 }, 'Expected trials to be'],
    [{ kind: 'random', trials: 1, budget: 0.5 }, 'Expected budget to be'],
    [{ kind: 'halving', trials: 4, minBudget: 0, maxBudget: 4 }, 'Expected minBudget to be'],
    [{ kind: 'halving', trials: 4, minBudget: 4, maxBudget: 2 }, 'at least minBudget (4)'],
    [
      { kind: 'halving', trials: 4, minBudget: 1, maxBudget: 4, factor: 1 },
      'Expected factor to be',
    ],
  ] as const)('refuses %j', (strategy, message) => {
    expect(() => rungsOf(strategy)).toThrow(OptionsError);
    expect(() => rungsOf(strategy)).toThrow(message);
  });
});
