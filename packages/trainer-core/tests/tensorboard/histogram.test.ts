import fc from 'fast-check';
import { expect, it } from 'vitest';
import { histogramOf } from '../../src/tensorboard/histogram.js';

it('has buckets of equal width that include their lower edge, the last one both', () => {
  const values = Array.from({ length: 31 }, (_, i) => i);
  const histogram = histogramOf(values);
  expect(histogram?.limits).toEqual(values.slice(1));
  expect(histogram?.counts).toEqual([...Array.from({ length: 29 }, () => 1), 2]);
});

it.each([[4], [1e6], [0], [-3e38]])('has one bucket where all values are %d', (value) => {
  expect(histogramOf([value, value, value])).toMatchObject({ limits: [value], counts: [3] });
});

it('has every value in one bucket and rising limits, whatever the values', () => {
  const values = fc.float32Array({ minLength: 1, noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(values, (data) => {
      const { min, max, count, limits, counts } = histogramOf(data) ?? expect.fail('no histogram');
      expect(counts.reduce((a, b) => a + b)).toBe(data.length);
      expect(count).toBe(data.length);
      expect(limits.at(-1)).toBe(max);
      expect(max).toBe(data.reduce((a, b) => Math.max(a, b)));
      expect(min).toBe(data.reduce((a, b) => Math.min(a, b)));
      expect(limits.every((limit, i) => i === 0 || limit >= (limits[i - 1] ?? NaN))).toBe(true);
      // TensorBoard leaves empty buckets at the ends away; here there are none.
      expect(counts[0]).toBeGreaterThan(0);
      expect(counts.at(-1)).toBeGreaterThan(0);
    }),
  );
});
