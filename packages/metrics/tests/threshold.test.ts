import { describe, expect, test } from 'vitest';
import { bestThreshold, createThresholdSearch, otsuThreshold } from '../src/index.js';

describe('otsuThreshold', () => {
  test('splits two peaks in the middle of the empty stretch', () => {
    const values = [...Array<number>(50).fill(0), ...Array<number>(10).fill(1)];
    expect(otsuThreshold(values)).toBeCloseTo(0.5, 2);
  });

  test('finds the split of greatest between-class variance', () => {
    const values = Array.from({ length: 400 }, (_, i) => (i % 4 ? 10 + (i % 7) : 30 + (i % 5)));
    const variance = (t: number): number => {
      const lower = values.filter((value) => value <= t);
      const upper = values.filter((value) => value > t);
      const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
      return lower.length && upper.length
        ? lower.length * upper.length * (mean(lower) - mean(upper)) ** 2
        : 0;
    };
    const best = Math.max(...values.map(variance));
    expect(variance(otsuThreshold(values))).toBeCloseTo(best, 6);
  });

  test('leaves out NaN, and returns the value itself where all are equal', () => {
    expect(otsuThreshold([NaN, 0, 0, 1, NaN])).toBeCloseTo(0.5, 2);
    expect(otsuThreshold([3, 3])).toBe(3);
    expect(() => otsuThreshold([NaN])).toThrow(/at least one finite value/);
  });
});

describe('bestThreshold', () => {
  test('finds the threshold of best F1, the middle one of equals', () => {
    const chosen = bestThreshold([0.1, 0.4, 0.6, 0.9], [0, 0, 1, 1]);
    expect(chosen.scores.f1).toBe(1);
    expect(chosen.threshold).toBeCloseTo(0.51, 12);
  });

  test('counts p ≥ threshold as positive, in single precision too', () => {
    const candidates = [0.3];
    expect(bestThreshold([0.3], [1], { candidates }).scores.recall).toBe(1);
    expect(bestThreshold(new Float32Array([0.3]), [1], { candidates }).scores.recall).toBe(1);
    expect(bestThreshold([0.2999], [1], { candidates }).scores.recall).toBe(0);
  });

  test('pools images, honours the mask, drops NaN', () => {
    const search = createThresholdSearch();
    search.add([0.2, 0.8], [0, 1]);
    search.add([0.9, 0.1, NaN], [0, 0, 1], [0, 1, 1]);
    const { scores } = search.best();
    expect(scores).toMatchObject({ n: 3, f1: 1, truePositives: 1, trueNegatives: 2 });
  });

  test('refuses candidates that do not ascend', () => {
    expect(() => createThresholdSearch({ candidates: [0.5, 0.4] })).toThrow(/ascending/);
    expect(() => createThresholdSearch({ candidates: [] })).toThrow(/at least one/);
  });
});
