import { dayNumber } from '@arctic/raster';
import { sourceEntry, type SourceEntry, type SourceName } from '../catalogue.js';
import { DataRealError, reasonOf } from '../errors.js';
import type { Hemisphere } from '../polar-stereographic.js';
import { ChecksumRecord } from './checksum-record.js';
import { fetchInto, type DownloadedFile } from './download-file.js';
import { HttpSession, type NetworkOptions } from './http-session.js';
import { checkRegion } from './region.js';
import { resolveFiles, type ResolveQuery } from './resolve.js';
import type { RemoteFile } from './transfer.js';

/** What of a source is wanted. */
export interface SourceQuery {
  readonly source: SourceName;
  /** First date, ISO, inclusive. */
  readonly from: string;
  /** Last date, ISO, inclusive. @default the first */
  readonly to?: string;
  /** Name of one of the products of the catalogue entry. @default its first */
  readonly product?: string;
  /** Days or months, of sources that have both. @default 'daily' */
  readonly kind?: 'daily' | 'monthly';
  /** @default 'north' */
  readonly hemisphere?: Hemisphere;
  /**
   * West, south, east, north in degrees (west > east across the dateline): where to look for
   * scenes. Files of gridded sources and charts always come whole.
   * @default everywhere, for sources that do without
   */
  readonly region?: readonly number[];
  /** Areas of sources that have separate charts. @default the first of the catalogue entry */
  readonly areas?: readonly string[];
  /** Most cloud in percent, of Sentinel-2. @default 100 */
  readonly maxCloud?: number;
}

export interface DownloadSourceOptions extends SourceQuery, NetworkOptions {
  /** The folder for the files and their `checksums.jsonl`; made where there is none. */
  readonly output: string;
  /** Files fetched at the same time. @default 4 */
  readonly parallel?: number;
  /** @default nothing */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** How far a download has come. */
export interface DownloadProgress {
  /** The file that something happened to. */
  readonly file: string;
  readonly filesDone: number;
  readonly filesTotal: number;
  /** Bytes there are by now, those of earlier runs included. */
  readonly bytesDone: number;
  /** Bytes there will be; null as long as the size of a file is unknown. */
  readonly bytesTotal: number | null;
}

/**
 * Downloads the files of a source for a span of dates into a folder: complete and checked, or the
 * first error that no further attempt will mend. What arrived before stays and is not fetched again.
 *
 * Logins come from the environment or `.netrc` (`sourceEntry(source).login` says which), and go to
 * no other server than the one that they are for.
 *
 * @throws DataRealError `InvalidOption`, `NoData` (the servers list nothing for these dates),
 * `LoginNeeded`, `AccessDenied`, `NotFound`, `DownloadFailed`, `DamagedFile`, `WriteFailed`, `Aborted`
 *
 * @example
 * ```ts
 * const files = await downloadSource({
 *   source: 'g02202',
 *   from: '2019-09-01',
 *   to: '2019-09-30',
 *   output: 'downloads/g02202',
 * });
 * files.filter(({ status }) => status !== 'kept').length; // new ones
 * ```
 */
export async function downloadSource(options: DownloadSourceOptions): Promise<DownloadedFile[]> {
  const { output, parallel = 4, onProgress } = options;
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > 32) {
    throw new DataRealError(
      'InvalidOption',
      `Expected parallel as a whole number from 1 to 32. Received: ${parallel}. Leave it out for 4.`,
    );
  }
  const query = queryOf(options);
  // One failure ends the other transfers; their parts stay for the next run.
  const failure = new AbortController();
  const signal = options.signal
    ? AbortSignal.any([options.signal, failure.signal])
    : failure.signal;
  const session = new HttpSession({ ...options, signal });
  const remotes = await list(session, query);
  const record = await ChecksumRecord.open(output);
  const progress = progressOf(remotes, onProgress);
  const files: DownloadedFile[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < remotes.length; i = next++) {
      const remote = remotes[i];
      if (!remote) return;
      files[i] = await fetchInto(session, output, record, remote, (bytes, total) =>
        progress.bytes(remote, bytes, total),
      );
      progress.done(remote);
    }
  };
  let first: unknown;
  await Promise.all(
    Array.from({ length: Math.min(parallel, remotes.length) }, () =>
      worker().catch((error: unknown) => {
        first ??= error;
        failure.abort(error);
      }),
    ),
  );
  if (first !== undefined) throw first;
  return files;
}

/**
 * What `downloadSource` would fetch, without fetching it.
 *
 * @throws DataRealError as `downloadSource`
 */
export async function listSource(options: SourceQuery & NetworkOptions): Promise<RemoteFile[]> {
  return list(new HttpSession(options), queryOf(options));
}

