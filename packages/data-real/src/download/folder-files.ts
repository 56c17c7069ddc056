import { isoDate } from '@arctic/raster';
import { dateOfName } from './calendar.js';
import type { HttpSession } from './http-session.js';
import { listFolder, listThredds, type RemoteEntry } from './remote-list.js';
import type { RemoteFile } from './transfer.js';

/** Files of a series of web folders, told by their names. */
export interface FolderQuery {
  /** Addresses of the folders; of THREDDS catalogues where they end in `catalog.xml`. */
  readonly folders: readonly string[];
  /** Which names count; see `dateOfName` for its groups. */
  readonly pattern: RegExp;
  /** Days since 1970-01-01, both inclusive; files without a date always count. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** Whether the files are those of months. @default false */
  readonly monthly?: boolean;
  readonly login?: RemoteFile['login'];
}

/** The files of folders whose name fits and whose date lies in the span, by name. */
export async function filesOfFolders(
  session: HttpSession,
  query: FolderQuery,
): Promise<RemoteFile[]> {
  const files = new Map<string, RemoteFile>();
  for (const folder of query.folders) {
    const entries = await (folder.endsWith('catalog.xml') ? listThredds : listFolder)(
      session,
      folder,
    );
    for (const entry of entries) {
      const file = entry.isFolder ? undefined : fileOf(entry, query);
      if (file) files.set(file.name, file);
    }
  }
  return [...files.values()];
}

function fileOf(entry: RemoteEntry, query: FolderQuery): RemoteFile | undefined {
  const date = dateOfName(entry.name, query.pattern);
  if (date === undefined || !isInSpan(date, query)) return undefined;
  return { name: entry.name, url: entry.url, date, login: query.login };
}

/** Whether a date lies in a span; a month does when one of its days does. */
export function isInSpan(
  date: string | null,
  { firstDay, lastDay, monthly = false }: Pick<FolderQuery, 'firstDay' | 'lastDay' | 'monthly'>,
): boolean {
  if (date === null) return true;
  const length = monthly ? 7 : 10;
  const at = date.slice(0, length);
  return at >= isoDate(firstDay).slice(0, length) && at <= isoDate(lastDay).slice(0, length);
}
