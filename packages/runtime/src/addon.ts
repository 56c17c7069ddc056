import { statSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishFolder, shortHash, type CacheFolders } from './cache.js';
import { compileAddon } from './compiler.js';
import { libraryFiles, missingFrom, type TensorFlowLibrary } from './library.js';
import { smokeTest } from './smoke-test.js';
import type { System } from './system.js';
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
  /** Size and time of the library file that the addon was tested with. */
  readonly stamp: string;
}

const ADDON_FILE = 'tfjs_binding.node';
const RECORD_FILE = 'addon.json';

/** Size and modification time of the library: when it changes, the addon is tested anew. */
function libraryStamp(library: TensorFlowLibrary, system: System): string {
  const { size, mtimeMs } = statSync(join(library.folder, libraryFiles(system.platform).api));
  return `${size}-${Math.trunc(mtimeMs)}`;
}

function addonFolder(library: TensorFlowLibrary, folders: CacheFolders): string {
  return join(folders.addons, shortHash(library.folder));
}

/** The addon in `folder`, if it was accepted for a library that is still there unchanged. */
async function readAddon(folder: string, system: System): Promise<InstalledAddon | undefined> {
  try {
    // The file is written by installAddon alone.
    const record = JSON.parse(await readFile(join(folder, RECORD_FILE), 'utf8')) as AddonRecord;
    const { library, tensorflowVersion, stamp } = record;
    if (missingFrom(library.folder, system).length > 0) return undefined;
    if (libraryStamp(library, system) !== stamp) return undefined;
    return { path: join(folder, ADDON_FILE), library, tensorflowVersion };
  } catch {
    return undefined;
  }
}

/** The accepted addon for `library`, if there is one. */
export function findAddon(
  library: TensorFlowLibrary,
  folders: CacheFolders,
  system: System,
): Promise<InstalledAddon | undefined> {
  return readAddon(addonFolder(library, folders), system);
}

/** All accepted addons in the cache. */
export async function listAddons(folders: CacheFolders, system: System): Promise<InstalledAddon[]> {
  const names = await readdir(folders.addons).catch(() => []);
  const visible = names.filter((name) => !name.startsWith('.')).sort();
  const found = await Promise.all(
    visible.map((name) => readAddon(join(folders.addons, name), system)),
  );
  return found.filter((addon) => addon !== undefined);
}

/**
 * Builds the addon for `library`, tries it in a child process, and only then puts it into the cache.
 *
 * @throws RuntimeError of kind `compiler`, `build` or `smoke-test`.
 */
export async function installAddon(
  tfjsNode: TfjsNodePackage,
  library: TensorFlowLibrary,
  folders: CacheFolders,
  system: System,
  onProgress: (message: string) => void,
): Promise<InstalledAddon> {
  const existing = await findAddon(library, folders, system);
  if (existing) return existing;

  const target = addonFolder(library, folders);
  await publishFolder(target, async (folder) => {
    const path = join(folder, ADDON_FILE);
    onProgress(`Building the addon for ${library.folder}.`);
    await compileAddon(tfjsNode, library, path, system);
    onProgress('Testing the addon in a child process.');
    const { tensorflowVersion } = await smokeTest(tfjsNode, path, system);
    const record: AddonRecord = {
      library,
      tensorflowVersion,
      stamp: libraryStamp(library, system),
    };
    await writeFile(join(folder, RECORD_FILE), `${JSON.stringify(record, undefined, 2)}\n`);
  });
  const installed = await findAddon(library, folders, system);
  if (!installed)
    throw new Error(`The addon vanished from ${target} while it was being installed.`);
  return installed;
}
