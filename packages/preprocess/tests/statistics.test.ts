import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelStatistics, classWeights } from '../src/index.js';

describe('channelStatistics', () => {
  test('takes uint8 as fractions of 255, channel by channel', () => {
    const { mean, std, n } = channelStatistics(Uint8Array.of(0, 255, 255, 255), { channels: 2 });
    expect(mean).toEqual([0.5, 1]);
    expect(std).toEqual([0.5, 1e-6]);
    expect(n).toBe(2);
  });

  test('pools several arrays and leaves out NaN', () => {
    const arrays = [Float32Array.of(1, NaN), Float32Array.of(3)];
    expect(channelStatistics(arrays, { channels: 1 })).toEqual({ mean: [2], std: [1], n: 2 });
  });

  test('refuses a length that does not fit and nothing at all', () => {
    expect(() => channelStatistics(new Uint8Array(4), { channels: 3 })).toThrow(/multiple of 3/);
    expect(() => channelStatistics(new Uint8Array(0), { channels: 3 })).toThrow(/at least one/);
  });
});

describe('classWeights', () => {
  test('is inverse frequency as scikit-learn has it: N / (K · n)', () => {
    expect(classWeights([10, 30])).toEqual([2, expect.closeTo(2 / 3, 12)]);
  });

  test('an absent class weighs 0', () => {
    expect(classWeights([5, 0, 5])).toEqual([1, 0, 1]);
  });

  test('effective number is gentler, and both average 1 over the samples', () => {
    const counts = fc.array(fc.nat({ max: 2000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(counts, (list) => {
        fc.pre(list.some((count) => count > 0));
        const total = list.reduce((a, b) => a + b);
        for (const kind of ['inverseFrequency', 'effectiveNumber'] as const) {
          const weights = classWeights(list, { kind });
          const mean = weights.reduce((sum, weight, k) => sum + weight * (list[k] ?? 0), 0) / total;
          expect(mean).toBeCloseTo(1, 9);
        }
      }),
    );
    const [hard = 0] = classWeights([10, 1000]);
    const [soft = 0] = classWeights([10, 1000], { kind: 'effectiveNumber', beta: 0.99 });
    expect(soft).toBeLessThan(hard);
  });

  test('refuses counts below 0 and none at all', () => {
    expect(() => classWeights([0, 0])).toThrow(/Expected counts/);
    expect(() => classWeights([1, -1])).toThrow(/Expected counts/);
  });
});
