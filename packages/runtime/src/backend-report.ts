import type { LibraryOrigin } from './library.js';

/** What `loadBackend` found, for a log or a run's summary; plain JSON. */
export interface BackendReport {
  /** Name of the tfjs backend that is now set. */
  readonly backend: 'tensorflow' | 'cpu';
  readonly kind: 'native' | 'gpu' | 'js';
  /** The processor in words, for example `CPU, 8 threads` or `NVIDIA H100`. */
  readonly device: string;
  /** Release of the native library; absent with `kind: 'js'`. */
  readonly tensorflowVersion?: string;
  readonly tfjsVersion: string;
  /** Folder of the native library; absent with `kind: 'js'`. */
  readonly libraryPath?: string;
  readonly libraryOrigin?: LibraryOrigin;
  readonly addonPath?: string;
  /** The processor's instructions that this package's own ops use; absent where there are none. */
  readonly ownOps?: string;
  /** Threads that one operation may use. */
  readonly threads: number;
  /** Why it is the JavaScript backend; absent where the native one is loaded. */
  readonly reason?: string;
  /** The command that mends it; absent where nothing needs mending. */
  readonly remedy?: string;
}
