import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  anomalyPersistence,
  assertConcentration,
  climatologyFromDaily,
  dampedAnomalyPersistence,
  fillFromDayBefore,
  fillFromDayBeforeInto,
  fitDamping,
  persistence,
  referenceForecasts,
  type Climatology,
} from '../src/index.js';

/** A climatology of 0.5 everywhere on every day. */
const flat = (cells: number): Climatology => ({
  kind: 'daily',
  from: 0,
  to: 0,
  cells,
  nodes: 1,
  means: new Float32Array(cells).fill(0.5),
});
const days = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('persistence', () => {
  test('is the newest step of the history, not the oldest', () => {
    const history = new Float32Array([0.1, 0.2, 0.3, 0.4, 0.8, 0.9]);
    expect(persistence(history, 2)).toEqual(new Float32Array([0.8, 0.9]));
    expect(() => persistence(new Float32Array(), 2)).toThrow(/at least one step/);
    expect(() => persistence(history, 4)).toThrow(/"history" to have 4/);
  });
});

describe('anomaly forecasts', () => {
  const fields = {
    newest: [0.9, 0.2, NaN],
    climatologyNow: [0.5, 0.5, 0.5],
    climatologyThen: [0.8, 0.1, 0.5],
  };

  test('add the anomaly to the climatology and clip to 0..1', () => {
    expect(anomalyPersistence(fields)).toEqual(new Float32Array([1, 0, NaN]));
  });

  test('damped: α shrinks the anomaly, by cell or for all', () => {
    expect(dampedAnomalyPersistence({ ...fields, alpha: 0.5 })).toEqual(
      new Float32Array([1, 0, NaN]),
    );
    expect(dampedAnomalyPersistence({ ...fields, alpha: [0.25, 0.1, 1] })).toEqual(
      new Float32Array([0.8 + 0.25 * (0.9 - 0.5), 0.1 + 0.1 * (0.2 - 0.5), NaN]),
    );
  });

  test('α = 0 is climatology, α = 1 is anomaly persistence', () => {
    const unit = fc.float({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(unit, unit, unit, (newest, now, then) => {
        const one = { newest: [newest], climatologyNow: [now], climatologyThen: [then] };
        expect(dampedAnomalyPersistence({ ...one, alpha: 0 })[0]).toBe(then);
        expect(dampedAnomalyPersistence({ ...one, alpha: 1 })).toEqual(anomalyPersistence(one));
      }),
    );
  });
});

describe('fitDamping', () => {
  test('recovers the decay of an anomaly', () => {
    const sic = new Float32Array(12);
    days(12).forEach((day) => (sic[day] = 0.5 + 0.4 * 0.8 ** day));
    const { alpha, domainMean } = fitDamping({
      sic,
      days: days(12),
      climatology: flat(1),
      leads: 3,
    });
    [0.8, 0.64, 0.512].forEach((value, i) => {
      expect(alpha[i]).toBeCloseTo(value, 5);
      expect(domainMean[i]).toBeCloseTo(value, 5);
    });
  });

  test('clamps to 0..1; no anomaly and masked cells get 0', () => {
    // cell 0 grows, cell 1 alternates, cell 2 has no anomaly, cell 3 is masked
    const rows = days(6).flatMap((day) => [0.5 + 0.01 * 2 ** day, day % 2 ? 0.4 : 0.6, 0.5, 0.9]);
    const options = { sic: Float32Array.from(rows), days: days(6), climatology: flat(4), leads: 1 };
    const { alpha, domainMean } = fitDamping({ ...options, mask: [1, 1, 1, 0] });
    expect(Array.from(alpha)).toEqual([1, 0, 0, 0]);
    expect(domainMean[0]).toBeCloseTo(1 / 3, 12);
  });

  test('pairs days by date: a gap makes no false neighbours, NaN is left out', () => {
    const sic = new Float32Array([0.9, 0.7, NaN, 0.9, 0.7]);
    const { alpha } = fitDamping({ sic, days: [0, 1, 2, 10, 11], climatology: flat(1), leads: 2 });
    expect(alpha[0]).toBeCloseTo(0.5, 5);
    expect(alpha[1]).toBe(0);
  });

  test('sees the training period only, leads included', () => {
    const sic = Float32Array.from(days(20), (day) => (day < 10 ? 0.5 + 0.3 * 0.9 ** day : 0));
    const clean = fitDamping({
      sic: sic.slice(0, 10),
      days: days(10),
      climatology: flat(1),
      leads: 3,
    });
    expect(fitDamping({ sic, days: days(20), climatology: flat(1), leads: 3, to: 9 })).toEqual(
      clean,
    );
  });

  test('refuses a period without pairs', () => {
    const sic = new Float32Array(2);
    expect(() => fitDamping({ sic, days: [0, 9], climatology: flat(1), leads: 2 })).toThrow(
      /at most 2 days apart/,
    );
  });
});

describe('referenceForecasts', () => {
  test('gives the four references of every lead, from the newest step', () => {
    const history = new Float32Array([0.1, 0.1, 0.9, 0.7]);
    const damping = {
      leads: 2,
      cells: 2,
      alpha: new Float32Array([0.5, 0.5, 0.25, 0]),
      domainMean: [],
    };
    const forecasts = referenceForecasts({ history, day: 0, climatology: flat(2), damping });
    expect(forecasts.map((one) => one.lead)).toEqual([1, 2]);
    expect(forecasts[1]?.persistence).toEqual(new Float32Array([0.9, 0.7]));
    expect(forecasts[1]?.climatology).toEqual(new Float32Array([0.5, 0.5]));
    expect(forecasts[1]?.anomalyPersistence).toEqual(new Float32Array([0.9, 0.7]));
    expect(Array.from(forecasts[1]?.dampedAnomalyPersistence ?? [])).toEqual([
      expect.closeTo(0.6, 6),
      0.5,
    ]);
  });

  test('refuses more leads than the damping has', () => {
    const climatology = climatologyFromDaily({ sic: new Float32Array(2), days: [0, 1] });
    const damping = { leads: 1, cells: 1, alpha: new Float32Array(1), domainMean: [1] };
    const history = new Float32Array(1);
    expect(() => referenceForecasts({ history, day: 0, climatology, damping, leads: 2 })).toThrow(
      /2 leads/,
    );
  });
});

describe('fillFromDayBefore', () => {
  test('takes the day before, filled days included; land stays missing', () => {
    const sic = new Float32Array([0.1, NaN, NaN, NaN, NaN, 0.5, NaN, NaN]);
    const filled = fillFromDayBefore(sic, 2);
    expect(filled).toEqual(new Float32Array([0.1, NaN, 0.1, NaN, 0.1, 0.5, 0.1, 0.5]));
    expect(sic[2]).toBeNaN();
  });

  test('counts what it fills, in place too', () => {
    const sic = new Float32Array([0.1, NaN, NaN, NaN]);
    expect(fillFromDayBeforeInto(sic, 2, sic)).toBe(1);
    expect(sic[2]).toBeCloseTo(0.1, 6);
  });
});

describe('assertConcentration', () => {
  test('lets fractions and NaN through, stops percent, flags and fill values', () => {
    assertConcentration('sic', [0, 1, NaN, 0.5]);
    for (const value of [15, 251, 254, -999, 1.02]) {
      expect(() => assertConcentration('sic', [0.5, value])).toThrow(/at cell 1/);
    }
  });
});
