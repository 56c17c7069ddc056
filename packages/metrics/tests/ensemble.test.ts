import { describe, expect, test } from 'vitest';
import {
  brierScore,
  ensembleCrps,
  fieldErrors,
  intervalCoverage,
  rankHistogram,
  softmaxRows,
  spreadSkill,
} from '../src/index.js';
import { sklearn } from './sklearn.js';
import { f, o, p } from './vectors.js';

const { members, ensemble, observation, ordinary, fair, spread, rmse } = sklearn.ensemble;

describe('ensembleCrps', () => {
  test('agrees with numpy', () => {
    expect(ensembleCrps(ensemble, observation, { members })).toBeCloseTo(ordinary, 5);
    expect(ensembleCrps(ensemble, observation, { members, kind: 'fair' })).toBeCloseTo(fair, 5);
  });

  test('of one member is the MAE', () => {
    expect(ensembleCrps(f, o, { members: 1 })).toBeCloseTo(fieldErrors(f, o).mae, 12);
  });

  test('drops a cell missing in any member', () => {
    expect(ensembleCrps([0, NaN, 1, 5], [1, 1], { members: 2 })).toBe(0.25);
  });

  test('refuses a fair score of one member and a wrong shape', () => {
    expect(() => ensembleCrps(f, o, { members: 1, kind: 'fair' })).toThrow(/at least 2/);
    expect(() => ensembleCrps(f, o, { members: 2 })).toThrow(/"ensemble" to have 12/);
  });
});

describe('spreadSkill', () => {
  test('agrees with numpy', () => {
    const result = spreadSkill(ensemble, observation, { members });
    expect(result.spread).toBeCloseTo(spread, 5);
    expect(result.rmse).toBeCloseTo(rmse, 5);
    expect(result.ratio).toBeCloseTo(spread / rmse, 5);
  });
});

describe('rankHistogram', () => {
  test('counts ranks and shares ties evenly', () => {
    const counts = rankHistogram([1, 1, 0, 2, 2, 0], [0, 1.5, 0], { members: 2 });
    expect(Array.from(counts)).toEqual([1 + 1 / 3, 1 + 1 / 3, 1 / 3]);
    expect(counts.reduce((a, b) => a + b)).toBeCloseTo(3, 12);
  });
});

describe('intervalCoverage', () => {
  test('counts observations inside, bounds included', () => {
    const coverage = intervalCoverage([0, 0, 0, NaN], [1, 1, 1, 1], [0, 1, 1.1, 0.5]);
    expect(coverage).toEqual({ n: 3, coverage: 2 / 3, meanWidth: 1 });
  });
});

describe('brierScore', () => {
  test('agrees with scikit-learn', () => {
    const { logits, labels, brier } = sklearn.temperature;
    const probability = softmaxRows(logits, 3).filter((_, i) => i % 3 === 0);
    expect(
      brierScore(
        probability,
        labels.map((label) => (label === 0 ? 1 : 0)),
      ),
    ).toBeCloseTo(brier, 5);
  });

  test('is NaN where nothing can be scored', () => {
    expect(brierScore([NaN], [1])).toBeNaN();
    expect(brierScore(p, o, { mask: o.map(() => 0) })).toBeNaN();
  });
});
