import { listAddons, type InstalledAddon, findAddon } from './addon.js';
import type { CacheFolders } from './cache.js';
import { namedLibrary } from './folder.js';
import { missingFrom, type LibraryOrigin, type TensorFlowLibrary } from './library.js';
import { pythonEnvironments, pythonLibrary } from './python.js';
import type { System } from './system.js';

export interface SearchOptions {
  /** Places to look in. */
  readonly origins: readonly LibraryOrigin[];
  /** Whether a CUDA device is there, so that a CUDA library goes before any other. */
  readonly cudaDevice: boolean;
}

/**
 * The libraries on this machine, best first: the named folder alone if there is one; with a CUDA device,
 * CUDA libraries of Python environments; the own cache; any Python environment.
 *
 * Lazy, because each Python costs a process.
 */
export async function* localLibraries(
  folders: CacheFolders,
  system: System,
  { origins, cudaDevice }: SearchOptions,
): AsyncGenerator<TensorFlowLibrary> {
  const named = origins.includes('folder') ? namedLibrary(system) : undefined;
  if (named) {
    yield named;
    return;
  }
  const searchPython = origins.includes('python');
  if (searchPython && cudaDevice) {
    for await (const library of pythonLibraries(system)) if (library.cuda) yield library;
  }
  if (origins.includes('cache')) {
    const own = ownLibrary(folders, system);
    if (own) yield own;
  }
  if (searchPython) {
    for await (const library of pythonLibraries(system))
      if (!(cudaDevice && library.cuda)) yield library;
  }
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

/** The fetched library in the own cache, if there is one. */
export function ownLibrary(folders: CacheFolders, system: System): TensorFlowLibrary | undefined {
  if (missingFrom(folders.tensorflow, system).length > 0) return undefined;
  return { folder: folders.tensorflow, origin: 'cache', cuda: false };
}

/**
 * The addon to load without installing anything, if there is one: that of the named folder; with a CUDA
 * device, that of a CUDA library; that of the fetched library; any other.
 */
export async function findInstalled(
  folders: CacheFolders,
  system: System,
  cudaDevice: boolean,
): Promise<InstalledAddon | undefined> {
  const named = namedLibrary(system);
  if (named) return findAddon(named, folders, system);
  const addons = (await listAddons(folders, system)).filter(
    ({ library }) => library.origin !== 'folder',
  );
  return (
    (cudaDevice ? addons.find(({ library }) => library.cuda) : undefined) ??
    addons.find(({ library }) => library.folder === folders.tensorflow) ??
    addons[0]
  );
}
