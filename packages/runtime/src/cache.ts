import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { System } from './system.js';
import { NAPI_VERSION, TENSORFLOW_VERSION } from './versions.js';

/** The folder that holds everything this package keeps: `$XDG_CACHE_HOME/arctic-runtime`, else below `~/.cache`. */
export function cacheRoot(system: System): string {
  return join(system.env['XDG_CACHE_HOME'] || join(system.home, '.cache'), 'arctic-runtime');
}

/** Name of the folder for one combination of versions and platform: nothing in it is ever rebuilt in place. */
export function cacheKey(system: System, tfjsVersion: string): string {
  return `tf${TENSORFLOW_VERSION}-tfjs${tfjsVersion}-${system.platform}-${system.arch}-napi${NAPI_VERSION}`;
}

/** The folders of one cache key. */
export interface CacheFolders {
  readonly root: string;
  /** The fetched libraries and headers. */
  readonly tensorflow: string;
  /** One folder per library that an addon was built for. */
  readonly addons: string;
}

/** The folders for `tfjsVersion` on `system`. */
export function cacheFolders(system: System, tfjsVersion: string): CacheFolders {
  const root = join(cacheRoot(system), cacheKey(system, tfjsVersion));
  return { root, tensorflow: join(root, 'tensorflow'), addons: join(root, 'addons') };
}

/** Twelve hexadecimal digits that stand for `text`. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/**
 * Fills a folder under a temporary name and puts it in the place of `target` once `fill` has succeeded,
 * so that no reader ever sees half of it and a failure leaves what was there.
 */
export async function publishFolder(
  target: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const temporary = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  try {
    await fill(temporary);
    await rename(target, `${temporary}-old`).catch(() => undefined); // nothing there: nothing to move
    await rename(temporary, target);
  } finally {
    for (const folder of [temporary, `${temporary}-old`])
      await rm(folder, { recursive: true, force: true });
  }
}
