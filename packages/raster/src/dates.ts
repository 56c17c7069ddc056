import { RasterError } from './errors.js';

const MS_PER_DAY = 86_400_000;

/**
 * The day number of an ISO date: whole days since 1970-01-01 in UTC.
 *
 * @example
 * ```ts
 * dayNumber('2016-09-30'); // 17074
 * ```
 * @throws RasterError `InvalidValue` where the text is no calendar date `YYYY-MM-DD`.
 */
export function dayNumber(date: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  const ms = match ? Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) : NaN;
  // Date.UTC rolls 2017-02-30 over into March; a round trip finds it out.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) {
    throw new RasterError(
      'InvalidValue',
      `Expected a calendar date as YYYY-MM-DD. Received: ${JSON.stringify(date)}. Write it like 2016-09-30.`,
    );
  }
  return ms / MS_PER_DAY;
}

/** The ISO date (UTC) of a day number: the inverse of `dayNumber`. */
export function isoDate(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/**
 * Days since 1970-01-01 of an ISO 8601 time in UTC, with a fraction for hours; null where the text
 * is no date of the Gregorian calendar (other calendars have a 30 February).
 */
export function dayOf(time: string): number | null {
  const match = /^(-?\d{4,6}-\d{2}-\d{2})(?:T(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)Z?)?$/.exec(time);
  if (!match) return null;
  const [, date = '', hours = 0, minutes = 0, seconds = 0] = match;
  const ms = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) return null;
  const inDay = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return ms / MS_PER_DAY + inDay / 86_400;
}
