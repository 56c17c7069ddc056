import { describe, expect, it } from 'vitest';
import { largestRelativeDifference, median, slope } from '../src/statistics.js';

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of nothing is no number', () => {
    expect(median([])).toBeNaN();
  });
});

describe('largestRelativeDifference', () => {
  it('is a part of the reference', () => {
    expect(largestRelativeDifference([1.01, 2], [1, 2])).toBeCloseTo(0.01);
    expect(largestRelativeDifference([1, 2], [1, 2])).toBe(0);
  });

  it('does not overlook what is no number, wherever it stands', () => {
    expect(largestRelativeDifference([NaN, 2], [1, 2])).toBeNaN();
    expect(largestRelativeDifference([1, NaN], [1, 2])).toBeNaN();
    expect(largestRelativeDifference([1, 2, NaN, 3], [1, 2, 3, 3])).toBeNaN();
  });

  it('of lists of two lengths is without bound', () => {
    expect(largestRelativeDifference([1], [1, 2])).toBe(Infinity);
  });
});

describe('slope', () => {
  it('of a straight line is its rise per step', () => {
    expect(slope([5, 7, 9, 11])).toBeCloseTo(2);
    expect(slope([4, 4, 4])).toBe(0);
  });
});
