import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { InstalledAddon } from './addon.js';
import type { BackendReport } from './backend-report.js';
import { cacheFolders } from './cache.js';
import { findCudaDevice } from './cuda.js';
import { setTensorFlowEnvironment } from './environment.js';
import { RuntimeError, firstLine, isRuntimeError } from './errors.js';
import { install } from './install.js';
import { hookTfjsNode } from './hook-tfjs-node.js';
import { attachOwnOps } from './own-ops.js';
import { mendKernels } from './mend-kernels.js';
import { findInstalled } from './search.js';
import { currentSystem, type System } from './system.js';
import { OPS_FILE } from './targets.js';
import { findTfjsNode } from './tfjs-node.js';

export interface LoadBackendOptions {
  /**
   * Which backend to try first; `ARCTIC_BACKEND=js` in the environment has the last word.
   * @default 'native'
   */
  readonly prefer?: 'native' | 'js';
  /** Whether to install the native backend, with a download if need be, where it is missing. @default false */
  readonly autoInstall?: boolean;
  /** Called with one sentence per step of an installation. */
  readonly onProgress?: (message: string) => void;
  /** The machine to look at. @default this one */
  readonly system?: System;
}

const INSTALL_REMEDY = 'npx arctic-runtime install';

/** A library can be loaded once in a process; later calls report the same. */
let native: BackendReport | undefined;

/**
 * Sets the fastest tfjs backend that can be had and reports which one it is.
 *
 * The native backend is TensorFlow itself; where it is missing, the pure JavaScript backend takes its
 * place, and the report says why and how to mend it.
 *
 * @throws RuntimeError where not even the JavaScript backend is installed, or `ARCTIC_BACKEND` is unknown.
 *
 * @example
 * import * as tf from '@tensorflow/tfjs-core';
 * import { loadBackend } from '@arctic/runtime';
 *
 * const report = await loadBackend();
 * tf.getBackend() === report.backend; // true: 'tensorflow', or 'cpu' with report.reason
 */
export async function loadBackend(options: LoadBackendOptions = {}): Promise<BackendReport> {
  const { system = currentSystem() } = options;
  const { backend, because } = wantedBackend(options.prefer, system);
  if (backend === 'js') return loadJavaScript({ reason: because });
  try {
    native ??= await loadNative(options, system);
    await tf.setBackend(native.backend);
    return native;
  } catch (error) {
    return loadJavaScript({
      reason: firstLine(error),
      remedy: (isRuntimeError(error) && error.remedy) || INSTALL_REMEDY,
    });
  }
}

interface WantedBackend {
  readonly backend: 'native' | 'js';
  readonly because: string;
}

function wantedBackend(prefer: 'native' | 'js' = 'native', system: System): WantedBackend {
  const named = system.env['ARCTIC_BACKEND'];
  if (!named) return { backend: prefer, because: 'asked for by the caller' };
  if (named !== 'js' && named !== 'native') {
    throw new RuntimeError(
      'option',
      `Expected ARCTIC_BACKEND to be 'js' or 'native'. Received: '${named}'.`,
      {
        remedy: 'unset ARCTIC_BACKEND',
      },
    );
  }
  return { backend: named, because: `asked for by ARCTIC_BACKEND=${named}` };
}

async function loadNative(
  { autoInstall = false, onProgress }: LoadBackendOptions,
  system: System,
): Promise<BackendReport> {
  const cudaDevice = await findCudaDevice(system);
  const tfjsNode = findTfjsNode({ cuda: cudaDevice !== undefined });
  let addon: InstalledAddon | undefined = findInstalled(
    tfjsNode,
    cacheFolders(system),
    system,
    cudaDevice !== undefined,
  );
  if (!addon && autoInstall) addon = await install({ system, ...(onProgress && { onProgress }) });
  if (!addon) {
    throw new RuntimeError('library-missing', 'The native TensorFlow backend is not installed.', {
      remedy: INSTALL_REMEDY,
    });
  }
  const threads = setTensorFlowEnvironment(process.env, system.cores);
  const { path } = addon;
  const require = createRequire(import.meta.url);
  hookTfjsNode(require, () => path, mendKernels);
  require(tfjsNode.main);
  assertOneCopy(tfjsNode.folder);
  await tf.setBackend('tensorflow');
  const gpu = cudaDevice !== undefined && usesGpu();
  const own = attachOwnOps(require, join(dirname(path), OPS_FILE), tf);
  return {
    backend: 'tensorflow',
    kind: gpu ? 'gpu' : 'native',
    device: gpu ? cudaDevice : `CPU, ${threads} threads`,
    tensorflowVersion: addon.tensorflowVersion,
    tfjsVersion: tf.version_core,
    libraryPath: addon.library.folder,
    libraryOrigin: addon.library.origin,
    addonPath: addon.path,
    ...(own && { ownOps: own.instructionSet }),
    threads,
  };
}

/** tfjs-node registers itself with the tfjs-core that it requires; another copy would know nothing of it. */
function assertOneCopy(tfjsNodeFolder: string): void {
  if (tf.findBackendFactory('tensorflow')) return;
  throw new RuntimeError(
    'load',
    `@tensorflow/tfjs-node (${tfjsNodeFolder}) uses another copy of @tensorflow/tfjs-core than this package.`,
    { remedy: 'npm dedupe' },
  );
}

function usesGpu(): boolean {
  // A property of tfjs-node's backend that tfjs-core's type does not know.
  return (tf.backend() as unknown as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
}

async function loadJavaScript(
  why: Pick<BackendReport, 'reason' | 'remedy'>,
): Promise<BackendReport> {
  try {
    // The union package registers gradients too; the backend alone is enough for inference.
    const require = createRequire(import.meta.url);
    if (isInstalled(require, '@tensorflow/tfjs')) require('@tensorflow/tfjs');
    else await import('@tensorflow/tfjs-backend-cpu');
  } catch (cause) {
    throw new RuntimeError(
      'load',
      `No backend: ${why.reason} @tensorflow/tfjs-backend-cpu is missing too.`,
      {
        remedy: why.remedy ?? 'npm install @tensorflow/tfjs-backend-cpu',
        cause,
      },
    );
  }
  await tf.setBackend('cpu');
  // Its first write prints a banner that recommends tfjs-node; the report says it better.
  (tf.backend() as unknown as { firstUse?: boolean }).firstUse = false;
  return {
    backend: 'cpu',
    kind: 'js',
    device: 'CPU, 1 thread (JavaScript)',
    tfjsVersion: tf.version_core,
    threads: 1,
    ...why,
  };
}

function isInstalled(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
