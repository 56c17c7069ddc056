import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCropSampler } from '../../src/forecast/crops.js';

describe('createCropSampler', () => {
  const active = new Uint8Array(40 * 30).map((_, i) => (i % 30 >= 20 ? 1 : 0));

  it('gives the whole grid where no size is wanted or the grid is smaller', () => {
    const whole = { row: 0, column: 0, height: 40, width: 30 };
    expect(createCropSampler(active, 40, 30, 0)(0.5)).toEqual(whole);
    expect(createCropSampler(active, 40, 30, 64)(0.5)).toEqual(whole);
  });

  it('stays inside the grid and finds active cells, for any draw', () => {
    const sample = createCropSampler(active, 40, 30, 8);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (uniform) => {
        const { row, column, height, width } = sample(uniform);
        expect([height, width]).toEqual([8, 8]);
        expect(row + height).toBeLessThanOrEqual(40);
        expect(column + width).toBeLessThanOrEqual(30);
        let found = 0;
        for (let y = row; y < row + height; y++)
          for (let x = column; x < column + width; x++) found += active[y * 30 + x] ?? 0;
        expect(found).toBeGreaterThanOrEqual(0.1 * 64);
      }),
    );
  });

  it('takes a side whole where the grid is narrower than the patch', () => {
    expect(createCropSampler(active, 40, 30, 32)(0.9)).toMatchObject({ height: 32, width: 30 });
  });

  it('reaches the last rows of a grid that is no multiple of its stride', () => {
    const sample = createCropSampler(new Uint8Array(11 * 11).fill(1), 11, 11, 4);
    expect(sample(0)).toEqual({ row: 0, column: 0, height: 4, width: 4 });
    expect(sample(0.9999)).toEqual({ row: 7, column: 7, height: 4, width: 4 });
  });

  it('falls back to the whole grid where nothing is active', () => {
    expect(createCropSampler(new Uint8Array(144), 12, 12, 4)(0.5)).toMatchObject({ height: 12 });
  });
});
