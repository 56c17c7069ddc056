import { installAddon, type InstalledAddon } from './addon.js';
import { cacheFolders } from './cache.js';
import { findCudaDevice } from './cuda.js';
import { downloadLibrary } from './download.js';
import { RuntimeError, firstLine } from './errors.js';
import { LIBRARY_ORIGINS, type LibraryOrigin } from './library.js';
import { localLibraries } from './search.js';
import { currentSystem, type System } from './system.js';
import { findTfjsNode } from './tfjs-node.js';

export interface InstallOptions {
  /** Where the library may come from. @default all: 'folder', 'cache', 'python', 'download', in this order */
  readonly origins?: readonly LibraryOrigin[];
  /** Called with one sentence per step. */
  readonly onProgress?: (message: string) => void;
  /** The machine to install on. @default this one */
  readonly system?: System;
}

/**
 * The addon that `loadBackend` will load, built and tested now where there was none.
 *
 * Each library found is tried in turn: one for which the addon cannot be built, or which calculates
 * wrongly, is passed over with a word to `onProgress`. The last resort is a download of 274 MB.
 *
 * @throws RuntimeError with the fault of the last library tried.
 *
 * @example
 * import { install } from '@arctic/runtime';
 *
 * const { library } = await install({ onProgress: (message) => process.stderr.write(`${message}\n`) });
 */
export async function install({
  origins = LIBRARY_ORIGINS,
  onProgress = () => undefined,
  system = currentSystem(),
}: InstallOptions = {}): Promise<InstalledAddon> {
  const cudaDevice = (await findCudaDevice(system)) !== undefined;
  const tfjsNode = findTfjsNode({ cuda: cudaDevice });
  const folders = cacheFolders(system, tfjsNode.version);

  let fault: unknown;
  for await (const library of localLibraries(folders, system, { origins, cudaDevice })) {
    onProgress(`Found TensorFlow in ${library.folder} (${library.origin}).`);
    try {
      return await installAddon(tfjsNode, library, folders, system, onProgress);
    } catch (error) {
      if (
        library.origin === 'folder' ||
        (error instanceof RuntimeError && error.kind === 'compiler')
      )
        throw error;
      fault = error;
      onProgress(`Passed over: ${firstLine(error)}`);
    }
  }
  if (origins.includes('download')) {
    const library = await downloadLibrary(folders, system, onProgress);
    return installAddon(tfjsNode, library, folders, system, onProgress);
  }
  throw (
    fault ??
    new RuntimeError(
      'library-missing',
      `No TensorFlow library found (looked in: ${origins.join(', ')}).`,
      {
        remedy: 'npx arctic-runtime install',
      },
    )
  );
}
