import { dayNumber, isoDate } from '@arctic/raster';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitByDate, SPLITS, timeWindows, type Split } from '../src/index.js';

const range = (from: number, n: number): number[] => Array.from({ length: n }, (_, i) => from + i);

describe('splitByDate on the days 2015-01-01 to 2017-07-31', () => {
  const first = dayNumber('2015-01-01');
  const days = range(first, 943);
  const blocks = splitByDate(days, {
    kind: 'dates',
    trainEnd: '2016-09-30',
    valEnd: '2017-03-31',
  });
  const windows = (name: Split): Int32Array => timeWindows({ days, ...blocks[name] });
  const dayAt = (step: number | undefined): string => isoDate(days[step ?? -1] ?? NaN);

  test('gives 86 test issue dates, 2017-04-30 to 2017-07-24', () => {
    const test = windows('test');
    expect(test).toHaveLength(86);
    expect(dayAt((test[0] ?? 0) + 29)).toBe('2017-04-30');
    expect(dayAt((test.at(-1) ?? 0) + 29)).toBe('2017-07-24');
  });

  test('trains to 2016-09-30, and validates between the gaps', () => {
    expect(windows('train')).toHaveLength(639 - 36);
    expect(isoDate(blocks.train.to)).toBe('2016-09-30');
    expect(isoDate(blocks.val.from)).toBe('2016-11-07');
    expect(isoDate(blocks.val.to)).toBe('2017-02-22');
    expect(windows('val')).toHaveLength(72);
    expect(blocks.rule).toContain('37 days between blocks are unused');
    expect(blocks.rule).toContain('val 2016-11-07 to 2017-02-22');
  });
});

describe('splitByDate', () => {
  test('keeps at least 37 unused days between the windows of different splits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 700, max: 1500 }),
        fc.integer({ min: 37, max: 60 }),
        (n, gapDays) => {
          const days = range(16_000, n);
          const fractions = { kind: 'fractions', train: 0.6, val: 0.2, test: 0.2 } as const;
          const blocks = splitByDate(days, fractions, { gapDays });
          const spans = SPLITS.map((name) => {
            const starts = timeWindows({ days, ...blocks[name] });
            expect(starts.length).toBeGreaterThan(0);
            return [days[starts[0] ?? -1] ?? NaN, (days[starts.at(-1) ?? -1] ?? NaN) + 36];
          });
          for (const [earlier, later] of [
            [0, 1],
            [1, 2],
          ] as const) {
            const unused = (spans[later]?.[0] ?? NaN) - (spans[earlier]?.[1] ?? NaN) - 1;
            expect(unused).toBeGreaterThanOrEqual(gapDays);
          }
          expect(spans[2]?.[1]).toBe(days.at(-1));
        },
      ),
    );
  });

  test('trainStart and testEnd bound the blocks', () => {
    const days = range(dayNumber('2010-01-01'), 2000);
    const blocks = splitByDate(days, {
      kind: 'dates',
      trainStart: '2011-01-01',
      trainEnd: '2012-01-01',
      valEnd: '2013-01-01',
      testEnd: '2014-01-01',
    });
    expect(isoDate(blocks.train.from)).toBe('2011-01-01');
    expect(isoDate(blocks.test.to)).toBe('2014-01-01');
  });

  test('refuses a gap below the window, dates out of order, and blocks too short', () => {
    const days = range(16_000, 500);
    const fractions = { kind: 'fractions', train: 0.7, val: 0.15, test: 0.15 } as const;
    expect(() => splitByDate(days, fractions, { gapDays: 7 })).toThrow(
      /at least one window, 37 days/,
    );
    expect(() =>
      splitByDate(days, { kind: 'dates', trainEnd: '2014-01-01', valEnd: '2013-12-01' }),
    ).toThrow(/trainEnd < valEnd/);
    expect(() => splitByDate(range(0, 200), fractions)).toThrow(/one window of 37 days for val/);
    expect(() => splitByDate([], fractions)).toThrow(/Received: none/);
  });
});
