import { expectLength, type Field } from './cells.js';

/** Milliseconds in a day. */
const DAY_MS = 86_400_000;

/** Length of the mean Gregorian year, days. */
export const YEAR_DAYS = 365.2425;

/** Year, month (1..12) and position in the year of a day since 1970-01-01. */
export function civil(day: number): { year: number; month: number; dayOfYear: number } {
  const date = new Date(day * DAY_MS);
  const year = date.getUTCFullYear();
  return { year, month: date.getUTCMonth() + 1, dayOfYear: day - dayNumber(year, 1, 1) };
}

/** Days from 1970-01-01 to a date; months beyond 1..12 run into the neighbouring years. */
export function dayNumber(year: number, month: number, dayOfMonth: number): number {
  return Date.UTC(year, month - 1, dayOfMonth) / DAY_MS;
}

/** Number of cells of a [T,N] array with one date per step. */
export function cellsPerStep(sic: Field, days: Field): number {
  const cells = days.length === 0 ? 0 : Math.floor(sic.length / days.length);
  expectLength('sic', sic, cells * days.length);
  return cells;
}
