import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { installAddon, type InstalledAddon } from './addon.js';
import { cacheFolders, removeHalfWritten, type CacheFolders } from './cache.js';
import { findCompiler, missingCompiler } from './compiler.js';
import { mayHaveCuda } from './cuda.js';
import { downloadLibrary, unpackGivenWheel } from './download.js';
import { RuntimeError, firstLine, isRuntimeError } from './errors.js';
import type { Transfer } from './fetch-wheel.js';
import {
  LIBRARY_ORIGINS,
  missingFrom,
  type LibraryOrigin,
  type TensorFlowLibrary,
} from './library.js';
import { withLock } from './lock.js';
import { unsupported } from './platform.js';
import { findInstalled, localLibraries } from './search.js';
import { currentSystem, type System } from './system.js';
import { findTfjsNode } from './tfjs-node.js';
import { MINIMUM_TENSORFLOW_MINOR, TENSORFLOW_VERSION, isUsableVersion } from './versions.js';

export interface InstallOptions {
  /**
   * The library itself, for a machine without a network: TensorFlow's wheel, a folder with one in it, or a
   * folder with the two libraries and `include/`, which is used where it lies. Nothing else is looked at.
   */
  readonly from?: string;
  /** Where the library may come from. @default all: 'folder', 'cache', 'python', 'download', in this order */
  readonly origins?: readonly LibraryOrigin[];
  /** Whether only the CUDA build will do. @default false: it is preferred where there is a device and a build */
  readonly gpu?: boolean;
  /** The TensorFlow release that must be used. @default any that is there; 2.21.0 where one is fetched */
  readonly version?: string;
  /** Whether to build the addon even where an accepted one is there. @default false */
  readonly force?: boolean;
  /** Called with one sentence per step. */
  readonly onProgress?: (message: string) => void;
  /** Called about four times a second while something is fetched. */
  readonly onTransfer?: (transfer: Transfer) => void;
  /** The machine to install on. @default this one */
  readonly system?: System;
}

/** What all steps of one installation share. */
interface Installation extends Required<Omit<InstallOptions, 'from' | 'version'>> {
  readonly from: string | undefined;
  readonly version: string | undefined;
  readonly folders: CacheFolders;
}

/**
 * The addon that `loadBackend` will load, built and tested now where there was none.
 *
 * Each library found is tried in turn: one for which the addon cannot be built, or which calculates
 * wrongly, is passed over with a word to `onProgress`. The last resort is a download of 274 MB, which an
 * interruption does not spoil: the next call goes on where it stopped. Two calls at once, also in two
 * processes, wait for each other.
 *
 * @throws RuntimeError with the fault of the last library tried.
 *
 * @example
 * import { install } from '@arctic/runtime';
 *
 * const { library } = await install({ onProgress: (message) => process.stderr.write(`${message}\n`) });
 */
export async function install(options: InstallOptions = {}): Promise<InstalledAddon> {
  const { system = currentSystem(), from, version } = options;
  const installation: Installation = {
    origins: LIBRARY_ORIGINS,
    gpu: false,
    force: false,
    onProgress: () => undefined,
    onTransfer: () => undefined,
    ...options,
    from,
    version,
    system,
    folders: cacheFolders(system),
  };
  const { folders, onProgress } = installation;
  if (system.platform === 'win32') throw unsupported(system);
  if (version !== undefined && !isUsableVersion(version)) {
    throw new RuntimeError(
      'option',
      `Expected version to be a release of TensorFlow from 2.${MINIMUM_TENSORFLOW_MINOR} on. Received: '${version}'.`,
      { remedy: `npx arctic-runtime install --version ${TENSORFLOW_VERSION}` },
    );
  }
  try {
    return await withLock(folders.lock, { system, onProgress }, () => {
      removeHalfWritten(folders);
      return installLocked(installation);
    });
  } catch (error) {
    const there = isRuntimeError(error) && error.kind === 'cache' && installedAlready(installation);
    if (there) return there;
    throw error;
  }
}

/** The addon that is there, for a cache that cannot be written, where it is what the options ask for. */
function installedAlready({
  system,
  folders,
  from,
  gpu,
  version,
  force,
}: Installation): InstalledAddon | undefined {
  if (from !== undefined || force) return undefined;
  const cuda = mayHaveCuda(system);
  const addon = findInstalled(findTfjsNode({ cuda }), folders, system, cuda || gpu);
  const fits = (!gpu || addon?.library.cuda) && (!version || addon?.tensorflowVersion === version);
  return fits ? addon : undefined;
}

async function installLocked(installation: Installation): Promise<InstalledAddon> {
  const { from, origins, gpu, version, system, folders, onProgress } = installation;
  const cudaDevice = mayHaveCuda(system);
  const tfjsNode = findTfjsNode({ cuda: cudaDevice || gpu });
  const build = (library: TensorFlowLibrary) => {
    onProgress(`Found TensorFlow in ${library.folder} (${library.origin}).`);
    return installAddon(tfjsNode, library, installation);
  };
  if (from !== undefined) {
    await assertCompiler(system);
    return build(await givenLibrary(resolve(from), installation));
  }

  let fault: unknown;
  const cuda = gpu ? 'only' : cudaDevice ? 'first' : 'no matter';
  for await (const library of localLibraries(folders, system, { origins, cuda, version })) {
    try {
      return await build(library);
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
    await assertCompiler(system); // said before the download, not after it
    const wanted = { version: version ?? TENSORFLOW_VERSION, cuda: gpu };
    return build(await downloadLibrary({ ...installation, ...wanted }));
  }
  throw (
    fault ??
    new RuntimeError(
      'library-missing',
      `No TensorFlow library found (looked in: ${origins.join(', ')}).`,
      { remedy: 'npx arctic-runtime install' },
    )
  );
}

async function assertCompiler(system: System): Promise<void> {
  if (!(await findCompiler(system))) throw missingCompiler(system);
}

/** The library at `path`: a wheel is unpacked into the cache, a folder is used where it lies. */
async function givenLibrary(path: string, installation: Installation): Promise<TensorFlowLibrary> {
  const { system } = installation;
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind?.isFile()) return unpackGivenWheel(path, installation);
  if (kind?.isDirectory()) {
    const missing = missingFrom(path, system);
    if (missing.length === 0) return { folder: path, origin: 'given', cuda: false };
    const names = (await readdir(path)).filter((name) => /^tensorflow.*\.whl$/.test(name)).sort();
    const [wheel] = names;
    if (wheel) return unpackGivenWheel(join(path, wheel), installation);
  }
  throw new RuntimeError(
    'library-missing',
    `Expected --from to name a wheel of TensorFlow, a folder with one, or a folder with libtensorflow_cc, ` +
      `libtensorflow_framework and include/. Received: ${path}, which ${kind ? 'is none of these' : 'does not exist'}.`,
    {
      remedy: `python3 -m pip download --no-deps --only-binary=:all: tensorflow-cpu==${TENSORFLOW_VERSION}`,
    },
  );
}
