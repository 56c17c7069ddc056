import { describe, expect, test } from 'vitest';
import {
  expectedCalibrationError,
  fitTemperature,
  reliabilityTable,
  softmaxRows,
  topClass,
} from '../src/index.js';
import { sklearn } from './sklearn.js';

const confidence = [0.95, 0.95, 0.85, 0.75, 0.65, 0.55];
const correct = [1, 0, 1, 1, 0, 1];

describe('expectedCalibrationError', () => {
  test('matches the vector', () => {
    const table = reliabilityTable(confidence, correct, { bins: 10 });
    expect(expectedCalibrationError(table)).toBeCloseTo(0.4, 12);
    expect(table[9]).toMatchObject({ low: 0.9, high: 1, n: 2, accuracy: 0.5 });
    expect(table[0]).toMatchObject({ n: 0, accuracy: NaN, confidence: NaN });
  });

  test('uses 15 bins unless told, bounds 0 and 1 included', () => {
    const table = reliabilityTable([0, 1], [0, 1]);
    expect(table).toHaveLength(15);
    expect([table[0]?.n, table[14]?.n]).toEqual([1, 1]);
    expect(expectedCalibrationError(table)).toBe(0);
  });

  test('of nothing is NaN', () => {
    expect(expectedCalibrationError(reliabilityTable([], []))).toBeNaN();
  });
});

describe('fitTemperature', () => {
  const { logits, labels, temperature, nllBefore, nllAfter } = sklearn.temperature;

  test('agrees with scipy', () => {
    const fit = fitTemperature(logits, labels, 3);
    expect(fit.temperature).toBeCloseTo(temperature, 4);
    expect(fit.nllBefore).toBeCloseTo(nllBefore, 5);
    expect(fit.nllAfter).toBeCloseTo(nllAfter, 5);
    expect(fit.nllAfter).toBeLessThan(fit.nllBefore);
  });

  test('changes no label', () => {
    const before = topClass(softmaxRows(logits, 3), 3);
    const after = topClass(softmaxRows(logits, 3, temperature), 3);
    expect(after.label).toEqual(before.label);
  });

  test('refuses labels out of range and an empty set', () => {
    expect(() => fitTemperature([1, 2], [2], 2)).toThrow(/Expected labels 0..1. Received: 2/);
    expect(() => fitTemperature([], [], 2)).toThrow(/at least one row/);
  });
});

describe('softmaxRows and topClass', () => {
  test('rows sum to 1, large logits included', () => {
    const rows = softmaxRows([1000, 0, 0, 1], 2);
    expect(rows[0]).toBe(1);
    expect((rows[2] ?? 0) + (rows[3] ?? 0)).toBeCloseTo(1, 12);
    expect(topClass(rows, 2)).toMatchObject({ label: Int32Array.of(0, 1) });
  });

  test('refuse a length that is no multiple of the classes', () => {
    expect(() => softmaxRows([1, 2, 3], 2)).toThrow(/\[N,K\] array/);
  });
});
