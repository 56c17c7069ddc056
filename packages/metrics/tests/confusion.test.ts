import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classificationScores, confusionMatrix } from '../src/index.js';
import { sklearn } from './sklearn.js';

describe('classificationScores', () => {
  test('matches the vector', () => {
    const scores = classificationScores([
      [50, 3, 2],
      [10, 20, 5],
      [1, 4, 15],
    ]);
    expect(scores.accuracy).toBeCloseTo(0.7727273, 7);
    expect(scores.balancedAccuracy).toBeCloseTo(0.7435065, 7);
    expect(scores.macroF1).toBeCloseTo(0.7405053, 7);
    expect(scores.weightedF1).toBeCloseTo(0.7661832, 7);
    expect(scores.kappa).toBeCloseTo(0.6263587, 7);
    const iou = scores.perClass.map((one) => one.iou);
    [0.7575758, 0.4761905, 0.5555556].forEach((value, k) => expect(iou[k]).toBeCloseTo(value, 7));
  });

  test.each(sklearn.cases)('agrees with scikit-learn on $classes classes', (one) => {
    const matrix = confusionMatrix(one.truth, one.predicted, { classes: one.classes });
    expect(matrix).toEqual(one.confusion);
    const scores = classificationScores(matrix);
    const names = [
      'accuracy',
      'balancedAccuracy',
      'macroF1',
      'weightedF1',
      'meanIou',
      'kappa',
    ] as const;
    for (const name of names) expect(scores[name]).toBeCloseTo(one[name], 12);
    scores.perClass.forEach((score, k) => {
      for (const name of ['precision', 'recall', 'f1', 'iou', 'support'] as const) {
        expect(score[name]).toBeCloseTo(one[name][k] ?? NaN, 12);
      }
    });
  });

  test('an absent class scores 0, never 1, and stays out of balanced accuracy', () => {
    const scores = classificationScores([
      [5, 0],
      [0, 0],
    ]);
    expect(scores.perClass[1]).toEqual({ precision: 0, recall: 0, f1: 0, iou: 0, support: 0 });
    expect(scores.macroF1).toBe(0.5);
    expect(scores.balancedAccuracy).toBe(1);
    expect(scores.kappa).toBe(0);
  });

  test('macro-F1 is not accuracy: always naming the majority gives itself away', () => {
    const scores = classificationScores([
      [90, 0],
      [10, 0],
    ]);
    expect(scores.accuracy).toBe(0.9);
    expect(scores.macroF1).toBeCloseTo(0.4737, 4);
    expect(scores.balancedAccuracy).toBe(0.5);
  });

  test('of nothing is 0', () => {
    expect(classificationScores([[0]])).toMatchObject({ n: 0, accuracy: 0, macroF1: 0, kappa: 0 });
  });

  test('a perfect prediction of every class scores 1 throughout', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 0, 1, 1, 2, 2, 3], { minLength: 7 }), (labels) => {
        const scores = classificationScores(confusionMatrix(labels, labels, { classes: 4 }));
        expect(scores).toMatchObject({ accuracy: 1, macroF1: 1, kappa: 1, meanIou: 1 });
      }),
    );
  });

  test('renaming the classes changes no total', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1 }), (pairs) => {
        const score = (rename: (k: number) => number): number[] => {
          const truth = pairs.map(([t]) => rename(t));
          const guess = pairs.map(([, g]) => rename(g));
          const scores = classificationScores(confusionMatrix(truth, guess, { classes: 3 }));
          return [scores.accuracy, scores.macroF1, scores.weightedF1, scores.kappa];
        };
        const renamed = score((k) => (k + 1) % 3);
        score((k) => k).forEach((value, i) => expect(renamed[i]).toBeCloseTo(value, 12));
      }),
    );
  });
});

describe('confusionMatrix', () => {
  test('leaves out the ignored truth label', () => {
    const matrix = confusionMatrix([0, 255, 1], [0, 0, 1], { classes: 2, ignore: 255 });
    expect(matrix).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test('refuses labels outside the classes', () => {
    expect(() => confusionMatrix([255], [0], { classes: 2 })).toThrow(
      /Expected labels 0..1. Received: truth 255/,
    );
  });
});
