import { describe, expect, test } from 'vitest';
import { generateSicSeries } from '../src/index.js';
import { digest } from './helpers.js';

const small = { height: 32, width: 32 } as const;

describe('generateSicSeries', () => {
  test('is the same bit for bit for the same seeds', () => {
    const hash = (seed: number, weatherSeed: number): string => {
      const { sic, truth, ocean } = generateSicSeries({ ...small, seed, weatherSeed, days: 40 });
      return digest(sic, truth, ocean);
    };
    expect(hash(1, 2)).toBe(hash(1, 2));
    expect(hash(1, 2)).not.toBe(hash(1, 3));
    expect(hash(1, 2)).not.toBe(hash(2, 2));
  });

  test('keeps the world under another weather seed', () => {
    const one = generateSicSeries({ seed: 4, weatherSeed: 1, days: 10, ...small });
    const two = generateSicSeries({ seed: 4, weatherSeed: 2, days: 10, ...small });
    expect(digest(one.ocean, one.area)).toBe(digest(two.ocean, two.area));
    expect(digest(one.sic)).not.toBe(digest(two.sic));
  });

  test('is NaN on land, 0..1 in steps of 1/250 on the ocean, with few values missing', () => {
    const { sic, truth, ocean, area, days } = generateSicSeries({ seed: 3, days: 200, ...small });
    const cells = ocean.length;
    let missing = 0;
    let off = 0;
    let broken = 0;
    sic.forEach((value, i) => {
      const sea = ocean[i % cells] === 1;
      const real = truth[i] ?? Number.NaN;
      if (Number.isNaN(real) === sea) broken++;
      if (!sea && !Number.isNaN(value)) broken++;
      if (Number.isNaN(value)) {
        if (sea) missing++;
        return;
      }
      if (value < 0 || value > 1 || real < 0 || real > 1) broken++;
      if (Math.abs(value * 250 - Math.round(value * 250)) > 1e-4) off++;
    });
    expect(broken).toBe(0);
    expect(off).toBe(0);
    expect(missing).toBeGreaterThan(0);
    expect(missing / sic.length).toBeLessThan(0.03);
    const sea = ocean.reduce((sum, value) => sum + value, 0) / cells;
    expect(sea).toBeGreaterThan(0.6);
    expect(sea).toBeLessThan(0.95);
    expect(area.every((km2) => km2 > 500 && km2 < 750)).toBe(true);
    expect(Array.from(days.slice(0, 3))).toEqual([14610, 14611, 14612]);
  });

  test('freezes in winter and melts in summer', () => {
    const { truth, ocean } = generateSicSeries({ seed: 1, days: 365, ...small });
    const cells = ocean.length;
    const cover = (day: number): number => {
      let sum = 0;
      for (let i = 0; i < cells; i++) if (ocean[i] === 1) sum += truth[day * cells + i] ?? 0;
      return sum;
    };
    expect(cover(75)).toBeGreaterThan(1.4 * cover(255));
  });

  test('remembers: a week changes more than a day, and the error of observation is modest', () => {
    const { sic, truth, ocean } = generateSicSeries({
      seed: 1,
      days: 120,
      missingDayShare: 0,
      height: 40,
      width: 40,
    });
    const cells = ocean.length;
    const rms = (a: Float32Array, b: Float32Array, lag: number): number => {
      let sum = 0;
      let count = 0;
      for (let i = 0; i < a.length - lag * cells; i++) {
        if (ocean[i % cells] !== 1) continue;
        sum += ((a[i] ?? 0) - (b[i + lag * cells] ?? 0)) ** 2;
        count++;
      }
      return Math.sqrt(sum / count);
    };
    expect(rms(truth, truth, 7)).toBeGreaterThan(2 * rms(truth, truth, 1));
    expect(rms(sic, truth, 0)).toBeGreaterThan(0.01);
    expect(rms(sic, truth, 0)).toBeLessThan(0.06);
  });

  test.each([
    { seed: 1, days: 0 },
    { seed: 1, height: 4 },
    { seed: 1, startDate: 'yesterday' },
    { seed: 1, missingDayShare: 2 },
  ])('refuses %o with a typed error', (options) => {
    expect(() => generateSicSeries(options)).toThrow(/expected .* Received: /);
  });
});
