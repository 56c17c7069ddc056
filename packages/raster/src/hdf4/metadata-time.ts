import { findNode, parseOdl, unquoted } from './odl.js';

/** When what a `CoreMetadata` text describes begins, ISO 8601 in UTC; null where it says nothing. */
export function beginningOf(coreMetadata: string): string | null {
  const root = parseOdl(coreMetadata);
  const value = (name: string) => {
    const text = findNode(root, name)?.values.get('VALUE');
    return text === undefined ? undefined : unquoted(text);
  };
  const date = value('RANGEBEGINNINGDATE') ?? value('CALENDARDATE');
  const time = value('RANGEBEGINNINGTIME') ?? value('TIMEOFDAY') ?? '00:00:00';
  if (!date || !/^\d{4}-\d\d-\d\d$/.test(date)) return null;
  const clock = /^(\d\d:\d\d:\d\d)(\.\d+)?Z?$/.exec(time);
  if (!clock) return null;
  const fraction = (clock[2] ?? '').replace(/\.?0+$/, '');
  return `${date}T${clock[1]}${fraction}Z`;
}
