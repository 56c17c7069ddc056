import { DataRealError } from '../errors.js';
import { checksumOf } from './checksum.js';
import type { HttpSession } from './http-session.js';
import type { Region } from './region.js';
import { isSafeName } from './remote-list.js';
import type { RemoteFile } from './transfer.js';

/** A question to NASA's Common Metadata Repository. */
export interface CmrQuery {
  readonly shortName: string;
  readonly version: string;
  /** ISO days, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly region?: Region | undefined;
  /** Which files of the granules count; `date` may be a group of it. */
  readonly pattern: RegExp;
}

const SEARCH = 'https://cmr.earthdata.nasa.gov/search/granules.umm_json';
const PAGE_SIZE = 2000;

/**
 * The files of the granules that answer a query, with size and checksum where the archive states
 * them. The search itself needs no login; the files do.
 *
 * @throws DataRealError `DownloadFailed` where the answer is not understood, or as any request
 */
export async function searchCmr(session: HttpSession, query: CmrQuery): Promise<RemoteFile[]> {
  const { shortName, version, from, to, region, pattern } = query;
  const parameters = new URLSearchParams({
    short_name: shortName,
    version,
    temporal: `${from}T00:00:00Z,${to}T23:59:59Z`,
    sort_key: 'start_date',
    page_size: String(PAGE_SIZE),
  });
  if (region) parameters.set('bounding_box', region.join(','));
  const files = new Map<string, RemoteFile>();
  let after: string | null = null;
  do {
    const answer = await session.text(`${SEARCH}?${parameters}`, {
      ...(after !== null && { headers: { 'cmr-search-after': after } }),
    });
    const items = arrayAt(parsed(answer.body), 'items');
    if (!items) throw misunderstood(answer.body);
    for (const item of items) {
      const file = fileOf(item, pattern);
      // Of several granules for one name, the last is the latest.
      if (file) files.set(file.name, file);
    }
    after = items.length > 0 ? answer.headers.get('cmr-search-after') : null;
  } while (after !== null);
  return [...files.values()];
}

function fileOf(item: unknown, pattern: RegExp): RemoteFile | undefined {
  const umm = at(item, 'umm');
  for (const link of arrayAt(umm, 'RelatedUrls') ?? []) {
    const url = at(link, 'URL');
    if (at(link, 'Type') !== 'GET DATA' || typeof url !== 'string') continue;
    if (!URL.canParse(url) || !/^https?:/.test(url)) continue;
    const name = new URL(url).pathname.split('/').at(-1) ?? '';
    const match = pattern.exec(name);
    if (!match || !isSafeName(name)) continue;
    const parts = arrayAt(at(umm, 'DataGranule'), 'ArchiveAndDistributionInformation') ?? [];
    const facts =
      parts.find((part) => at(part, 'Name') === name) ?? (parts.length === 1 && parts[0]);
    const bytes = at(facts, 'SizeInBytes');
    const checksum = at(facts, 'Checksum');
    return {
      name,
      url,
      date: beginOf(umm),
      bytes: typeof bytes === 'number' ? bytes : undefined,
      checksum: checksumOf(at(checksum, 'Algorithm'), at(checksum, 'Value')),
      login: 'earthdata',
    };
  }
  return undefined;
}

function beginOf(umm: unknown): string | null {
  const extent = at(umm, 'TemporalExtent');
  const begin =
    at(at(extent, 'RangeDateTime'), 'BeginningDateTime') ?? at(extent, 'SingleDateTime');
  return typeof begin === 'string' && /^\d{4}-\d{2}-\d{2}/.test(begin) ? begin.slice(0, 10) : null;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw misunderstood(body);
  }
}

function misunderstood(body: string): DataRealError {
  return new DataRealError(
    'DownloadFailed',
    `${SEARCH}: expected a list of granules. Received: ${JSON.stringify(body.slice(0, 120))}. Try again later.`,
  );
}

/** A field of anything, undefined where there is none. */
export function at(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

/** A field that is an array. */
export function arrayAt(value: unknown, key: string): readonly unknown[] | undefined {
  const field = at(value, key);
  return Array.isArray(field) ? field : undefined;
}
