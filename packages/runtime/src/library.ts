import { join } from 'node:path';
import type { System } from './system.js';

/** Where a library came from, in the order in which the places are searched. */
export const LIBRARY_ORIGINS = [
  'folder',
  'cache',
  'python',
  'download',
] as const satisfies readonly LibraryOrigin[];

/** One of the places that are searched, or `given`: named by the caller of `install`. */
export type LibraryOrigin = 'folder' | 'cache' | 'python' | 'download' | 'given';

/** A folder with the two TensorFlow libraries and `include/`. */
export interface TensorFlowLibrary {
  readonly folder: string;
  readonly origin: LibraryOrigin;
  /** Whether this is known to be a CUDA build. */
  readonly cuda: boolean;
  /** The release, where it is known before the library is loaded. */
  readonly version?: string;
}

/** File names of TensorFlow's C API and of the framework it needs, on `platform`. */
export function libraryFiles(platform: string): {
  readonly api: string;
  readonly framework: string;
} {
  return platform === 'darwin'
    ? { api: 'libtensorflow_cc.2.dylib', framework: 'libtensorflow_framework.2.dylib' }
    : { api: 'libtensorflow_cc.so.2', framework: 'libtensorflow_framework.so.2' };
}

/** What `folder` lacks to be a TensorFlow library; empty when it is one. */
export function missingFrom(folder: string, system: System): string[] {
  const { api, framework } = libraryFiles(system.platform);
  const header = join('include', 'tensorflow', 'c', 'c_api.h');
  return [api, framework, header].filter((file) => !system.exists(join(folder, file)));
}
