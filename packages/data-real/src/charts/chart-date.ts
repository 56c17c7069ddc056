import type { ChartAttribute } from './ice-chart.js';

const DATE_COLUMN = /^(DATE_CARTE|(CHART|ISSUE|OBS|VALID|ANALYSIS)?_?DATE|T1)$/i;

/** `20140211`, `2014-02-11`, with a time `201304100920`, `20201102T1800Z` or without. */
const WITH_CENTURY =
  /(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?:[T_ ]?([01]\d|2[0-3]):?([0-5]\d)(?::?[0-5]\d)?Z?)?(?!\d)/;

/** `arctic110110` and `GL230420_lam`, as NIC names its charts: letters, then two digits each. */
const SHORT = /(?<![a-z\d])[a-z]{2,8}_?(\d\d)(\d\d)(\d\d)(?!\d)/i;

/**
 * When a chart is valid, from the name of its layer or file, else from its attributes, else from
 * the folders it lies in: `2014-02-11` or `2013-04-10T09:20:00Z`; null where nothing says.
 *
 * @param names of layer, file and folders, the nearest first.
 */
export function chartDate(
  names: readonly string[],
  attributes: Readonly<Record<string, ChartAttribute>>,
): string | null {
  const [nearest = '', ...further] = names;
  const stored = Object.entries(attributes).flatMap(([column, value]) =>
    DATE_COLUMN.test(column) && value !== null ? [String(value)] : [],
  );
  for (const text of [nearest, ...stored, ...further]) {
    const date = dateIn(text);
    if (date !== null) return date;
  }
  return null;
}

function dateIn(text: string): string | null {
  const [, year, , month, day, hour, minute] = WITH_CENTURY.exec(text) ?? [];
  if (year !== undefined) {
    const date = valid(year, month, day);
    if (date !== null) return hour === undefined ? date : `${date}T${hour}:${minute ?? '00'}:00Z`;
  }
  const [, short, shortMonth, shortDay] = SHORT.exec(text) ?? [];
  if (short === undefined) return null;
  return valid(`${Number(short) >= 70 ? '19' : '20'}${short}`, shortMonth, shortDay);
}

/** The date where it is one. */
function valid(year: string, month = '', day = ''): string | null {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day)
    ? date.toISOString().slice(0, 10)
    : null;
}
