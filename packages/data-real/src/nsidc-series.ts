import { isoDate } from '@arctic/raster';
import type { SourceName } from './catalogue.js';
import { DataRealError } from './errors.js';
import { inputFiles } from './input-files.js';
import { MAX_CONCENTRATION_CODE, parseNsidcFile, type NsidcField } from './nsidc-file.js';
import { parseNsidcName, type NsidcKind } from './nsidc-name.js';
import type { Hemisphere } from './polar-stereographic.js';

/** What to take from an input. */
export interface SeriesQuery {
  readonly source: SourceName;
  readonly input: string;
  readonly kind?: NsidcKind;
  readonly hemisphere?: Hemisphere;
  /** First and last day, days since 1970-01-01, inclusive. */
  readonly firstDay: number;
  readonly lastDay: number;
}

/** A date for which several files were found. */
export interface Duplicate {
  readonly date: string;
  readonly kept: string;
  readonly dropped: readonly string[];
}

/** One field per date, in order of time; all of one kind and hemisphere. */
export interface NsidcSeries {
  readonly kind: NsidcKind;
  readonly hemisphere: Hemisphere;
  readonly fields: readonly NsidcField[];
  readonly duplicates: readonly Duplicate[];
}

/**
 * Reads all files of an input that answer the query.
 *
 * Of several files for one date, the one with the most observed cells is kept; among equals the
 * later version (nrt < v01 < v1.1), then the later satellite (n07 < f08 < … < f18), then the first
 * path. The same files give the same choice whatever order they are found in.
 *
 * @throws DataRealError `MissingInput`, `NoData`, `DamagedFile`, `InvalidOption` (kinds or
 * hemispheres mixed, and the query does not say which)
 */
export async function readSeries(
  query: SeriesQuery,
  onFile: (done: number) => void,
): Promise<NsidcSeries> {
  const byDay = new Map<number, NsidcField[]>();
  const others = new Map<string, number>();
  let first: NsidcField | undefined;
  let done = 0;
  const wanted = (path: string) => {
    const name = parseNsidcName(path);
    if (!name) return false;
    const why =
      name.source !== query.source
        ? `of ${name.source}`
        : query.kind && name.kind !== query.kind
          ? name.kind
          : query.hemisphere && name.hemisphere !== query.hemisphere
            ? `of the ${name.hemisphere}`
            : name.day < query.firstDay || name.day > query.lastDay
              ? 'outside the dates'
              : undefined;
    if (why) others.set(why, (others.get(why) ?? 0) + 1);
    return why === undefined;
  };
  for await (const { path, bytes } of inputFiles(query.input, wanted)) {
    const field = parseNsidcFile(path, bytes);
    if (!field) continue;
    first ??= field;
    assertAlike(query, first, field);
    const sameDay = byDay.get(field.day);
    if (sameDay) sameDay.push(field);
    else byDay.set(field.day, [field]);
    onFile(++done);
  }
  if (!first) {
    const found = [...others].map(([why, count]) => `${count} ${why}`).join(', ');
    throw new DataRealError(
      'NoData',
      `${query.input}: expected ${query.kind ? `${query.kind} ` : ''}files of ${query.source} (such as nt_20160101_f17_nrt_n.bin)${rangeText(query)}. Received: ${found || 'no file with such a name'}. Check the input, the source and the dates.`,
    );
  }
  const duplicates: Duplicate[] = [];
  const fields = [...byDay.keys()]
    .sort((a, b) => a - b)
    .flatMap((day) => {
      const [kept, ...dropped] = (byDay.get(day) ?? []).sort(byPreference);
      if (kept && dropped.length > 0) {
        const names = dropped.map(({ path }) => baseName(path));
        duplicates.push({ date: isoDate(day), kept: baseName(kept.path), dropped: names });
      }
      return kept ?? [];
    });
  return { kind: first.kind, hemisphere: first.hemisphere, fields, duplicates };
}

/** The last part of a path or archive entry. */
export function baseName(path: string): string {
  return path.replace(/^.*[/\\:]/s, '');
}

function assertAlike(query: SeriesQuery, first: NsidcField, field: NsidcField): void {
  for (const key of ['kind', 'hemisphere'] as const) {
    if (first[key] === field[key]) continue;
    throw new DataRealError(
      'InvalidOption',
      `${query.input}: expected files of one ${key}. Received: ${first[key]} (${baseName(first.path)}) and ${field[key]} (${baseName(field.path)}). Say which with the option ${key}.`,
    );
  }
}

function byPreference(a: NsidcField, b: NsidcField): number {
  return (
    observed(b) - observed(a) ||
    versionRank(b) - versionRank(a) ||
    sensorRank(b) - sensorRank(a) ||
    (a.path < b.path ? -1 : 1)
  );
}

function observed({ codes }: NsidcField): number {
  return codes.reduce((count, code) => count + (code <= MAX_CONCENTRATION_CODE ? 1 : 0), 0);
}

function versionRank({ version }: NsidcField): number {
  return version === 'nrt' ? 0 : Number(version.slice(1));
}

function sensorRank({ sensor }: NsidcField): number {
  return sensor.startsWith('n') ? 0 : Number(sensor.slice(1));
}

function rangeText({ firstDay, lastDay }: SeriesQuery): string {
  if (firstDay === -Infinity && lastDay === Infinity) return '';
  const text = (day: number) => (Number.isFinite(day) ? isoDate(day) : '…');
  return ` from ${text(firstDay)} to ${text(lastDay)}`;
}
