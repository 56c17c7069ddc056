import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestEquivalent } from '../../src/jp2/tile-shift.js';

const style = (levels: number, block: number, precinct = 15) => ({
  levels,
  blockWidth: block,
  blockHeight: block,
  precincts: Array.from({ length: levels + 1 }, () => [precinct, precinct] as const),
});

describe('nearestEquivalent', () => {
  it('moves tiles of a power of two to the origin', () => {
    expect(nearestEquivalent(10_240, 10_980, [style(5, 6)], 0)).toBe(0);
  });
  it('keeps a tile where its code-blocks are cut', () => {
    // At five levels, 1920 to 2560 becomes 60 to 80, cut at 64.
    expect(nearestEquivalent(1920, 2560, [style(5, 6)], 0)).toBe(1920);
    expect(nearestEquivalent(3200, 3840, [style(5, 6)], 0)).toBe(128);
  });
  it('never leaves the wavelet grid, and never goes up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 2, max: 6 }),
        (from, width, levels, block) => {
          const near = nearestEquivalent(from, from + width, [style(levels, block)], 1);
          expect(near).toBeLessThanOrEqual(from);
          expect((from - near) % 2 ** levels).toBe(0);
        },
      ),
    );
  });
});
