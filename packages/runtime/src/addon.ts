import { readFileSync, statSync } from 'node:fs';
import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishFolder, shortHash, visibleNames, type CacheFolders } from './cache.js';
import { compileTargets } from './compiler.js';
import { firstLine } from './errors.js';
import { libraryFiles, missingFrom, type TensorFlowLibrary } from './library.js';
import { smokeTest } from './smoke-test.js';
import type { System } from './system.js';
import { ADDON_FILE, buildTargets, OPS_FILE, recipe } from './targets.js';
import type { TfjsNodePackage } from './tfjs-node.js';

/** An addon that was built for one library and passed the smoke test. */
export interface InstalledAddon {
  readonly path: string;
  readonly library: TensorFlowLibrary;
  /** Release that the library itself reports. */
  readonly tensorflowVersion: string;
}

/** What `addon.json` holds beside the addon. */
interface AddonRecord {
  readonly library: TensorFlowLibrary;
  readonly tensorflowVersion: string;
  /** Sizes and times of the library's files that the addon was tested with. */
  readonly stamp: string;
  /** What it was built from: see {@link recipe}. */
  readonly recipe: string;
}

const RECORD_FILE = 'addon.json';

/** Sizes and modification times of the library's files: when one changes, the addon is tested anew. */
function libraryStamp(library: TensorFlowLibrary, system: System): string {
  const { api, framework } = libraryFiles(system.platform);
  const stats = [api, framework].map((file) => statSync(join(library.folder, file)));
  return stats.map(({ size, mtimeMs }) => `${size}-${Math.trunc(mtimeMs)}`).join(' ');
}

/** The addon in `folder`, if it was built by this `recipe` for a library that is still there unchanged. */
function readAddon(folder: string, wanted: string, system: System): InstalledAddon | undefined {
  try {
    // The file is written by installAddon alone.
    const record = JSON.parse(readFileSync(join(folder, RECORD_FILE), 'utf8')) as AddonRecord;
    const { library, tensorflowVersion, stamp } = record;
    if (record.recipe !== wanted || missingFrom(library.folder, system).length > 0)
      return undefined;
    if (libraryStamp(library, system) !== stamp) return undefined;
    return { path: join(folder, ADDON_FILE), library, tensorflowVersion };
  } catch {
    return undefined;
  }
}

/** All accepted addons for `tfjsNode` in the cache, the one installed last first. */
export function listAddons(
  tfjsNode: TfjsNodePackage,
  folders: CacheFolders,
  system: System,
): InstalledAddon[] {
  const wanted = recipe(buildTargets(tfjsNode));
  return visibleNames(folders.addons)
    .map((name) => join(folders.addons, name))
    .map((folder) => ({ addon: readAddon(folder, wanted, system), time: recordTime(folder) }))
    .sort((a, b) => b.time - a.time)
    .flatMap(({ addon }) => addon ?? []);
}

function recordTime(folder: string): number {
  return statSync(join(folder, RECORD_FILE), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

export interface InstallAddonOptions {
  readonly folders: CacheFolders;
  readonly system: System;
  /** Whether to build even where an accepted addon is there. */
  readonly force: boolean;
  readonly onProgress: (message: string) => void;
}

/**
 * Builds the addon for `library`, tries it in a child process, and only then puts it into the cache. One
 * that is there already is kept, and becomes the one installed last.
 *
 * @throws RuntimeError of kind `compiler`, `build` or `smoke-test`.
 */
export async function installAddon(
  tfjsNode: TfjsNodePackage,
  library: TensorFlowLibrary,
  { folders, system, force, onProgress }: InstallAddonOptions,
): Promise<InstalledAddon> {
  const targets = buildTargets(tfjsNode);
  const made = recipe(targets);
  const target = join(folders.addons, shortHash(`${library.folder}\n${made}`));
  const existing = force ? undefined : readAddon(target, made, system);
  if (existing) {
    const now = new Date(system.now());
    // A cache that cannot be written keeps its order.
    await utimes(join(target, RECORD_FILE), now, now).catch(() => undefined);
    return existing;
  }
  await publishFolder(target, async (folder) => {
    onProgress(`Building the addon for ${library.folder}.`);
    await compileTargets(targets, library, folder, { system, onProgress });
    onProgress('Testing the addon in a child process.');
    const test = () => smokeTest(tfjsNode, join(folder, ADDON_FILE), system);
    const { tensorflowVersion } = await test().catch(async (fault: unknown) => {
      if (!system.exists(join(folder, OPS_FILE))) throw fault;
      await rm(join(folder, OPS_FILE));
      const result = await test();
      onProgress(`Left out this package's own ops, which failed: ${firstLine(fault)}`);
      return result;
    });
    const record: AddonRecord = {
      library,
      tensorflowVersion,
      stamp: libraryStamp(library, system),
      recipe: made,
    };
    await writeFile(join(folder, RECORD_FILE), `${JSON.stringify(record, undefined, 2)}\n`);
  });
  const installed = readAddon(target, made, system);
  if (!installed)
    throw new Error(`The addon vanished from ${target} while it was being installed.`);
  return installed;
}
