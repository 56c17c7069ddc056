import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_FRACTIONS, isPreprocessError, splitByScene, SPLITS } from '../src/index.js';

const scenes = Array.from({ length: 100 }, (_, i) => ({ id: `s${i}`, class: i % 3 }));

describe('splitByScene', () => {
  test('deals 70/15/15 exactly, and nearly so within each class', () => {
    const split = splitByScene(scenes, DEFAULT_FRACTIONS, 1);
    expect(SPLITS.map((name) => split[name].length)).toEqual([70, 15, 15]);
    const classOf = new Map(scenes.map((scene) => [scene.id, scene.class]));
    for (const name of SPLITS) {
      const share = DEFAULT_FRACTIONS[name] * 33.3;
      for (const k of [0, 1, 2]) {
        const count = split[name].filter((id) => classOf.get(id) === k).length;
        expect(Math.abs(count - share)).toBeLessThan(2);
      }
    }
  });

  test('the same seed gives the same split, in whatever order the scenes come', () => {
    const one = splitByScene(scenes, DEFAULT_FRACTIONS, 7);
    expect(splitByScene([...scenes].reverse(), DEFAULT_FRACTIONS, 7)).toEqual(one);
    expect(splitByScene(scenes, DEFAULT_FRACTIONS, 8)).not.toEqual(one);
  });

  test('every scene goes to exactly one split, and none of the splits is empty', () => {
    const list = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 3, maxLength: 60 });
    fc.assert(
      fc.property(list, fc.nat(), fc.nat({ max: 4 }), (ids, seed, classes) => {
        const input = ids.map((id, i) => ({ id, class: i % (classes + 1) }));
        const split = splitByScene(input, DEFAULT_FRACTIONS, seed);
        expect([...split.train, ...split.val, ...split.test].sort()).toEqual([...ids].sort());
        for (const name of SPLITS) {
          expect(split[name].length).toBeGreaterThan(0);
          expect(Math.abs(split[name].length - DEFAULT_FRACTIONS[name] * ids.length)).toBeLessThan(
            2,
          );
        }
      }),
    );
  });

  test('a split of fraction 0 stays empty', () => {
    const split = splitByScene(scenes, { train: 0.8, val: 0.2, test: 0 }, 1);
    expect([split.train.length, split.val.length, split.test.length]).toEqual([80, 20, 0]);
  });

  test('refuses fractions that do not sum to 1, repeated ids, too few scenes', () => {
    expect(() => splitByScene(scenes, { train: 0.7, val: 0.7, test: 0 }, 1)).toThrow(/sum to 1/);
    expect(() => splitByScene([{ id: 'a' }, { id: 'a' }], DEFAULT_FRACTIONS, 1)).toThrow(
      /repeated/,
    );
    try {
      splitByScene(scenes.slice(0, 2), DEFAULT_FRACTIONS, 1);
      expect.unreachable();
    } catch (error) {
      expect(isPreprocessError(error, 'TooFew')).toBe(true);
    }
  });
});
