import { XMLParser } from 'fast-xml-parser';
import { DataRealError, isDataRealError, reasonOf } from '../errors.js';
import type { HttpSession } from './http-session.js';

/** What a folder on a server holds. */
export interface RemoteEntry {
  /** Last part of its path; folders without the slash. */
  readonly name: string;
  readonly url: string;
  readonly isFolder: boolean;
}

/**
 * The entries of a web folder: those links of its page that lead one step below it. Reads the
 * pages of Apache, nginx and the archives' own, which differ in everything but the links.
 *
 * @returns empty where the server has no such folder, as of a year without data.
 * @throws DataRealError as for any request
 */
export async function listFolder(session: HttpSession, folder: string): Promise<RemoteEntry[]> {
  const page = await pageOf(session, folder);
  if (!page) return [];
  const entries = new Map<string, RemoteEntry>();
  for (const [, quoted, bare] of page.body.matchAll(
    /<a\s[^>]*?href\s*=\s*(?:["']([^"']*)["']|([^\s>]+))/gi,
  )) {
    const href = (quoted ?? bare ?? '').replaceAll('&amp;', '&');
    if (!URL.canParse(href, page.url.href)) continue;
    const url = new URL(href, page.url);
    const parent = page.url.pathname.replace(/[^/]*$/, '');
    if (url.origin !== page.url.origin || !url.pathname.startsWith(parent)) continue;
    const [name = '', ...rest] = url.pathname.slice(parent.length).split('/');
    const isFolder = rest.length > 0;
    if (rest.some((part) => part !== '')) continue;
    const plain = decoded(name);
    if (!isSafeName(plain)) continue;
    entries.set(plain, { name: plain, url: `${url.origin}${url.pathname}`, isFolder });
  }
  return [...entries.values()];
}

/**
 * The files of a THREDDS catalogue (`…/catalog.xml`), with their addresses at its file server.
 *
 * @returns empty where the server has no such catalogue.
 */
export async function listThredds(session: HttpSession, catalogue: string): Promise<RemoteEntry[]> {
  const page = await pageOf(session, catalogue);
  if (!page) return [];
  let tree: unknown;
  try {
    tree = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' }).parse(page.body);
  } catch (cause) {
    throw new DataRealError(
      'DownloadFailed',
      `${catalogue}: expected a THREDDS catalogue. Received: ${reasonOf(cause)}. Open it in a browser.`,
      { cause },
    );
  }
  const root = catalogue.replace(/\/thredds\/catalog\/.*$/, '/thredds/fileServer/');
  const paths = new Set<string>();
  collectPaths(tree, paths, 0);
  return [...paths].flatMap((path) => {
    const name = path.split('/').at(-1) ?? '';
    return isSafeName(name) ? [{ name, url: root + path, isFolder: false }] : [];
  });
}

function collectPaths(node: unknown, paths: Set<string>, depth: number): void {
  if (typeof node !== 'object' || node === null || depth > 32) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === '@urlPath' && typeof value === 'string') paths.add(value);
    else collectPaths(value, paths, depth + 1);
  }
}

async function pageOf(
  session: HttpSession,
  address: string,
): Promise<{ readonly body: string; readonly url: URL } | undefined> {
  try {
    return await session.text(address);
  } catch (error) {
    if (isDataRealError(error, 'NotFound')) return undefined;
    throw error;
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Whether a name from a server can be a file of ours: no path, nothing hidden, nothing strange. */
export function isSafeName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.+()=,@ -]*$/.test(name) && name.length <= 200;
}
