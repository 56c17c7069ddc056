import { describe, expect, it } from 'vitest';
import { dayNumber, isoDate } from '../src/index.js';
import { failure } from './helpers.js';

describe('dates', () => {
  it('known days', () => {
    expect(dayNumber('1970-01-01')).toBe(0);
    expect(dayNumber('2016-09-30')).toBe(17074);
    expect(isoDate(17074)).toBe('2016-09-30');
    expect(isoDate(-1)).toBe('1969-12-31');
  });
  it('there and back over leap years', () => {
    for (let day = 2900; day < 18000; day += 13) expect(dayNumber(isoDate(day))).toBe(day);
  });
  it('no date', async () => {
    for (const text of ['2017-02-29', '2017-13-01', '2017-1-1', 'today', '']) {
      expect(await failure(() => dayNumber(text), 'InvalidValue')).toContain(JSON.stringify(text));
    }
  });
});
