import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTicks, logTicks, niceDomain, niceTicks } from '../src/ticks.js';

const range = fc
  .tuple(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  )
  .map(([low, width]): [number, number] => [low, low + width])
  .filter(([low, high]) => (high - low) / Math.max(Math.abs(low), Math.abs(high)) > 1e-6);

describe('niceTicks', () => {
  it('takes steps of 1, 2 or 5 times a power of ten', () => {
    expect(niceTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(niceTicks(0.13, 0.92, 4)).toEqual([0.2, 0.4, 0.6, 0.8]);
    expect(niceTicks(-7, 12, 4)).toEqual([-5, 0, 5, 10]);
    expect(niceTicks(3, 3)).toEqual([3]);
  });

  it('lies inside the range, ascends evenly and is about as long as asked', () => {
    fc.assert(
      fc.property(range, fc.integer({ min: 2, max: 12 }), ([low, high], count) => {
        const ticks = niceTicks(low, high, count);
        const room = (high - low) * 1e-6 + 1e-9;
        expect(ticks.every((tick) => tick >= low - room && tick <= high + room)).toBe(true);
        const gaps = ticks.slice(1).map((tick, index) => tick - (ticks[index] ?? NaN));
        for (const gap of gaps) expect(gap / (gaps[0] ?? NaN)).toBeCloseTo(1, 3);
        expect(ticks.length).toBeLessThanOrEqual(2 * count + 1);
        expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(count / 2));
      }),
    );
  });

  it('begins and ends a nice domain', () => {
    fc.assert(
      fc.property(range, ([low, high]) => {
        const [from, to] = niceDomain(low, high);
        const room = (high - low) * 1e-6;
        expect(from).toBeLessThanOrEqual(low + room);
        expect(to).toBeGreaterThanOrEqual(high - room);
        expect(to - from).toBeLessThanOrEqual(3 * (high - low));
      }),
    );
    expect(niceDomain(0.4, 0.4)).toEqual([0.2, 0.6]);
    expect(niceDomain(0, 0)).toEqual([-0.6, 0.6]);
  });
});

describe('logTicks', () => {
  it('takes powers of ten, with 2 and 5 where there are few', () => {
    expect(logTicks(1e-5, 1)).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]);
    expect(logTicks(0.03, 1.2)).toEqual([0.05, 0.1, 0.2, 0.5, 1]);
  });

  it('has at least two ticks, all inside', () => {
    const ends = fc.tuple(
      fc.double({ min: -8, max: 6, noNaN: true }),
      fc.double({ min: Math.log10(20), max: 8, noNaN: true }),
    );
    fc.assert(
      fc.property(ends, ([power, decades]) => {
        const [low, high] = [10 ** power, 10 ** (power + decades)];
        const ticks = logTicks(low, high);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(12);
        expect(ticks.every((t) => t >= low * 0.999 && t <= high * 1.001)).toBe(true);
      }),
    );
  });
});

describe('formatTicks', () => {
  it('gives all ticks the decimals the finest needs', () => {
    expect(formatTicks([0, 0.05, 0.1])).toEqual(['0.00', '0.05', '0.10']);
    expect(formatTicks([-0.4, 0, 0.4])).toEqual(['−0.4', '0.0', '0.4']);
    expect(formatTicks([0, 500, 1000])).toEqual(['0', '500', '1000']);
  });

  it('writes powers of ten far from 1', () => {
    expect(formatTicks([1e-5, 2e-5, 1e-4])).toEqual(['10⁻⁵', '2·10⁻⁵', '10⁻⁴']);
    expect(formatTicks([0.001, 0.01, 0.1, 1])).toEqual(['0.001', '0.01', '0.1', '1']);
  });
});
