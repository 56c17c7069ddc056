import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What tells the folders of the two missions apart. */
export type SafeKind = 'sentinel-1' | 'sentinel-2';

/** A product folder of a Sentinel mission. */
export interface SafeFolder {
  readonly kind: SafeKind;
  readonly folder: string;
}

/**
 * The product folder that a path belongs to: the folder, or a file that stands in it as its
 * description (`manifest.safe`, `MTD_MSIL1C.xml`, `MTD_MSIL2A.xml`); null where it is none.
 */
export async function safeFolderAt(path: string): Promise<SafeFolder | null> {
  const entry = await stat(path).catch(() => null);
  if (!entry) return null;
  const isDescription = /^(manifest\.safe|MTD_MSIL[12][AC]\.xml)$/i.test(basename(path));
  if (!entry.isDirectory() && !isDescription) return null;
  const folder = entry.isDirectory() ? path : dirname(path);
  const names = await readdir(folder);
  if (names.some((name) => /^MTD_MSIL(1C|2A)\.xml$/i.test(name)))
    return { kind: 'sentinel-2', folder };
  return names.includes('manifest.safe') && names.includes('annotation')
    ? { kind: 'sentinel-1', folder }
    : null;
}

/** Files below a folder whose name fits, by path; none where the folder is not there. */
export async function filesBelow(folder: string, pattern: RegExp): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names
    .filter((name) => pattern.test(basename(name)))
    .sort()
    .map((name) => join(folder, name));
}
