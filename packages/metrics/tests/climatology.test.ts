import { describe, expect, test } from 'vitest';
import {
  activeCells,
  climatologyFromDaily,
  climatologyFromMonthly,
  climatologyOn,
} from '../src/index.js';
import { dayOf } from './real-series.js';

const months = (from: number, to: number): number[] =>
  Array.from({ length: (to - from + 1) * 12 }, (_, i) =>
    dayOf(`${from + Math.floor(i / 12)}${String((i % 12) + 1).padStart(2, '0')}`),
  );

describe('climatologyFromMonthly', () => {
  const days = months(2000, 2003);
  // cell 0: month number / 100; cell 1: missing in 2000
  const sic = new Float32Array(days.length * 2);
  days.forEach((_, i) => {
    sic[2 * i] = ((i % 12) + 1) / 100;
    sic[2 * i + 1] = i < 12 ? NaN : 0.5;
  });
  const climatology = climatologyFromMonthly({ sic, days });

  test('is the monthly mean on the 15th and a straight line between', () => {
    expect(climatologyOn(climatology, dayOf('20170615'))[0]).toBeCloseTo(0.06, 6);
    expect(climatologyOn(climatology, dayOf('20170630'))[0]).toBeCloseTo(0.065, 6);
    expect(climatologyOn(climatology, dayOf('20170101'))[0]).toBeCloseTo(
      0.12 - (0.11 * 17) / 31,
      6,
    );
    expect(climatologyOn(climatology, dayOf('20171231'))[0]).toBeCloseTo(
      0.12 - (0.11 * 16) / 31,
      6,
    );
  });

  test('leaves missing months out of the mean', () => {
    expect(climatologyOn(climatology, dayOf('20170301'))[1]).toBe(0.5);
  });

  test('sees training years only', () => {
    const poisoned = sic.slice();
    poisoned.fill(1, 36 * 2); // the test year 2003
    const options = { days, fromYear: 2000, toYear: 2002 };
    const clean = climatologyFromMonthly({ sic, ...options });
    expect(climatologyFromMonthly({ sic: poisoned, ...options })).toEqual(clean);
    expect(clean).toMatchObject({ from: 2000, to: 2002 });
  });

  test('refuses percent, flags and an incomplete year', () => {
    const percent = sic.map((value) => value * 1000);
    expect(() => climatologyFromMonthly({ sic: percent, days })).toThrow(
      /sic of 2000-01.*fraction/,
    );
    expect(() =>
      climatologyFromMonthly({ sic: sic.subarray(0, 22), days: days.slice(0, 11) }),
    ).toThrow(/all twelve calendar months/);
  });
});

describe('climatologyFromDaily', () => {
  const cycle = (day: number): number => 0.5 + 0.4 * Math.cos((2 * Math.PI * day) / 365.2425);
  const record = (from: string, to: string): { sic: Float32Array; days: number[] } => {
    const days = Array.from({ length: dayOf(to) - dayOf(from) + 1 }, (_, i) => dayOf(from) + i);
    // cell 0: seasonal; cell 1: missing every second day; cell 2: never observed
    const sic = Float32Array.from(days.flatMap((day) => [cycle(day), day % 2 ? NaN : 0.3, NaN]));
    return { sic, days };
  };

  test.each([
    ['20150101', '20151231'],
    ['20150101', '20181231'],
  ])('recovers the seasonal cycle from %s to %s', (from, to) => {
    const climatology = climatologyFromDaily(record(from, to));
    for (let day = dayOf('20200101'); day <= dayOf('20201231'); day += 5) {
      const [seasonal, constant, never] = climatologyOn(climatology, day);
      expect(Math.abs((seasonal ?? NaN) - cycle(day))).toBeLessThan(0.02);
      expect(constant).toBeCloseTo(0.3, 6);
      expect(never).toBeNaN();
    }
  });

  test('bridges a season that was never observed and stays in range', () => {
    const climatology = climatologyFromDaily(record('20150101', '20150731'));
    for (let day = dayOf('20160101'); day <= dayOf('20161231'); day++) {
      const value = climatologyOn(climatology, day)[0] ?? NaN;
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(1);
    }
    expect(climatologyOn(climatology, dayOf('20161016'))[0]).toBeGreaterThan(0.2);
  });

  test('sees days from..to only', () => {
    const { sic, days } = record('20150101', '20161231');
    const poisoned = sic.slice();
    poisoned.fill(1, 365 * 3);
    const to = dayOf('20151231');
    const clean = climatologyFromDaily({ sic, days, to });
    expect(climatologyFromDaily({ sic: poisoned, days, to })).toEqual(clean);
    expect(() => climatologyFromDaily({ sic, days, to: 0 })).toThrow(/at least one day/);
  });
});

describe('activeCells', () => {
  test('are ocean cells that reach 15 % in some field of the years asked for', () => {
    const sic = new Float32Array([0, 0.15, 0.9, 0.14, 0.2, 0, 0, NaN]);
    const days = [dayOf('199901'), dayOf('200001')];
    expect(Array.from(activeCells({ sic, days }))).toEqual([1, 1, 1, 0]);
    expect(Array.from(activeCells({ sic, days, ocean: [1, 1, 0, 1] }))).toEqual([1, 1, 0, 0]);
    expect(Array.from(activeCells({ sic, days, fromYear: 2000 }))).toEqual([1, 0, 0, 0]);
    expect(() => activeCells({ sic, days, fromYear: 2001 })).toThrow(/at least one field/);
  });
});
