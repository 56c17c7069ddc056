import { isoDate } from '@arctic/raster';
import { dateOfName } from './calendar.js';
import { checksumOf } from './checksum.js';
import { isInSpan } from './folder-files.js';
import type { HttpSession } from './http-session.js';
import { arrayAt, at, searchAnswer } from './json-field.js';
import type { Region } from './region.js';
import { isSafeName } from './remote-list.js';
import type { RemoteFile } from './transfer.js';

/** A question to NASA's Common Metadata Repository. */
export interface CmrQuery {
  readonly shortName: string;
  readonly version: string;
  /** Days since 1970-01-01, both inclusive. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** Whether the files are those of months. @default false */
  readonly monthly?: boolean;
  readonly region?: Region | undefined;
  /** Which files of the granules count; see `dateOfName` for its groups. */
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
  const { shortName, version, firstDay, lastDay, region, pattern } = query;
  const parameters = new URLSearchParams({
    short_name: shortName,
    version,
    temporal: `${isoDate(firstDay)}T00:00:00Z,${isoDate(lastDay)}T23:59:59Z`,
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
    const { items } = searchAnswer(SEARCH, answer.body, 'items');
    for (const item of items) {
      const file = fileOf(item, pattern);
      // A granule that ends at midnight answers for the next day as well.
      if (file && isInSpan(file.date, query)) files.set(file.name, file);
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
      date: dateOfName(name, pattern) ?? beginOf(umm),
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
