import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../src/index.js';

const draw = (rng: Rng, n: number) => Array.from({ length: n }, () => rng.next());

describe('createRng', () => {
  it('gives the same stream for the same seed, always', () => {
    expect(draw(createRng(7), 3)).toMatchInlineSnapshot(`
      [
        0.4748047913890332,
        0.5469241640530527,
        0.11604278115555644,
      ]
    `);
    expect(draw(createRng(7), 3)).toEqual(draw(createRng(7), 3));
    expect(draw(createRng(7), 3)).not.toEqual(draw(createRng(8), 3));
  });

  it('forks by name, whatever was drawn before', () => {
    const rng = createRng(1);
    const early = draw(rng.fork('augment'), 4);
    draw(rng, 100);
    expect(draw(rng.fork('augment'), 4)).toEqual(early);
    expect(draw(rng.fork('order'), 4)).not.toEqual(early);
    expect(draw(rng.fork('a').fork('b'), 4)).not.toEqual(draw(rng.fork('a/1:b'), 4));
  });

  it('goes on from a saved state', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(20), (seed, drawn) => {
        const rng = createRng(seed);
        draw(rng, drawn);
        const other = createRng(0);
        other.setState(JSON.parse(JSON.stringify(rng.state)));
        expect(draw(other, 5)).toEqual(draw(rng, 5));
      }),
    );
  });

  it('is uniform, and normal where asked', () => {
    const rng = createRng(3);
    const uniform = draw(rng, 20_000);
    const normal = Array.from({ length: 20_000 }, () => rng.normal());
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    expect(mean(uniform.map((v) => (v - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(Math.abs(mean(normal))).toBeLessThan(0.03);
    expect(Math.abs(mean(normal.map((v) => v * v)) - 1)).toBeLessThan(0.05);
  });
});
