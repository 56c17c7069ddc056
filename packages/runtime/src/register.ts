/**
 * Makes an unmodified program that uses `@tensorflow/tfjs-node` run on the installed native library:
 *
 *     node --import @arctic/runtime/register app.js
 *     node --require @arctic/runtime/register app.cjs
 *
 * @module
 */
import { createRequire } from 'node:module';
import { cacheFolders } from './cache.js';
import { mayHaveCuda } from './cuda.js';
import { setTensorFlowEnvironment } from './environment.js';
import { RuntimeError } from './errors.js';
import { hookTfjsNode } from './hook-tfjs-node.js';
import { mendKernels } from './mend-kernels.js';
import { findInstalled } from './search.js';
import { currentSystem } from './system.js';
import { readTfjsNode } from './tfjs-node.js';

hookTfjsNode(createRequire(import.meta.url), locate, mendKernels);

function locate(folder: string): string {
  const system = currentSystem();
  const addon = findInstalled(
    readTfjsNode(folder),
    cacheFolders(system),
    system,
    mayHaveCuda(system),
  );
  if (!addon) {
    const remedy = 'npx arctic-runtime install';
    throw new RuntimeError(
      'library-missing',
      `@arctic/runtime has nothing installed for ${folder}. Mend with: ${remedy}`,
      { remedy },
    );
  }
  setTensorFlowEnvironment(process.env, system.cores);
  return addon.path;
}
