import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyInterval, createIntervalFit, loadInterval, saveInterval } from '../../src/index.js';

describe('interval', () => {
  it('holds the share of errors it says, by lead and forecast concentration', () => {
    const fit = createIntervalFit(2, 0.8);
    const errors = Array.from({ length: 1001 }, (_, i) => (i - 500) / 1000); // -0.5 … 0.5
    const forecast = errors.map(() => 0.6);
    fit.add(
      1,
      forecast,
      errors.map((e) => 0.6 + e),
      errors.map(() => 1),
    );
    fit.add(
      2,
      forecast,
      errors.map((e) => 0.6 + e / 2),
      errors.map(() => 1),
    );
    const interval = fit.result('a test');
    const one = applyInterval(interval, 1, Float32Array.of(0.6, NaN, 0.6));
    expect(one.lower[0]).toBeCloseTo(0.2, 2);
    expect(one.upper[0]).toBeCloseTo(1, 2);
    expect(one.lower[1]).toBeNaN();
    const two = applyInterval(interval, 2, Float32Array.of(0.6));
    expect(two.lower[0]).toBeCloseTo(0.4, 2);
    expect(two.upper[0]).toBeCloseTo(0.8, 2);
  });

  it('takes the errors of the whole lead where a bin has few, and leaves inactive and missing cells out', () => {
    const fit = createIntervalFit(1);
    const many = Array.from({ length: 500 }, () => 0.6);
    fit.add(
      1,
      many,
      many.map((v) => v - 0.1),
      many.map(() => 1),
    );
    fit.add(1, [0.01, 0.01, 0.6], [0.9, NaN, 0], [1, 1, 0]);
    const { lower } = applyInterval(fit.result('a test'), 1, Float32Array.of(0.3));
    expect(lower[0]).toBeCloseTo(0.2, 2);
    expect(() => fit.add(2, [], [], [])).toThrow(/lead of 1 to 1. Received: 2/);
  });

  it('is saved with a model, and named where it is damaged', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'arctic-interval-'));
    expect(await loadInterval(folder)).toBeNull();
    const interval = createIntervalFit(1).result('a test');
    await saveInterval(folder, interval);
    expect(await loadInterval(folder)).toEqual(interval);
    writeFileSync(join(folder, 'interval.json'), '{"schema":1}');
    await expect(loadInterval(folder)).rejects.toThrow(/interval\.json: expected the interval/);
    rmSync(folder, { recursive: true });
  });
});
