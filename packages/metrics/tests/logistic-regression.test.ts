import { describe, expect, it } from 'vitest';
import { fitLogisticRegression, predictLogisticRegression } from '../src/logistic-regression.js';

describe('fitLogisticRegression', () => {
  it('reaches the optimum of the penalised cross-entropy', () => {
    const features = [[0], [1], [2], [3], [4], [5]];
    const labels = [0, 0, 1, 0, 1, 1];
    const model = fitLogisticRegression(features, labels, 2, { steps: 20_000 });
    const p = features.map((x) => predictLogisticRegression(model, x)[1] as number);
    expect((p[0] ?? NaN) + (p[5] ?? NaN)).toBeCloseTo(1, 6); // symmetric data
    expect(p[5]).toBeGreaterThan(p[4] ?? NaN);
    // the optimum satisfies: penalty · w = Σ (y − p) x
    const slope = model.weights[1]?.[0] ?? NaN;
    const x = features.map(([v]) => ((v ?? NaN) - 2.5) / Math.sqrt(35 / 12));
    const pull = labels.reduce((s, y, i) => s + (y - (p[i] ?? NaN)) * (x[i] ?? NaN), 0);
    expect(slope).toBeCloseTo(pull, 5);
  });

  it('separates three classes that one feature tells apart', () => {
    const features = Array.from({ length: 60 }, (_, i) => [(i % 3) * 5 + (i % 7) / 7, 1]);
    const labels = features.map((_, i) => i % 3);
    const model = fitLogisticRegression(features, labels, 3);
    const right = features.filter((x, i) => {
      const p = predictLogisticRegression(model, x);
      return p.indexOf(Math.max(...p)) === labels[i];
    });
    expect(right).toHaveLength(60);
  });

  it('refuses labels that do not match the samples', () => {
    expect(() => fitLogisticRegression([[1]], [0, 1], 2)).toThrow('Received: 1 samples, 2 labels');
  });
});
