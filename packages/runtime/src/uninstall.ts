import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolders } from './cache.js';
import { mayHaveCuda } from './cuda.js';
import { withLock } from './lock.js';
import { fetchedLibraries, findInstalled } from './search.js';
import { currentSystem, type System } from './system.js';
import { findTfjsNode } from './tfjs-node.js';

export interface UninstallOptions {
  /**
   * What to remove: the addon that `loadBackend` would load, with its library and what interrupted
   * downloads left; or the whole cache folder, with what other releases and options put there.
   * @default 'current'
   */
  readonly what?: 'current' | 'all';
  /** Whether to remove nothing and only say what would be. @default false */
  readonly dryRun?: boolean;
  /** The machine to look at. @default this one */
  readonly system?: System;
}

/** What was removed, or would be. */
export interface UninstallReport {
  readonly removed: readonly { readonly path: string; readonly bytes: number }[];
  /** All bytes together. */
  readonly bytes: number;
}

/**
 * Removes what `install` put into the cache. Python environments, folders of the user's and `node_modules`
 * are left alone: `install` never wrote there.
 *
 * @throws RuntimeError of kind `cache` where the cache folder cannot be written.
 */
export async function uninstall({
  what = 'current',
  dryRun = false,
  system = currentSystem(),
}: UninstallOptions = {}): Promise<UninstallReport> {
  const folders = cacheFolders(system);
  const paths = what === 'all' ? [folders.root] : currentPaths(system);
  const removed = paths
    .filter((path) => existsSync(path))
    .map((path) => ({ path, bytes: bytesIn(path) }));
  if (!dryRun && removed.length > 0) {
    await withLock(folders.lock, { system, onProgress: () => undefined }, () => {
      for (const { path } of removed) rmSync(path, { recursive: true, force: true });
      return Promise.resolve();
    });
    if (what === 'all') rmSync(folders.root, { recursive: true, force: true });
  }
  return { removed, bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/**
 * The addon that would be loaded and its library if `install` fetched it, or the fetched libraries for which
 * nothing is built; and interrupted downloads.
 */
function currentPaths(system: System): string[] {
  const folders = cacheFolders(system);
  const cuda = mayHaveCuda(system);
  const addon = findInstalled(findTfjsNode({ cuda }), folders, system, cuda);
  if (!addon) {
    const idle = fetchedLibraries(folders, system).map(({ folder }) => dirname(folder));
    return [...idle, folders.downloads];
  }
  const library = dirname(addon.library.folder);
  const fetched = dirname(library) === folders.libraries ? [library] : [];
  return [dirname(addon.path), ...fetched, folders.downloads];
}

/** Bytes of all files below `path`; links count as nothing. */
function bytesIn(path: string): number {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.isFile() ? stat.size : 0;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}
