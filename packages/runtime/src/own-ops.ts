import type * as tfjs from '@tensorflow/tfjs-core';

/** What the addon with this package's own ops tells of itself; `@arctic/nn` finds it on the backend. */
export interface OwnOps {
  /** Names of the registered ops. */
  readonly ops: readonly string[];
  /** The processor's instructions that they use, for example `avx512`. */
  readonly instructionSet: string;
  /** Floats of one vector register. */
  readonly lanes: number;
}

/**
 * Registers the ops of `file` and says so on tfjs-node's backend, as `arcticOps`; undefined where the file
 * is missing or the backend calculates on a GPU, for which there are none.
 *
 * The function stands alone on purpose: the smoke test sends its source text to a child process.
 */
export function attachOwnOps(
  require: NodeJS.Require,
  file: string,
  tf: typeof tfjs,
): OwnOps | undefined {
  const backend = tf.backend() as unknown as { isUsingGpuDevice?: boolean; arcticOps?: OwnOps };
  if (backend.isUsingGpuDevice === true || !require('node:fs').existsSync(file)) return undefined;
  backend.arcticOps = require(file) as OwnOps;
  return backend.arcticOps;
}
