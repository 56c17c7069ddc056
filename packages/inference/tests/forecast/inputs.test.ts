import { climatologyOn, dampedAnomalyPersistence } from '@arctic/metrics';
import { describe, expect, it } from 'vitest';
import { FUTURE_CHANNELS, PAST_CHANNELS, createInputBuilder } from '../../src/index.js';
import { makeCube, makeSeries } from '../../../../tools/make-cube.js';

const STEPS = { inputSteps: 4, outputSteps: 2 };
const CELLS = 64;
const whole = { row: 0, column: 0, height: 8, width: 8 };

function setUp(change: (sic: Float32Array) => void = () => undefined) {
  const cube = makeCube({ from: '2015-01-01', days: 420 });
  change(cube.sic);
  const series = makeSeries(cube, { trainingDays: 380 });
  return { series, builder: createInputBuilder(series, STEPS) };
}

describe('createInputBuilder', () => {
  it('gives the newest day last and every day its channels', () => {
    const { series, builder } = setUp();
    const issue = 399;
    const { past } = builder.build([{ issue, crop: whole }]);
    expect(past).toHaveLength(4 * CELLS * PAST_CHANNELS.length);
    const cell = 11;
    for (let step = 0; step < 4; step++) {
      const index = issue - 3 + step;
      const value = series.sic[index * CELLS + cell] ?? NaN;
      const normal = climatologyOn(series.climatology, series.days[index] ?? 0)[cell] ?? NaN;
      const at = (step * CELLS + cell) * 3;
      expect(past[at]).toBeCloseTo(2 * value - 1, 5);
      expect(past[at + 1]).toBeCloseTo(4 * (value - normal), 5);
      expect(past[at + 2]).toBe(1);
    }
  });

  it('issues the damped anomaly persistence of the newest day, never of the oldest', () => {
    const { series, builder } = setUp();
    const issue = 399;
    const { reference, future } = builder.build([{ issue, crop: whole }]);
    const day = series.days[issue] ?? 0;
    for (const lead of [1, 2]) {
      const expected = (index: number) =>
        dampedAnomalyPersistence({
          newest: series.sic.subarray(index * CELLS, (index + 1) * CELLS),
          climatologyNow: climatologyOn(series.climatology, series.days[index] ?? 0),
          climatologyThen: climatologyOn(series.climatology, day + lead),
          alpha: series.damping.alpha.subarray((lead - 1) * CELLS, lead * CELLS),
        });
      const newest = expected(issue);
      const oldest = expected(issue - 3);
      let apart = 0;
      for (let i = 0; i < CELLS; i++) {
        const at = (lead - 1) * CELLS + i;
        if (!series.active[i]) {
          expect(reference[at]).toBe(0);
          continue;
        }
        expect(reference[at]).toBe(newest[i]);
        expect(future[at * 5]).toBeCloseTo(2 * (newest[i] ?? NaN) - 1, 5);
        apart = Math.max(apart, Math.abs((newest[i] ?? NaN) - (oldest[i] ?? NaN)));
      }
      expect(apart).toBeGreaterThan(0.01);
    }
  });

  it('takes the climatology as a function of the day', () => {
    const { series, builder } = setUp();
    const byDay = createInputBuilder(
      { ...series, climatology: (day) => climatologyOn(series.climatology, day) },
      STEPS,
    );
    const cases = [{ issue: 399, crop: whole }];
    expect(byDay.build(cases)).toEqual(builder.build(cases));
  });

  it('does not let the target into the inputs', () => {
    const plain = setUp();
    const changed = setUp((sic) => {
      sic.subarray(400 * CELLS, 402 * CELLS).fill(0.123);
    });
    const before = plain.builder.build([{ issue: 399, crop: whole }]);
    const after = changed.builder.build([{ issue: 399, crop: whole }]);
    expect(after.past).toEqual(before.past);
    expect(after.future).toEqual(before.future);
    expect(after.reference).toEqual(before.reference);
    expect(after.target).not.toEqual(before.target);
  });

  it('tells the day of the year of each target as a point on the unit circle', () => {
    const { builder } = setUp();
    const { future } = builder.build([{ issue: 364, crop: whole }]); // issued 2015-12-31
    expect(FUTURE_CHANNELS.slice(3)).toEqual(['dayOfYearSin', 'dayOfYearCos']);
    const [sine = NaN, cosine = NaN] = future.subarray(11 * 5 + 3, 11 * 5 + 5);
    expect(sine ** 2 + cosine ** 2).toBeCloseTo(1, 5);
    expect(Math.abs(sine)).toBeLessThan(0.03); // the first of January
    expect(cosine).toBeGreaterThan(0.99);
  });

  it('never passes NaN on, whatever is missing', () => {
    const missing = (index: number, cell: number) => (sic: Float32Array) => {
      sic[index * CELLS + cell] = NaN;
    };
    const { builder } = setUp((sic) => {
      for (let cell = 0; cell < CELLS; cell += 3)
        for (const index of [0, 1, 397, 399, 400]) missing(index, cell)(sic);
    });
    for (const issue of [3, 399]) {
      for (const [name, values] of Object.entries(builder.build([{ issue, crop: whole }]))) {
        if (values instanceof Float32Array)
          expect([name, values.findIndex((v) => !Number.isFinite(v))]).toEqual([name, -1]);
      }
    }
  });

  it('weighs only targets that were observed in active cells', () => {
    const cell = 11;
    const { series, builder } = setUp((sic) => {
      sic[400 * CELLS + cell] = NaN;
    });
    const { weights, target } = builder.build([{ issue: 399, crop: whole }]);
    expect(weights[cell]).toBe(0);
    expect(target[cell]).toBe(0);
    expect(weights[CELLS + cell]).toBe(1);
    expect(target[CELLS + cell]).toBe(series.sic[401 * CELLS + cell]);
    expect(weights[8]).toBe(0); // land
  });

  it('leaves the targets out where the series has ended', () => {
    const { builder } = setUp();
    const { weights, reference } = builder.build([{ issue: 419, crop: whole }]);
    expect(weights.every((w) => w === 0)).toBe(true);
    expect(reference.some((v) => v > 0)).toBe(true);
  });

  it('cuts the same values out of the whole grid, for each case its own', () => {
    const { builder } = setUp();
    const crop = { row: 2, column: 4, height: 4, width: 3 };
    const both = builder.build([
      { issue: 398, crop },
      { issue: 399, crop: { ...crop, row: 3 } },
    ]);
    const full = builder.build([{ issue: 399, crop: whole }]);
    expect(both.crop).toEqual({ height: 4, width: 3 });
    for (let lead = 0; lead < 2; lead++)
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 3; x++)
          expect(both.reference[((2 + lead) * 4 + y) * 3 + x]).toBe(
            full.reference[(lead * 8 + 3 + y) * 8 + 4 + x],
          );
  });
});
