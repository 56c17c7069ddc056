import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches, item, join } from '../../src/imagery/arrays.js';
import {
  channelStatistics,
  scoreClasses,
  scoreLabels,
} from '../../src/imagery/classification-scores.js';
import { fitClassifierBaselines } from '../../src/imagery/evaluate-classifier.js';
import { above, imageDifference } from '../../src/imagery/evaluate-siamese.js';

const CLASSES = ['open_water', 'thin_ice', 'thick_ice'];

describe('arrays', () => {
  it('takes one of several arrays that lie end to end', () => {
    expect(item(Uint8Array.of(1, 2, 3, 4, 5, 6), 1, 3)).toEqual(Uint8Array.of(3, 4));
  });

  it('item undoes join', () => {
    const bytes = fc.uint8Array({ minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 6 }), (parts) => {
        const joined = join(parts);
        parts.forEach((part, i) => {
          expect(item(joined, i, parts.length)).toEqual(part);
        });
      }),
    );
  });

  it('cuts positions into batches, the last one shorter', () => {
    expect(batches(5, 2)).toEqual([[0, 1], [2, 3], [4]]);
    expect(batches(0, 2)).toEqual([]);
  });
});

describe('scores of classes', () => {
  const truth = [0, 0, 1, 1, 2, 2];
  const sure = (...labels: number[]) =>
    Float64Array.from(labels.flatMap((k) => [0, 1, 2].map((c) => (c === k ? 0.9 : 0.05))));

  it('agrees with counts made by hand', () => {
    const scores = scoreLabels(truth, [0, 1, 1, 1, 2, 0], CLASSES);
    expect(scores.n).toBe(6);
    expect(scores.confusion).toEqual([
      [1, 1, 0],
      [0, 2, 0],
      [1, 0, 1],
    ]);
    expect(scores.accuracy).toBeCloseTo(4 / 6);
    expect(scores.balancedAccuracy).toBeCloseTo((0.5 + 1 + 0.5) / 3);
    expect(scores.perClass[1]).toMatchObject({ class: 'thin_ice', n: 2, recall: 1 });
    expect(scores.perClass[1]?.precision).toBeCloseTo(2 / 3);
    expect(scores.ece).toBeNull();
  });

  it('scores a class that is absent as zero, not one', () => {
    const { perClass, macroF1 } = scoreLabels([0, 0], [0, 0], CLASSES);
    expect(perClass[2]).toMatchObject({ n: 0, f1: 0, iou: 0 });
    expect(macroF1).toBeLessThan(1);
  });

  it('gives calibration and an interval to probabilities', () => {
    const { scores, predicted, bins } = scoreClasses(truth, sure(0, 1, 1, 1, 2, 0), CLASSES, 1);
    expect(Array.from(predicted)).toEqual([0, 1, 1, 1, 2, 0]);
    expect(scores.ece).toBeCloseTo(0.9 - 4 / 6);
    expect(bins).toHaveLength(15);
    const [low = NaN, high = NaN] = scores.accuracyInterval ?? [];
    expect(low).toBeLessThanOrEqual(scores.accuracy);
    expect(high).toBeGreaterThanOrEqual(scores.accuracy);
  });

  it('repeats with the seed', () => {
    const score = (seed: number) => scoreClasses(truth, sure(0, 1, 1, 1, 2, 0), CLASSES, seed);
    expect(score(5)).toEqual(score(5));
  });
});

describe('channelStatistics', () => {
  it('gives mean and deviation of each channel', () => {
    const image = Uint8Array.of(0, 10, 5, 20, 10, 5);
    expect(channelStatistics(image)).toEqual([10, 10, 10, 0, 5, 0]);
  });
});

describe('fitClassifierBaselines', () => {
  it('finds the commonest class and a regression for all of them', () => {
    const labels = Uint8Array.of(0, 1, 1, 2, 1);
    const { majority, logisticRegression } = fitClassifierBaselines(
      {
        images: Uint8Array.from({ length: 5 * 12 }, (_, i) => (i * 37) % 251),
        labels,
        n: 5,
        height: 2,
        width: 2,
      },
      3,
    );
    expect(majority).toBe(1);
    expect(logisticRegression).toBeDefined();
    expect(JSON.parse(JSON.stringify(logisticRegression))).toEqual(logisticRegression);
  });
});

describe('image difference', () => {
  it('is the mean over the channels, whichever date is brighter', () => {
    const a = Uint8Array.of(0, 0, 0, 250, 100, 10);
    const b = Uint8Array.of(3, 6, 9, 100, 100, 160);
    expect(imageDifference(a, b)).toEqual(Float32Array.of(6, 100));
    expect(imageDifference(b, a)).toEqual(imageDifference(a, b));
  });

  it('counts a value on the threshold only where it is told to', () => {
    const values = Float32Array.of(0.1, 0.3, 0.5);
    expect(above(values, 0.3, true)).toEqual(Uint8Array.of(0, 1, 1));
    expect(above(values, 0.3, false)).toEqual(Uint8Array.of(0, 0, 1));
  });
});
