import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarOf, dateOf, dayOf, type Calendar } from '../../src/netcdf/calendar.js';
import { isoTime, timeUnitsOf } from '../../src/netcdf/cf-time.js';
import { bareVariable, expectedTimes } from './helpers.js';

function iso(units: string, calendar: string | null, value: number): string | null {
  const { attributes } = bareVariable({
    units: { value: units, type: 'text' },
    ...(calendar !== null && { calendar: { value: calendar, type: 'text' as const } }),
  });
  const known = timeUnitsOf(attributes);
  return known && isoTime(known, value);
}

describe('times of CF', () => {
  it('are those of cftime, to the millisecond', () => {
    const wrong = expectedTimes().filter(
      ([units, calendar, value, expected]) => iso(units, calendar, value) !== expected,
    );
    expect(wrong).toEqual([]);
    expect(expectedTimes().length).toBeGreaterThan(250);
  });

  it('skip ten days in the mixed calendar', () => {
    expect(iso('days since 1582-10-04', null, 1)).toBe('1582-10-15T00:00:00Z');
    expect(iso('days since 1582-10-04', 'proleptic_gregorian', 1)).toBe('1582-10-05T00:00:00Z');
    expect(iso('days since 1601-01-01 00:00:00', 'gregorian', 153_766)).toBe(
      '2021-12-31T00:00:00Z',
    );
  });

  it('know dates that only other calendars have', () => {
    expect(iso('days since 2001-02-01', '360_day', 29)).toBe('2001-02-30T00:00:00Z');
    expect(iso('days since 2001-02-01', 'all_leap', 28)).toBe('2001-02-29T00:00:00Z');
    expect(iso('days since 2000-02-28', 'noleap', 1)).toBe('2000-03-01T00:00:00Z');
  });

  it('step by months and years of the calendar', () => {
    expect(iso('months since 2000-01-01', null, 13)).toBe('2001-02-01T00:00:00Z');
    expect(iso('months since 2001-01-31', null, 1)).toBe('2001-02-28T00:00:00Z');
    expect(iso('months since 2000-01-01', '360_day', 0.5)).toBe('2000-01-16T00:00:00Z');
    expect(iso('years since 1979-06-01', null, -1)).toBe('1978-06-01T00:00:00Z');
  });

  it('take words and dates as people write them', () => {
    const midnight = '2019-09-09T00:00:00Z';
    for (const units of [
      'day since 2019-09-09',
      'Days Since 2019-9-9 00:00',
      'hrs since 2019-09-09T00:00:00Z',
      'seconds since 2019-09-09 00:00:00.0 UTC',
      's since 2019-09-09 02:00:00 +2:00',
    ]) {
      expect([units, iso(units, null, 0)]).toEqual([units, midnight]);
    }
    expect(iso('nanoseconds since 1970-01-01', null, 1_704_067_200e9)).toBe('2024-01-01T00:00:00Z');
    expect(iso('degrees since yesterday', null, 0)).toBeNull();
    expect(iso('days since 2000-13-01', null, 0)).toBeNull();
    expect(iso('days since 2000-01-01', 'martian', 0)).toBeNull();
    expect(iso('days since 2000-01-01', null, 9.97e36)).toBeNull();
  });
});

describe('calendars', () => {
  it('come back from their day numbers', () => {
    const names: Calendar[] = [
      'standard',
      'proleptic_gregorian',
      'julian',
      'noleap',
      'all_leap',
      '360_day',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.integer({ min: -500_000, max: 3_000_000 }),
        (calendar, day) => {
          const date = dateOf(calendar, day);
          expect(dayOf(calendar, date)).toBe(day);
          expect(date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31).toBe(true);
        },
      ),
    );
  });
  it('count Julian days', () => {
    expect(dayOf('standard', { year: 1970, month: 1, day: 1 })).toBe(2_440_588);
    expect(dayOf('julian', { year: -4712, month: 1, day: 1 })).toBe(0);
    expect(calendarOf('Gregorian')).toBe('standard');
  });
});
