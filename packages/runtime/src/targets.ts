import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TfjsNodePackage } from './tfjs-node.js';
import { NAPI_VERSION } from './versions.js';

/** One shared object of the addon folder, and what it is built from. */
export interface BuildTarget {
  /** Its file name in the addon folder. */
  readonly output: string;
  /** Paths of its C++ files. */
  readonly sources: readonly string[];
  /** Folders searched for headers beside TensorFlow's and Node's. */
  readonly includes: readonly string[];
  /** Which of TensorFlow's two libraries it is linked with. */
  readonly links: readonly ('api' | 'framework')[];
  /** Flags beside the common ones. */
  readonly flags?: readonly string[];
  /** Whether the backend works without it: where it cannot be built, it is left out with a word. */
  readonly optional?: boolean;
}

/** The file that tfjs-node loads. */
export const ADDON_FILE = 'tfjs_binding.node';

/** The file that holds stderr back while TensorFlow is loaded. */
export const STDERR_FILE = 'stderr.node';

/** The file with the ops of this package's own, which make training and inference faster. */
export const OPS_FILE = 'arctic_ops.node';

/** Flags of every target, whatever the platform. */
export const COMMON_FLAGS = [
  '-std=c++17',
  '-O2',
  '-fPIC',
  '-shared',
  `-DNAPI_VERSION=${NAPI_VERSION}`,
];

/** Folder of this package, seen from `src/` and from `dist/` alike. */
const PACKAGE_FOLDER = dirname(dirname(fileURLToPath(import.meta.url)));
const NATIVE_FOLDER = join(PACKAGE_FOLDER, 'native');

/** Everything that is built for `tfjsNode`. */
export function buildTargets(tfjsNode: TfjsNodePackage): BuildTarget[] {
  const binding = join(tfjsNode.folder, 'binding');
  return [
    {
      output: ADDON_FILE,
      sources: [join(binding, 'tfjs_backend.cc'), join(binding, 'tfjs_binding.cc')],
      includes: [tfjsNode.folder],
      links: ['api', 'framework'],
    },
    {
      output: STDERR_FILE,
      sources: [join(NATIVE_FOLDER, 'stderr.cc')],
      includes: [],
      links: [],
    },
    {
      output: OPS_FILE,
      sources: ['ops.cc', 'tf.cc', 'pool.cc', 'kernels.cc'].map((file) =>
        join(NATIVE_FOLDER, 'ops', file),
      ),
      includes: [],
      links: ['api', 'framework'],
      flags: ['-O3', '-Wno-psabi'],
      optional: true,
    },
  ];
}

/**
 * Twelve hexadecimal digits that change when what is built changes: sources and headers, flags, or the
 * release of this package. An addon of another recipe is not loaded, so an upgrade builds anew.
 */
export function recipe(targets: readonly BuildTarget[]): string {
  const manifest = readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string }; // this package's own
  const hash = createHash('sha256').update(JSON.stringify([version, COMMON_FLAGS]));
  for (const { output, sources, links, flags } of targets) {
    hash.update(JSON.stringify([output, links, flags]));
    // With everything beside the sources: headers count too.
    for (const folder of new Set(sources.map((source) => dirname(source))))
      for (const file of filesIn(folder)) hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ name }) => join(folder, name)).sort();
}
