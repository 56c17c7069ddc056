import { dayNumber } from '@arctic/raster';
import { describe, expect, it } from 'vitest';
import {
  isInferenceError,
  prepareSeries,
  statisticsFromDaily,
  statisticsFromMonthly,
} from '../../src/index.js';
import { makeCube, makeSeries } from '../../../../tools/make-cube.js';

function sentence(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isInferenceError(error)) return error.message;
    throw error;
  }
  throw new Error('Expected an error. Received: none');
}

describe('prepareSeries', () => {
  it('fills gaps from the day before and remembers what was observed', () => {
    const cube = makeCube({ from: '2015-01-01', days: 400 });
    const before = cube.sic[99 * 64 + 9];
    cube.sic[100 * 64 + 9] = NaN;
    const series = makeSeries(cube, { trainingDays: 380 });
    expect(series.sic[100 * 64 + 9]).toBe(before);
    expect(series.observed[100 * 64 + 9]).toBe(0);
    expect(series.observed[99 * 64 + 9]).toBe(1);
    expect(series.sic[100 * 64]).toBeNaN(); // land stays missing
  });

  it('takes climatology and damping from the training days alone', () => {
    const plain = makeCube({ from: '2015-01-01', days: 500 });
    const other = makeCube({ from: '2015-01-01', days: 500 });
    other.sic.subarray(400 * 64).fill(0.3);
    const [a, b] = [plain, other].map((cube) => makeSeries(cube, { trainingDays: 400 }));
    expect(b?.climatology).toEqual(a?.climatology);
    expect(b?.damping).toEqual(a?.damping);
    expect(b?.active).toEqual(a?.active);
  });

  it('keeps the damping of another series', () => {
    const cube = makeCube({ from: '2015-01-01', days: 400 });
    const { climatology, active, damping } = makeSeries(cube, { trainingDays: 380 });
    const other = prepareSeries(
      makeCube({ from: '2018-01-01', days: 100 }),
      { climatology, active },
      damping,
    );
    expect(other.damping).toBe(damping);
  });

  it('names the days between which some are missing', () => {
    const cube = makeCube({ from: '2015-01-01', days: 400 });
    cube.days.set(
      cube.days.subarray(0, 395).map((day) => day + 10),
      5,
    );
    const { active, climatology } = statisticsFromDaily(cube, cube.days[0] ?? 0, Infinity);
    const text = sentence(() =>
      prepareSeries(cube, { active, climatology }, { leads: 2, from: 0, to: 1e6 }),
    );
    expect(text).toBe('made-up: expected consecutive days. Received: 2015-01-05 then 2015-01-11');
  });
});

describe('statisticsFromMonthly', () => {
  const daily = makeCube({ from: '2015-01-01', days: 10 });
  const years = { climatologyYears: [2010, 2012], activeYears: [2010, 2012] } as const;

  it('refuses a record of another grid', () => {
    const monthly = makeCube({ from: '2010-01-01', days: 10, height: 6 });
    expect(sentence(() => statisticsFromMonthly(daily, monthly, years))).toBe(
      '--climatology: expected the grid of the daily series, made-up-8x8 of 8 × 8 cells. Received: made-up-6x8 of 6 × 8',
    );
  });

  it('leaves pole hole and land out of the active cells', () => {
    const monthly = makeCube({ from: '2010-01-01', days: 36 });
    monthly.days.set(
      monthly.days.map((_, i) => dayNumber(`${2010 + Math.floor(i / 12)}-${month(i)}-01`)),
    );
    const poleHole = new Uint8Array(64);
    poleHole[20] = 1;
    const { active, climatology } = statisticsFromMonthly({ ...daily, poleHole }, monthly, years);
    expect(active[20]).toBe(0);
    expect(active[8]).toBe(0);
    expect(active[21]).toBe(1);
    expect(climatology).toMatchObject({ kind: 'monthly', nodes: 12, from: 2010, to: 2012 });
  });
});

function month(i: number): string {
  return String((i % 12) + 1).padStart(2, '0');
}
