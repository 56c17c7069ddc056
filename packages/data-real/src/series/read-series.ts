import { isoDate } from '@arctic/raster';
import type { SourceName } from '../catalogue.js';
import { DataRealError } from '../errors.js';
import { inputFiles } from '../input-files.js';
import { parseNsidcFile } from '../nsidc-file.js';
import { parseNsidcName } from '../nsidc-name.js';
import type { Hemisphere } from '../polar-stereographic.js';
import { CONCENTRATION_PRODUCTS } from './concentration-products.js';
import { nsidcField } from './nsidc-field.js';
import { productFields, productFiles } from './product-fields.js';
import type { FieldKind, SicField } from './sic-field.js';
import type { Unpacked } from './unpack.js';

/** What to take from an input. */
export interface SeriesQuery {
  readonly source: SourceName;
  readonly input: string;
  readonly kind?: FieldKind;
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

/** One field per date, in order of time; all of one kind, hemisphere and grid. */
export interface SicSeries {
  readonly kind: FieldKind;
  readonly hemisphere: Hemisphere;
  readonly fields: readonly SicField[];
  readonly duplicates: readonly Duplicate[];
}

/**
 * Reads all files of an input that answer the query.
 *
 * Of several files for one date, the one with the most observed cells is kept; among equals the
 * later version (nrt < v01 < v1.1), then the later satellite (n07 < f08 < … < f18), then the first
 * path. The same files give the same choice whatever order they are found in.
 *
 * @param unpacked where NetCDF and GeoTIFF out of archives go; without it they are left aside.
 * @throws DataRealError `MissingInput`, `NoData`, `DamagedFile`, `InvalidOption` (kinds or
 * hemispheres mixed, and the query does not say which)
 */
export async function readSeries(
  query: SeriesQuery,
  onFile: (done: number) => void,
  unpacked?: Unpacked,
): Promise<SicSeries> {
  const byDay = new Map<number, SicField[]>();
  const others = new Map<string, number>();
  let first: SicField | undefined;
  let done = 0;
  for await (const field of fieldsOf(query, others, unpacked)) {
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
      `${query.input}: expected ${query.kind ? `${query.kind} ` : ''}files of ${query.source} under their original names${rangeText(query)}. Received: ${found || 'no file with such a name'}. Check the input, the source and the dates.`,
    );
  }
  const duplicates: Duplicate[] = [];
  const fields: SicField[] = [];
  for (const [day, sameDay] of [...byDay].sort(([a], [b]) => a - b)) {
    const [kept, ...dropped] = sameDay.length > 1 ? await byPreference(sameDay) : sameDay;
    if (kept) fields.push(kept);
    if (kept && dropped.length > 0) {
      const names = dropped.map(({ path }) => baseName(path));
      duplicates.push({ date: isoDate(day), kept: baseName(kept.path), dropped: names });
    }
  }
  return { kind: first.kind, hemisphere: first.hemisphere, fields, duplicates };
}

/** Every field of an input that answers the query; what is left aside is counted by its reason. */
async function* fieldsOf(
  query: SeriesQuery,
  others: Map<string, number>,
  unpacked: Unpacked | undefined,
): AsyncGenerator<SicField> {
  const answers = (field: Pick<SicField, 'source' | 'kind' | 'hemisphere' | 'day'>): boolean => {
    const why =
      field.source !== query.source
        ? `of ${field.source}`
        : query.kind && field.kind !== query.kind
          ? field.kind
          : query.hemisphere && field.hemisphere !== query.hemisphere
            ? `of the ${field.hemisphere}`
            : field.day < query.firstDay || field.day > query.lastDay
              ? 'outside the dates'
              : undefined;
    if (why) others.set(why, (others.get(why) ?? 0) + 1);
    return why === undefined;
  };
  const wanted = (path: string) => {
    const name = parseNsidcName(path);
    return name !== undefined && answers(name);
  };
  for await (const { path, bytes } of inputFiles(query.input, wanted)) {
    const field = parseNsidcFile(path, bytes);
    if (field) yield nsidcField(field);
  }
  for (const product of CONCENTRATION_PRODUCTS) {
    const files = await productFiles(query.input, product);
    if (product.source !== query.source) {
      if (files.length > 0)
        others.set(
          `of ${product.source}`,
          (others.get(`of ${product.source}`) ?? 0) + files.length,
        );
      continue;
    }
    const isOwn = (name: string) => product.file.test(name);
    const more = (await unpacked?.files(query.input, isOwn)) ?? [];
    for (const file of [...files, ...more])
      yield* (await productFields(file, product)).filter(answers);
  }
}

/** The last part of a path or archive entry. */
export function baseName(path: string): string {
  return path.replace(/^.*[/\\:]/s, '');
}

function assertAlike(query: SeriesQuery, first: SicField, field: SicField): void {
  for (const key of ['kind', 'hemisphere'] as const) {
    if (first[key] === field[key]) continue;
    throw new DataRealError(
      'InvalidOption',
      `${query.input}: expected files of one ${key}. Received: ${first[key]} (${baseName(first.path)}) and ${field[key]} (${baseName(field.path)}). Say which with the option ${key}, or name a folder of one.`,
    );
  }
  if (first.grid.name !== field.grid.name)
    throw new DataRealError(
      'InvalidOption',
      `${query.input}: expected files on one grid. Received: ${first.grid.name} (${baseName(first.path)}) and ${field.grid.name} (${baseName(field.path)}). Keep each grid in a folder of its own.`,
    );
}

/** The fields of one date, the best first. */
async function byPreference(fields: readonly SicField[]): Promise<readonly SicField[]> {
  const counted: { readonly field: SicField; readonly observed: number }[] = [];
  for (const field of fields)
    counted.push({ field, observed: field.observed ?? (await countObserved(field)) });
  return counted
    .sort(
      (a, b) =>
        b.observed - a.observed ||
        versionRank(b.field) - versionRank(a.field) ||
        sensorRank(b.field) - sensorRank(a.field) ||
        (a.field.path < b.field.path ? -1 : 1),
    )
    .map(({ field }) => field);
}

async function countObserved({ grid, decodeInto }: SicField): Promise<number> {
  const sic = new Float32Array(grid.height * grid.width);
  await decodeInto(sic, new Uint8Array(sic.length));
  return sic.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
}

function versionRank({ version }: SicField): number {
  return Number.parseFloat(version.replace(/^v/, '').replace(/[r-]/, '.')) || 0;
}

function sensorRank({ sensor }: SicField): number {
  return sensor.startsWith('n') ? 0 : Number(sensor.slice(1)) || 0;
}

function rangeText({ firstDay, lastDay }: SeriesQuery): string {
  if (firstDay === -Infinity && lastDay === Infinity) return '';
  const text = (day: number) => (Number.isFinite(day) ? isoDate(day) : '…');
  return ` from ${text(firstDay)} to ${text(lastDay)}`;
}
