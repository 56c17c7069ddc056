import { calendarOf, dateOf, dayOf, type Calendar, type CalendarDate } from './calendar.js';
import { textAttribute, type TypedAttributes } from './file-variable.js';

const MS_PER_DAY = 86_400_000;

/** `units` of a time: a step from a date on, in a calendar. */
export interface TimeUnits {
  readonly calendar: Calendar;
  /** Milliseconds of a step; null for months, which are not of one length. */
  readonly stepMs: number | null;
  /** Months of a step where `stepMs` is null. */
  readonly months: number;
  readonly reference: CalendarDate;
  /** Milliseconds after midnight (UTC) of the reference day. */
  readonly referenceMs: number;
}

/** Words of UDUNITS, without the plural's s. */
const STEPS: ReadonlyMap<string, number> = new Map([
  ...['nanosecond', 'nanosec', 'ns'].map((word) => [word, 1e-6] as const),
  ...['microsecond', 'microsec', 'us'].map((word) => [word, 1e-3] as const),
  ...['millisecond', 'millisec', 'msec', 'ms'].map((word) => [word, 1] as const),
  ...['second', 'sec', 's'].map((word) => [word, 1000] as const),
  ...['minute', 'min'].map((word) => [word, 60_000] as const),
  ...['hour', 'hr', 'h'].map((word) => [word, 3_600_000] as const),
  ...['day', 'd'].map((word) => [word, MS_PER_DAY] as const),
  ...['week'].map((word) => [word, 7 * MS_PER_DAY] as const),
]);
const MONTHS: ReadonlyMap<string, number> = new Map([
  ['month', 1],
  ['mon', 1],
  ['year', 12],
  ['yr', 12],
]);

const SINCE = /^\s*([a-z]+)\s+(?:since|after|from|ref)\s+(.+?)\s*$/i;
const DATE =
  /^([+-]?\d{1,6})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?)?)?\s*(.*)$/i;
const ZONE = /^([+-])(\d{1,2}):?(\d{2})?$/;

/** Whether attributes say that a variable counts time from a date on. */
export function isTime(attributes: TypedAttributes): boolean {
  return SINCE.test(textAttribute(attributes, 'units') ?? '');
}

/** The time units that attributes name; null where they are none that CF knows. */
export function timeUnitsOf(attributes: TypedAttributes): TimeUnits | null {
  const calendar = calendarOf(textAttribute(attributes, 'calendar') ?? 'standard');
  const [, word = '', date = ''] = SINCE.exec(textAttribute(attributes, 'units') ?? '') ?? [];
  const unit = word.toLowerCase();
  const known = [unit, unit.replace(/s$/, '')].find((name) => STEPS.has(name) || MONTHS.has(name));
  const parts = DATE.exec(date);
  if (!calendar || known === undefined || !parts) return null;
  const [, year, month, day, hour = 0, minute = 0, second = 0, zone = ''] = parts;
  const [, sign, hours = 0, minutes = 0] = ZONE.exec(zone) ?? [];
  const eastMs = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) return null;
  return {
    calendar,
    stepMs: STEPS.get(known) ?? null,
    months: MONTHS.get(known) ?? 0,
    reference: { year: Number(year), month: Number(month), day: Number(day) },
    referenceMs: ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 - eastMs,
  };
}

/**
 * ISO 8601 text (UTC, in the file's calendar) of a number of steps; null where it is not finite.
 * Months are those of the calendar, their fractions parts of the month that they fall into.
 */
export function isoTime(units: TimeUnits, value: number): string | null {
  const { calendar, reference, stepMs } = units;
  if (!(Math.abs(value) <= 1e19)) return null;
  let day: number;
  let ms: number;
  if (stepMs === null) {
    const whole = Math.floor(value * units.months);
    const start = monthDay(calendar, reference, whole);
    const end = monthDay(calendar, reference, whole + 1);
    day = start;
    ms = units.referenceMs + (value * units.months - whole) * (end - start) * MS_PER_DAY;
  } else {
    // Days are split off first, so that milliseconds keep all their digits.
    const perDay = MS_PER_DAY / stepMs;
    const days = Math.trunc(value / perDay);
    day = dayOf(calendar, reference) + days;
    ms = units.referenceMs + (value - days * perDay) * stepMs;
  }
  ms = Math.round(ms);
  day += Math.floor(ms / MS_PER_DAY);
  ms -= Math.floor(ms / MS_PER_DAY) * MS_PER_DAY;
  if (Math.abs(day) > 1e9) return null;
  return `${dateText(dateOf(calendar, day))}T${clockText(ms)}Z`;
}

/** The day that lies some months after a date, the last of the month where that is shorter. */
function monthDay(calendar: Calendar, { year, month, day }: CalendarDate, months: number): number {
  const at = year * 12 + month - 1 + months;
  const first = (index: number) =>
    dayOf(calendar, {
      year: Math.floor(index / 12),
      month: (((index % 12) + 12) % 12) + 1,
      day: 1,
    });
  return Math.min(first(at) + day - 1, first(at + 1) - 1);
}

function dateText({ year, month, day }: CalendarDate): string {
  const sign = year < 0 ? '-' : year > 9999 ? '+' : '';
  const digits = String(Math.abs(year)).padStart(sign === '' ? 4 : 6, '0');
  return `${sign}${digits}-${two(month)}-${two(day)}`;
}

function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const rest = ms % 1000;
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0')}`;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${fraction}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
