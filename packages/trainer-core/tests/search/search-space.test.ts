import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRng,
  drawTrials,
  OptionsError,
  parseSearchSpace,
  sampleSettings,
  type SearchSpace,
} from '../../src/index.js';

const space: SearchSpace = {
  rate: { kind: 'logUniform', low: 1e-4, high: 1e-1 },
  smoothing: { kind: 'uniform', low: 0, high: 0.2 },
  layers: { kind: 'int', low: 1, high: 3 },
  preset: { kind: 'choice', values: ['tiny', 'small', null] },
};

describe('sampleSettings', () => {
  it('draws inside every dimension', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const settings = sampleSettings(space, createRng(seed));
        expect(settings['rate']).toBeGreaterThanOrEqual(1e-4);
        expect(settings['rate']).toBeLessThanOrEqual(1e-1);
        expect(settings['smoothing']).toBeGreaterThanOrEqual(0);
        expect(settings['smoothing']).toBeLessThanOrEqual(0.2);
        expect([1, 2, 3]).toContain(settings['layers']);
        expect(['tiny', 'small', null]).toContain(settings['preset']);
      }),
    );
  });

  it('spreads as it says: evenly, in the logarithm, ends of whole numbers included', () => {
    const draws = Array.from({ length: 3000 }, (_, i) => sampleSettings(space, createRng(i)));
    const share = (test: (s: (typeof draws)[number]) => boolean) =>
      draws.filter(test).length / draws.length;
    expect(share((s) => Number(s['rate']) < 1e-3)).toBeCloseTo(1 / 3, 1);
    expect(share((s) => Number(s['smoothing']) < 0.05)).toBeCloseTo(1 / 4, 1);
    for (const layers of [1, 2, 3])
      expect(share((s) => s['layers'] === layers)).toBeCloseTo(1 / 3, 1);
    for (const preset of ['tiny', 'small', null])
      expect(share((s) => s['preset'] === preset)).toBeCloseTo(1 / 3, 1);
  });

  it('does not disturb a setting by another one', () => {
    const { rate = space['rate'] as never } = space;
    expect(sampleSettings({ rate }, createRng(3))['rate']).toBe(
      sampleSettings(space, createRng(3))['rate'],
    );
  });
});

describe('drawTrials', () => {
  it('is a function of space and seed, whose beginning does not depend on the count', () => {
    const twelve = drawTrials(space, 7, 12);
    expect(twelve).toHaveLength(12);
    expect(drawTrials(space, 7, 4)).toEqual(twelve.slice(0, 4));
    expect(drawTrials(space, 8, 12)).not.toEqual(twelve);
  });

  it('draws nothing twice and ends when all has been drawn', () => {
    const small: SearchSpace = {
      a: { kind: 'int', low: 0, high: 2 },
      b: { kind: 'choice', values: ['x', 'y'] },
    };
    const all = drawTrials(small, 1, 50).map((settings) => JSON.stringify(settings));
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(6);
  });
});

describe('parseSearchSpace', () => {
  it('gives back what makes sense', () => {
    expect(parseSearchSpace(JSON.parse(JSON.stringify(space)))).toEqual(space);
  });

  it.each([
    [[], 'Expected a search space: { name: { kind, … } } with at least one setting. Received: [].'],
    [{}, 'at least one setting'],
    [{ a: 3 }, 'Expected the setting "a" to be an object with a kind. Received: 3.'],
    [{ a: { kind: 'normal' } }, 'of kind choice, uniform, logUniform or int'],
    [{ a: { kind: 'choice', values: [] } }, 'a choice of at least one of values'],
    [{ a: { kind: 'uniform', low: 1, high: 1 } }, 'uniform with low below high'],
    [{ a: { kind: 'logUniform', low: 0, high: 1 } }, 'logUniform with low above 0'],
    [{ a: { kind: 'int', low: 0.5, high: 2 } }, 'int with whole numbers'],
    [{ a: { kind: 'int', low: 1, hihg: 2 } }, 'int with low below high'],
    [{ a: { kind: 'int', low: 1, high: 2, step: 2 } }, 'int without "step"'],
  ])('refuses %j', (value, message) => {
    expect(() => parseSearchSpace(value)).toThrow(OptionsError);
    expect(() => parseSearchSpace(value)).toThrow(message);
  });
});
