import type { GdalItem } from './gdal-metadata.js';

/**
 * Names under which producers and GDAL keep the time of the scene; the TIFF's own DateTime is left
 * out, since most writers put the time of writing there.
 */
const NAMES = [
  'time',
  'datetime',
  'acquisitiondatetime',
  'acquisitiontime',
  'acquisitiondate',
  'dateacquired',
  'sensingtime',
  'sensingstart',
  'sensingstarttime',
  'productstarttime',
  'timecoveragestart',
  'starttime',
  'rangebeginningdatetime',
];

/** When the scene was seen, ISO 8601 in UTC, from metadata items; null where they do not say. */
export function acquisitionTime(items: readonly GdalItem[]): string | null {
  for (const name of NAMES) {
    for (const item of items) {
      if (item.name.toLowerCase().replace(/[^a-z]/g, '') !== name) continue;
      const time = isoTime(item.value);
      if (time) return time;
    }
  }
  return null;
}

/** `2019-09-09 12:00:00`, `2019:09:09 12:00:00+02:00`, `20190909T120000`, `2019-09-09` … in UTC. */
function isoTime(text: string): string | null {
  const match =
    /^(\d{4})[-:/]?(\d\d)[-:/]?(\d\d)(?:[T ]+(\d\d):?(\d\d)(?::?(\d\d)(\.\d+)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?$/i.exec(
      text.trim(),
    );
  if (!match) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone] =
    match;
  const shift = /^[+-]/.test(zone ?? '') ? `${zone?.slice(0, 3)}:${zone?.slice(-2)}` : 'Z';
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${shift}`);
  if (Number.isNaN(time.getTime())) return null;
  return time.toISOString().replace('.000Z', 'Z');
}
