import { join } from 'node:path';
import { listAddons, type InstalledAddon } from './addon.js';
import { visibleNames, type CacheFolders } from './cache.js';
import { namedLibrary } from './folder.js';
import { missingFrom, type LibraryOrigin, type TensorFlowLibrary } from './library.js';
import { pythonEnvironments, pythonLibrary } from './python.js';
import type { System } from './system.js';
import type { TfjsNodePackage } from './tfjs-node.js';

export interface SearchOptions {
  /** Places to look in. */
  readonly origins: readonly LibraryOrigin[];
  /** Whether a CUDA library goes before any other (`first`), or no other will do (`only`). */
  readonly cuda: 'no matter' | 'first' | 'only';
  /** The one release that will do; absent where any is welcome. */
  readonly version?: string | undefined;
}

/**
 * The libraries on this machine, best first: the named folder alone if there is one; CUDA libraries where
 * they are wanted; what was fetched before; any Python environment.
 *
 * Lazy, because each Python costs a process.
 */
export async function* localLibraries(
  folders: CacheFolders,
  system: System,
  { origins, cuda, version }: SearchOptions,
): AsyncGenerator<TensorFlowLibrary> {
  const named = origins.includes('folder') ? namedLibrary(system) : undefined;
  if (named) {
    yield named;
    return;
  }
  const fetched = origins.includes('cache') ? fetchedLibraries(folders, system) : [];
  const everywhere = async function* () {
    yield* fetched;
    if (origins.includes('python')) yield* pythonLibraries(system);
  };
  const fits = (library: TensorFlowLibrary) => !version || library.version === version;
  if (cuda !== 'no matter')
    for await (const library of everywhere()) if (library.cuda && fits(library)) yield library;
  if (cuda === 'only') return;
  for await (const library of everywhere())
    if (!(cuda === 'first' && library.cuda) && fits(library)) yield library;
}

async function* pythonLibraries(system: System): AsyncGenerator<TensorFlowLibrary> {
  const seen = new Set<string>();
  for await (const environment of pythonEnvironments(system)) {
    const library = pythonLibrary(environment, system);
    if (!library || seen.has(library.folder)) continue;
    seen.add(library.folder);
    yield library;
  }
}

const CUDA_MARK = '-cuda';

/** The folder for a fetched library; the library is in `tensorflow/` below it, NVIDIA's in `nvidia/`. */
export function fetchedFolder(
  folders: CacheFolders,
  system: System,
  { version, cuda }: { readonly version: string; readonly cuda: boolean },
): string {
  const platform = `${system.platform}-${system.arch}`;
  return join(folders.libraries, `${platform}-${version}${cuda ? CUDA_MARK : ''}`);
}

/** The fetched libraries for this platform, the newest release first. */
export function fetchedLibraries(folders: CacheFolders, system: System): TensorFlowLibrary[] {
  const prefix = `${system.platform}-${system.arch}-`;
  return visibleNames(folders.libraries)
    .filter((name) => name.startsWith(prefix))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name): TensorFlowLibrary => {
      const cuda = name.endsWith(CUDA_MARK);
      const version = name.slice(prefix.length, cuda ? -CUDA_MARK.length : undefined);
      const folder = join(folders.libraries, name, 'tensorflow');
      return { folder, origin: 'cache', cuda, version };
    })
    .filter(({ folder }) => missingFrom(folder, system).length === 0);
}

/**
 * The addon to load without installing anything, if there is one: that of the named folder; with a CUDA
 * device, that of a CUDA library; else the one installed last.
 */
export function findInstalled(
  tfjsNode: TfjsNodePackage,
  folders: CacheFolders,
  system: System,
  cudaDevice: boolean,
): InstalledAddon | undefined {
  const addons = listAddons(tfjsNode, folders, system);
  const named = namedLibrary(system);
  if (named) return addons.find(({ library }) => library.folder === named.folder);
  const free = addons.filter(({ library }) => library.origin !== 'folder');
  return (cudaDevice ? free.find(({ library }) => library.cuda) : undefined) ?? free[0];
}
