import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spread } from '../src/spread.js';

describe('spread', () => {
  it('takes the middles of equal parts', () => {
    expect(spread([0, 1, 2, 3, 4, 5, 6, 7, 8], 3)).toEqual([1, 4, 7]);
    expect(spread(['a', 'b'], 5)).toEqual(['a', 'b']);
    expect(spread([], 2)).toEqual([]);
  });

  it('keeps the order, repeats nothing and gives as many as asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 300 }),
        (n, count) => {
          const list = Array.from({ length: n }, (_, i) => i);
          const chosen = spread(list, count);
          expect(chosen).toHaveLength(Math.min(n, count));
          expect(chosen.every((v, i) => i === 0 || v > (chosen[i - 1] as number))).toBe(true);
        },
      ),
    );
  });
});
