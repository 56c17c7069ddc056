import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockBootstrapInterval, bootstrapInterval } from '../src/index.js';
import { createGenerator } from '../src/generator.js';

const random = createGenerator(5);
const normal = (): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const values = Float64Array.from({ length: 200 }, normal);
const meanOf =
  (list: ArrayLike<number>) =>
  (indices: Int32Array): number =>
    indices.reduce((sum, i) => sum + (list[i] ?? NaN), 0) / indices.length;

describe('bootstrapInterval', () => {
  test('has the width that theory gives for a mean', () => {
    const interval = bootstrapInterval(values.length, meanOf(values), { seed: 1, resamples: 4000 });
    expect(interval.high - interval.low).toBeCloseTo((2 * 1.96) / Math.sqrt(200), 1);
    expect(interval.low).toBeLessThan(interval.value);
    expect(interval.high).toBeGreaterThan(interval.value);
    expect(interval.blocks).toBe(200);
  });

  test('the same seed gives the same interval, another seed another', () => {
    const draw = (seed: number) => bootstrapInterval(values.length, meanOf(values), { seed });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test('one case has no interval', () => {
    expect(bootstrapInterval(1, () => 3, { seed: 1 })).toMatchObject({
      value: 3,
      low: NaN,
      high: NaN,
    });
    expect(bootstrapInterval(0, () => 3, { seed: 1 }).value).toBeNaN();
  });

  test('refuses a level outside 0..1', () => {
    expect(() => bootstrapInterval(9, () => 1, { seed: 1, level: 95 })).toThrow(/between 0 and 1/);
  });
});

describe('blockBootstrapInterval', () => {
  // an AR(1) series: neighbours alike, so that single cases understate the uncertainty
  const days = Array.from({ length: 400 }, (_, i) => i);
  const series = new Float64Array(400);
  for (let i = 1; i < 400; i++) series[i] = 0.95 * (series[i - 1] ?? 0) + (values[i % 200] ?? 0);

  test('is wider than the interval of single cases on a persistent series', () => {
    const blocks = blockBootstrapInterval(meanOf(series), { seed: 1, days });
    const single = bootstrapInterval(400, meanOf(series), { seed: 1 });
    expect(blocks.high - blocks.low).toBeGreaterThan(1.5 * (single.high - single.low));
    expect(blocks.blocks).toBe(13);
  });

  test('draws runs of consecutive cases of at least blockDays', () => {
    const runs: number[] = [];
    blockBootstrapInterval(
      (indices) => {
        let run = 1;
        for (let i = 1; i < indices.length; i++) {
          if (((indices[i - 1] ?? 0) + 1) % 400 === indices[i]) run++;
          else {
            runs.push(run);
            run = 1;
          }
        }
        return 0;
      },
      { seed: 3, days, resamples: 50 },
    );
    expect(Math.min(...runs)).toBeGreaterThanOrEqual(30);
  });

  test('goes by days, not by cases: every tenth day needs three cases a block', () => {
    const sparse = days.map((day) => day * 10);
    const seen = new Set<number>();
    blockBootstrapInterval(
      (indices) => {
        for (let i = 2; i < indices.length; i += 3) {
          seen.add(((indices[i] ?? 0) - (indices[i - 2] ?? 0) + 400) % 400);
        }
        return 0;
      },
      { seed: 3, days: sparse, resamples: 20 },
    );
    expect([...seen]).toEqual([2]);
  });

  test('less than two whole blocks give no interval rather than a deceptive one', () => {
    const short = blockBootstrapInterval(meanOf(series), { seed: 1, days: days.slice(0, 59) });
    expect(short).toMatchObject({ low: NaN, high: NaN, blocks: 1 });
    expect(short.value).not.toBeNaN();
  });

  test('refuses days that do not ascend', () => {
    expect(() => blockBootstrapInterval(() => 0, { seed: 1, days: [1, 1] })).toThrow(/ascend/);
  });

  test('a constant statistic has an interval of no width', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.nat(), (value, seed) => {
        const options = { seed, days, resamples: 5 };
        expect(blockBootstrapInterval(() => value, options)).toMatchObject({
          low: value,
          high: value,
        });
      }),
      { numRuns: 20 },
    );
  });
});
