import { describe, expect, test } from 'vitest';
import { changeMap } from '../src/change/truth.js';
import { CHANGE_KINDS, generateChangePair } from '../src/index.js';
import { digest } from './helpers.js';

describe('generateChangePair', () => {
  test('is the same bit for bit for the same seed, and another for another', () => {
    const hash = (seed: number): string => {
      const { before, after, change } = generateChangePair({ seed, size: 96 });
      return digest(before, after, change);
    };
    expect(hash(5)).toBe(hash(5));
    expect(hash(5)).not.toBe(hash(6));
  });

  test('changes nothing but the picture where nothing happens', () => {
    const pair = generateChangePair({ seed: 2, size: 96, kinds: [] });
    expect(pair.changedFraction).toBe(0);
    expect(pair.change.includes(1)).toBe(false);
    expect(digest(pair.classBefore)).toBe(digest(pair.classAfter));
    expect(digest(pair.before)).not.toBe(digest(pair.after));
  });

  test.each(CHANGE_KINDS)('shows a change by %s', (kind) => {
    const fractions = [1, 2, 3].map(
      (seed) => generateChangePair({ seed, size: 96, kinds: [kind] }).changedFraction,
    );
    expect(Math.max(...fractions)).toBeGreaterThan(0.02);
    expect(Math.max(...fractions)).toBeLessThan(0.4);
  });

  test('tells as change what differs between the class maps, and nothing else', () => {
    for (let seed = 20; seed < 26; seed++) {
      const pair = generateChangePair({ seed, size: 96 });
      const { classBefore, classAfter, change, width, height } = pair;
      expect(digest(change)).toBe(digest(changeMap(classBefore, classAfter, width, height)));
      for (const value of classBefore) expect(value).toBeLessThanOrEqual(2);
      let marked = 0;
      let wrong = 0;
      change.forEach((value, i) => {
        marked += value;
        if (value === 1 && classBefore[i] === classAfter[i]) wrong++;
      });
      expect(pair.changedFraction).toBeCloseTo(marked / change.length, 10);
      // Only the majority filter may mark a pixel whose class stayed.
      expect(wrong).toBeLessThanOrEqual(0.1 * marked);
    }
  });

  test('leaves some pairs quiet and changes 5 to 30 % of most others', () => {
    const fractions = Array.from(
      { length: 30 },
      (_, seed) => generateChangePair({ seed: 300 + seed, size: 80 }).changedFraction,
    );
    const quiet = fractions.filter((fraction) => fraction === 0).length;
    expect(quiet).toBeGreaterThan(0);
    expect(quiet).toBeLessThan(9);
    const usual = fractions.filter((fraction) => fraction > 0.03 && fraction < 0.33).length;
    expect(usual).toBeGreaterThan(18);
  });

  test('shifts the second picture by at most 1.5 pixels', () => {
    for (let seed = 0; seed < 10; seed++) {
      const [x, y] = generateChangePair({ seed, size: 64 }).truth.misregistrationPx;
      expect(Math.hypot(x, y)).toBeLessThanOrEqual(1.5);
    }
  });

  test('refuses an impossible option with a typed error', () => {
    expect(() => generateChangePair({ seed: 1, size: 20 })).toThrow(/size: expected/);
    // @ts-expect-error a kind that does not exist
    expect(() => generateChangePair({ seed: 1, kinds: ['flood'] })).toThrow(/kinds: expected/);
  });
});

describe('changeMap', () => {
  test('drops specks and slivers, keeps areas', () => {
    const size = 16;
    const before = new Uint8Array(size * size);
    const after = new Uint8Array(size * size);
    for (let row = 2; row < 8; row++) after.fill(1, row * size + 2, row * size + 8);
    for (let row = 0; row < size; row++) after[row * size + 12] = 2;
    after[13 * size + 3] = 1;
    const change = changeMap(before, after, size, size);
    const marked = change.reduce((sum, value) => sum + value, 0);
    // A 6 × 6 square loses its four corners.
    expect(marked).toBe(32);
    expect(change[4 * size + 4]).toBe(1);
    expect(change[5 * size + 12]).toBe(0);
    expect(change[13 * size + 3]).toBe(0);
  });
});
