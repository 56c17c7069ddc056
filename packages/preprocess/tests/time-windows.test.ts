import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timeWindows } from '../src/index.js';

const range = (from: number, n: number): number[] => Array.from({ length: n }, (_, i) => from + i);

describe('timeWindows', () => {
  test('takes every start that leaves room, by stride', () => {
    expect(Array.from(timeWindows({ days: range(5, 40) }))).toEqual([0, 1, 2, 3]);
    expect(Array.from(timeWindows({ days: range(5, 40), stride: 2 }))).toEqual([0, 2]);
    expect(Array.from(timeWindows({ days: range(5, 36) }))).toEqual([]);
  });

  test('lies wholly within from..to', () => {
    const options = { days: range(0, 20), inputSteps: 3, outputSteps: 2, from: 5, to: 11 };
    expect(Array.from(timeWindows(options))).toEqual([5, 6, 7]);
  });

  test('never bridges a missing day', () => {
    const days = [0, 1, 2, 3, 5, 6, 7, 8, 9];
    const starts = timeWindows({ days, inputSteps: 2, outputSteps: 2 });
    expect(Array.from(starts)).toEqual([0, 4, 5]);
  });

  test('every window is of consecutive days', () => {
    const series = fc
      .uniqueArray(fc.nat({ max: 80 }), { minLength: 1 })
      .map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(
        series,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (days, inputSteps, outputSteps) => {
          const length = inputSteps + outputSteps;
          const starts = new Set(timeWindows({ days, inputSteps, outputSteps }));
          days.forEach((day, start) => {
            const whole = days[start + length - 1] === day + length - 1;
            expect(starts.has(start)).toBe(whole);
          });
        },
      ),
    );
  });

  test('refuses days that do not ascend and steps below 1', () => {
    expect(() => timeWindows({ days: [2, 1] })).toThrow(/ascending/);
    expect(() => timeWindows({ days: [1], stride: 0 })).toThrow(/"stride"/);
  });
});
