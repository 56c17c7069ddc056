import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contour } from '../src/contour.js';

describe('contour', () => {
  it('passes between the cell centres in proportion', () => {
    expect(contour([0, 1, 0, 1], 2, 2, 0.25)).toEqual([[0.75, 0.5, 0.75, 1.5]]);
    expect(contour([1, 1, 0, 0], 2, 2, 0.5)).toEqual([[1.5, 1, 0.5, 1]]);
  });

  it('is nothing where a field stays on one side, or a corner is missing', () => {
    expect(contour([0.2, 0.3, 0.2, 0.3], 2, 2, 0.15)).toEqual([]);
    expect(contour([0, 1, NaN, 1], 2, 2, 0.5)).toEqual([]);
  });

  it('cuts both corners of a saddle', () => {
    expect(contour([1, 0, 0, 1], 2, 2, 0.4)).toHaveLength(2);
  });

  it('is closed round an island: every end meets another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 }),
        (inner) => {
          const values = new Float64Array(36);
          inner.forEach((value, i) => {
            values[(Math.floor(i / 4) + 1) * 6 + (i % 4) + 1] = value + 1e-6;
          });
          const ends = new Map<string, number>();
          for (const [x1, y1, x2, y2] of contour(values, 6, 6, 0.5)) {
            for (const end of [
              `${x1.toFixed(9)},${y1.toFixed(9)}`,
              `${x2.toFixed(9)},${y2.toFixed(9)}`,
            ]) {
              ends.set(end, (ends.get(end) ?? 0) + 1);
            }
          }
          expect([...ends.values()].every((count) => count % 2 === 0)).toBe(true);
        },
      ),
    );
  });
});
