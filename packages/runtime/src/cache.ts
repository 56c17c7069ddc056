import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { System } from './system.js';

/** The folders that hold everything this package keeps. */
export interface CacheFolders {
  /** `$XDG_CACHE_HOME/arctic-runtime`, else below `~/.cache`. */
  readonly root: string;
  /** Wheels that are being fetched. */
  readonly downloads: string;
  /** The fetched libraries, one folder per release, platform and kind. */
  readonly libraries: string;
  /** One folder per library that an addon was built for. */
  readonly addons: string;
  /** The file by which installations keep out of each other's way. */
  readonly lock: string;
}

/** The folders on `system`. */
export function cacheFolders(system: System): CacheFolders {
  const root = join(system.env['XDG_CACHE_HOME'] || join(system.home, '.cache'), 'arctic-runtime');
  return {
    root,
    downloads: join(root, 'downloads'),
    libraries: join(root, 'libraries'),
    addons: join(root, 'addons'),
    lock: join(root, 'install.lock'),
  };
}

/** Twelve hexadecimal digits that stand for `text`. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Names in `folder` other than those of half-written things; none where the folder is not there. */
export function visibleNames(folder: string): string[] {
  return namesIn(folder).filter((name) => !name.startsWith('.'));
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

/** Removes what interrupted installations left half-written; only the holder of the lock may. */
export function removeHalfWritten(folders: CacheFolders): void {
  for (const folder of [folders.libraries, folders.addons, folders.downloads]) {
    for (const name of namesIn(folder))
      if (name.startsWith('.')) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
