import { describe, expect, test } from 'vitest';
import { changeCounts, changeScores } from '../src/index.js';

const vector = { truePositives: 40, falsePositives: 10, falseNegatives: 20, trueNegatives: 930 };

describe('changeScores', () => {
  test('matches the vector', () => {
    const scores = changeScores(vector);
    expect(scores.precision).toBeCloseTo(0.8, 7);
    expect(scores.recall).toBeCloseTo(0.6666667, 7);
    expect(scores.f1).toBeCloseTo(0.7272727, 7);
    expect(scores.iou).toBeCloseTo(0.5714286, 7);
  });

  test('pools the pixels of all images, not the scores of each', () => {
    const good = { truePositives: 1, falsePositives: 0, falseNegatives: 0, trueNegatives: 99 };
    const pooled = changeScores([vector, good]);
    expect(pooled.f1).toBeCloseTo((2 * 41) / (2 * 41 + 30), 12);
    expect(pooled.n).toBe(1100);
  });

  test('no change anywhere scores 0, never 1', () => {
    const none = changeScores(changeCounts([0, 0], [0, 0]));
    expect(none).toMatchObject({ precision: 0, recall: 0, f1: 0, iou: 0, accuracy: 1 });
    expect(changeScores([])).toMatchObject({ n: 0, f1: 0, accuracy: 0 });
  });
});

describe('changeCounts', () => {
  test('takes any non-zero value as changed and honours the mask', () => {
    expect(changeCounts([1, 1, 0, 0, 1], [255, 0, 255, 0, 255], [1, 1, 1, 1, 0])).toEqual({
      truePositives: 1,
      falsePositives: 1,
      falseNegatives: 1,
      trueNegatives: 1,
    });
  });
});
