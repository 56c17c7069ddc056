/** Calendars of CF, with one name each. */
export type Calendar =
  'standard' | 'proleptic_gregorian' | 'julian' | 'noleap' | 'all_leap' | '360_day';

/** A date of a calendar; years before 1 count 0, -1, … */
export interface CalendarDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

const NAMES: ReadonlyMap<string, Calendar> = new Map([
  ['standard', 'standard'],
  ['gregorian', 'standard'],
  ['none', 'standard'],
  ['proleptic_gregorian', 'proleptic_gregorian'],
  ['julian', 'julian'],
  ['noleap', 'noleap'],
  ['365_day', 'noleap'],
  ['all_leap', 'all_leap'],
  ['366_day', 'all_leap'],
  ['360_day', '360_day'],
]);

/** The calendar of CF's attribute; null where it is none that CF knows. */
export function calendarOf(name: string): Calendar | null {
  return NAMES.get(name.toLowerCase()) ?? null;
}

/** Days before each month, without and with a leap day. */
const BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const;
const BEFORE_LEAP = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366] as const;

/** Day numbers of the two calendars that `standard` is made of agree on this scale (Julian day). */
const FIRST_GREGORIAN_DAY = 2_299_161;

/**
 * The number of a day: the Julian day number in calendars of the real world, days since year 0 in
 * the others. Days beyond the end of the month count on into the next.
 */
export function dayOf(calendar: Calendar, { year, month, day }: CalendarDate): number {
  switch (calendar) {
    case '360_day':
      return year * 360 + (month - 1) * 30 + day - 1;
    case 'noleap':
      return year * 365 + (BEFORE[month - 1] ?? 0) + day - 1;
    case 'all_leap':
      return year * 366 + (BEFORE_LEAP[month - 1] ?? 0) + day - 1;
    case 'julian':
      return julianDay(year, month, day);
    case 'proleptic_gregorian':
      return gregorianDay(year, month, day);
    case 'standard': {
      const gregorian = gregorianDay(year, month, day);
      return gregorian >= FIRST_GREGORIAN_DAY ? gregorian : julianDay(year, month, day);
    }
  }
}

/** The date of a day number: the inverse of `dayOf`. */
export function dateOf(calendar: Calendar, number: number): CalendarDate {
  if (calendar === 'standard') {
    return dateOf(number >= FIRST_GREGORIAN_DAY ? 'proleptic_gregorian' : 'julian', number);
  }
  if (calendar === '360_day') {
    const year = Math.floor(number / 360);
    const rest = number - year * 360;
    return { year, month: Math.floor(rest / 30) + 1, day: (rest % 30) + 1 };
  }
  // The year is guessed from its mean length, and then put right.
  let year = Math.floor((number - dayOf(calendar, { year: 0, month: 1, day: 1 })) / MEAN[calendar]);
  while (dayOf(calendar, { year, month: 1, day: 1 }) > number) year--;
  while (dayOf(calendar, { year: year + 1, month: 1, day: 1 }) <= number) year++;
  let month = 12;
  while (dayOf(calendar, { year, month, day: 1 }) > number) month--;
  return { year, month, day: number - dayOf(calendar, { year, month, day: 1 }) + 1 };
}

const MEAN = { proleptic_gregorian: 365.2425, julian: 365.25, noleap: 365, all_leap: 366 } as const;

function julianDay(year: number, month: number, day: number): number {
  const leap = year % 4 === 0;
  const before = (leap ? BEFORE_LEAP : BEFORE)[month - 1] ?? 0;
  // Year 0 of the Julian calendar begins on day 1,721,058.
  return 1_721_058 + year * 365 + Math.floor((year + 3) / 4) + before + day - 1;
}

function gregorianDay(year: number, month: number, day: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const before = (leap ? BEFORE_LEAP : BEFORE)[month - 1] ?? 0;
  const leaps =
    Math.floor((year + 3) / 4) - Math.floor((year + 99) / 100) + Math.floor((year + 399) / 400);
  return 1_721_060 + year * 365 + leaps + before + day - 1;
}
