import { isoDate } from '@arctic/raster';

/** A year, or a month of it, that a span of days touches. */
export interface YearMonth {
  readonly year: number;
  /** `01`…`12` */
  readonly month: string;
}

/** The months from one day to another, both inclusive; days count from 1970-01-01. */
export function monthsBetween(firstDay: number, lastDay: number): YearMonth[] {
  const months: YearMonth[] = [];
  const [year, month] = isoDate(firstDay).split('-').map(Number);
  const last = isoDate(lastDay).slice(0, 7);
  for (let count = (year ?? 0) * 12 + (month ?? 1) - 1; ; count++) {
    const at = { year: Math.floor(count / 12), month: String((count % 12) + 1).padStart(2, '0') };
    if (`${String(at.year).padStart(4, '0')}-${at.month}` > last) return months;
    months.push(at);
  }
}

/** The years from one day to another, both inclusive. */
export function yearsBetween(firstDay: number, lastDay: number): number[] {
  const [first, last] = [
    Number(isoDate(firstDay).slice(0, 4)),
    Number(isoDate(lastDay).slice(0, 4)),
  ];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

/** `01_Jan`, as the Sea Ice Index names its folders. */
export function monthFolder(month: string): string {
  const names = [
    'Jan',
    'Feb',
    'Mar',
    'Apr',
    'May',
    'Jun',
    'Jul',
    'Aug',
    'Sep',
    'Oct',
    'Nov',
    'Dec',
  ];
  return `${month}_${names[Number(month) - 1] ?? ''}`;
}

/**
 * The ISO date in a file's name: of the group `day` (YYYYMMDD), `shortDay` (YYMMDD) or `month`
 * (YYYYMM: its first day) of the pattern; null where there is none, undefined where it does not fit.
 */
export function dateOfName(name: string, pattern: RegExp): string | null | undefined {
  const match = pattern.exec(name);
  if (!match) return undefined;
  const { day, shortDay, month } = match.groups ?? {};
  const century = Number(shortDay?.slice(0, 2)) < 70 ? '20' : '19';
  const digits = day ?? (shortDay && century + shortDay) ?? (month && `${month}01`);
  if (!digits) return null;
  const text = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  const isDate = Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
  return isDate ? text : undefined;
}
