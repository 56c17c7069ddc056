import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regularAxis } from '../../src/netcdf/regular-axis.js';

describe('regularAxis', () => {
  it('gives the round numbers behind float32 coordinates', () => {
    const metres = Float32Array.from({ length: 304 }, (_, i) => -3_837_500 + i * 25_000);
    expect(regularAxis(metres, 1, false)).toEqual({
      start: -3_850_000,
      end: 3_750_000,
      step: 25_000,
    });
    const degrees = Float32Array.from({ length: 1440 }, (_, i) => -179.875 + i * 0.25);
    expect(regularAxis(degrees, 1, true)).toEqual({ start: -180, end: 180, step: 0.25 });
    const tenths = Float32Array.from({ length: 3600 }, (_, i) => 89.95 - i * 0.05);
    expect(regularAxis(tenths, 1, false)).toEqual({ start: 89.975, end: -90.025, step: -0.05 });
    const km = Float64Array.from({ length: 760 }, (_, i) => -3845 + i * 10);
    expect(regularAxis(km, 1000, false)).toEqual({
      start: -3_850_000,
      end: 3_750_000,
      step: 10_000,
    });
    const twelfths = Float32Array.from({ length: 4320 }, (_, i) => -180 + (i + 0.5) / 12);
    expect(regularAxis(twelfths, 1, true)).toEqual({ start: -180, end: 180, step: 1 / 12 });
  });

  it('goes on across the dateline', () => {
    expect(regularAxis([350, 355, 0, 5], 1, true)).toEqual({ start: 347.5, end: 367.5, step: 5 });
    expect(regularAxis([350, 355, 0, 5], 1, false)).toBeNull();
  });

  it('is null for what is not even, alone or no number', () => {
    expect(regularAxis([0, 1, 3], 1, false)).toBeNull();
    expect(regularAxis([5], 1, false)).toBeNull();
    expect(regularAxis([1, 1, 1], 1, false)).toBeNull();
    expect(regularAxis([0, NaN, 2], 1, false)).toBeNull();
    // Gaussian latitudes look even until one measures.
    expect(regularAxis([88.572, 86.723, 84.862, 82.999], 1, false)).toBeNull();
  });

  it('finds any decimal grid again from its float32 centres', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -9000, max: 9000 }),
        fc.integer({ min: 1, max: 999 }),
        fc.integer({ min: 2, max: 500 }),
        fc.constantFrom(0.01, 0.5, 10, 1000),
        (first, length, count, unit) => {
          const step = length * unit;
          const start = first * length * unit;
          const centres = Float32Array.from({ length: count }, (_, i) => start + (i + 0.5) * step);
          const axis = regularAxis(centres, 1, false);
          expect(axis).not.toBeNull();
          // What float32 loses of coordinates 9000 cells away, spread over the axis.
          const lost = (9500 * 2 ** -22) / (count - 1);
          expect(Math.abs((axis?.step ?? 0) / step - 1)).toBeLessThanOrEqual(lost);
          expect(((axis?.start ?? 0) - start) / step).toEqual(expect.closeTo(0, 2));
        },
      ),
    );
  });
});