async function list(session: HttpSession, query: ResolveQuery): Promise<RemoteFile[]> {
  const files = await resolveFiles(session, query);
  if (files.length > 0) return files.sort((a, b) => (a.name < b.name ? -1 : 1));
  const { name, retired, link } = query.entry;
  throw new DataRealError(
    'NoData',
    `${name}: expected files for these dates on the agency's server. Received: none. ${retired ?? `Check dates, product and region; see ${link}.`}`,
  );
}

function queryOf(options: SourceQuery): ResolveQuery {
  const entry = sourceEntry(options.source);
  const { kind = 'daily', hemisphere = 'north', maxCloud, region } = options;
  const firstDay = dayOf('from', options.from);
  const lastDay = options.to === undefined ? firstDay : dayOf('to', options.to);
  if (lastDay < firstDay) {
    throw invalid('to as a date on or after from', options.to, 'Exchange the two dates.');
  }
  if (kind === 'monthly' && !entry.kinds.includes('monthly')) {
    throw invalid(
      `a kind that ${entry.name} comes in: ${entry.kinds.join(', ')}`,
      kind,
      'Leave it out.',
    );
  }
  if (entry.needsRegion && !region) {
    throw invalid(
      'a region to look for scenes in',
      region,
      'Give west, south, east, north in degrees, like -30, 70, 10, 85.',
    );
  }
  if (maxCloud !== undefined && !(maxCloud >= 0 && maxCloud <= 100)) {
    throw invalid('maxCloud as percent 0 to 100', maxCloud, 'Leave it out for all scenes.');
  }
  return {
    entry,
    product: productOf(entry, options.product),
    monthly: kind === 'monthly',
    hemisphere,
    region: region && checkRegion(region),
    areas: areasOf(entry, options.areas),
    maxCloud,
    firstDay,
    lastDay,
  };
}

function productOf(entry: SourceEntry, name: string | undefined) {
  const product = entry.products.find((one) => name === undefined || one.name === name);
  if (product) return product;
  const names = entry.products.map((one) => one.name).join(', ');
  throw invalid(`a product of ${entry.name}: ${names}`, name, 'Take one of these names.');
}

function areasOf(entry: SourceEntry, wanted: readonly string[] | undefined): readonly string[] {
  const known = entry.areas ?? [];
  if (!wanted || wanted.length === 0) return known.slice(0, 1);
  const unknown = wanted.find((area) => !known.includes(area));
  if (unknown === undefined) return wanted;
  const names = known.join(', ') || 'none';
  throw invalid(`areas of ${entry.name}: ${names}`, unknown, 'Take some of these names.');
}

function dayOf(name: string, date: string): number {
  try {
    return dayNumber(date);
  } catch (cause) {
    throw invalid(`${name} as a date YYYY-MM-DD`, date, 'Write it like 2016-09-30.', cause);
  }
}

function invalid(
  expected: string,
  received: unknown,
  advice: string,
  cause?: unknown,
): DataRealError {
  return new DataRealError(
    'InvalidOption',
    `Expected ${expected}. Received: ${JSON.stringify(received) ?? 'nothing'}. ${advice}`,
    cause === undefined ? undefined : { cause: reasonOf(cause) },
  );
}

function progressOf(
  remotes: readonly RemoteFile[],
  onProgress: ((progress: DownloadProgress) => void) | undefined,
) {
  const totals = new Map(remotes.map(({ name, bytes }) => [name, bytes ?? null]));
  const done = new Map<string, number>();
  let [filesDone, bytesDone] = [0, 0];
  let unknown = [...totals.values()].filter((total) => total === null).length;
  let bytesTotal = [...totals.values()].reduce<number>((sum, total) => sum + (total ?? 0), 0);
  const setTotal = (name: string, total: number) => {
    const before = totals.get(name) ?? null;
    if (before === null) unknown -= 1;
    bytesTotal += total - (before ?? 0);
    totals.set(name, total);
  };
  const report = (file: string) =>
    onProgress?.({
      file,
      filesDone,
      filesTotal: remotes.length,
      bytesDone,
      bytesTotal: unknown > 0 ? null : bytesTotal,
    });
  return {
    bytes({ name }: RemoteFile, bytes: number, total: number | null) {
      bytesDone += bytes - (done.get(name) ?? 0);
      done.set(name, bytes);
      if (total !== null && total !== totals.get(name)) setTotal(name, total);
      report(name);
    },
    done({ name }: RemoteFile) {
      filesDone += 1;
      const bytes = done.get(name) ?? 0;
      if (totals.get(name) !== bytes) setTotal(name, bytes);
      report(name);
    },
  };
}
