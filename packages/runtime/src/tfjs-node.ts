import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RuntimeError } from './errors.js';

/** An installed `@tensorflow/tfjs-node` or `-gpu`, not yet loaded. */
export interface TfjsNodePackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  /** The file that `require` would load. */
  readonly main: string;
}

/** Where `require` would find each package: names written out, so that dependency checks see them. */
const CPU_FIRST = [
  (require: NodeJS.Require) => require.resolve('@tensorflow/tfjs-node'),
  (require: NodeJS.Require) => require.resolve('@tensorflow/tfjs-node-gpu'),
];

/**
 * The tfjs-node package beside this one, else the one seen from the working folder.
 *
 * @throws RuntimeError of kind `tfjs-node-missing` where there is none.
 */
export function findTfjsNode({ cuda = false } = {}): TfjsNodePackage {
  const resolvers = cuda ? CPU_FIRST.toReversed() : CPU_FIRST;
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    const require = createRequire(from);
    for (const resolve of resolvers) {
      try {
        // The entry is always dist/index.js.
        return readTfjsNode(dirname(dirname(resolve(require))));
      } catch {
        continue;
      }
    }
  }
  throw new RuntimeError('tfjs-node-missing', '@tensorflow/tfjs-node is not installed.', {
    remedy: 'npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0',
  });
}

/** The package in `folder`. */
export function readTfjsNode(folder: string): TfjsNodePackage {
  const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
  // Both fields are required of an npm package.
  const { name, version } = JSON.parse(manifest) as { name: string; version: string };
  return { name, version, folder, main: join(folder, 'dist', 'index.js') };
}
