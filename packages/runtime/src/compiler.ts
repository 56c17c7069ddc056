import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { RuntimeError } from './errors.js';
import { libraryFiles, type TensorFlowLibrary } from './library.js';
import type { System } from './system.js';
import type { TfjsNodePackage } from './tfjs-node.js';
import { NAPI_VERSION } from './versions.js';

/** A C++ compiler as a command and the arguments that always come first. */
export interface Compiler {
  readonly command: string;
  readonly args: readonly string[];
  /** The first line of `--version`. */
  readonly version: string;
}

export const COMPILER_REMEDY =
  'sudo apt-get install -y g++   (Fedora: sudo dnf install gcc-c++; macOS: xcode-select --install)';

/** The compiler named by `CXX`, else the first of `c++`, `g++`, `clang++` that answers. */
export async function findCompiler(system: System): Promise<Compiler | undefined> {
  const named = system.env['CXX']?.trim();
  for (const choice of named ? [named] : ['c++', 'g++', 'clang++']) {
    const [command = choice, ...args] = choice.split(/\s+/);
    const { code, stdout } = await system.run(command, [...args, '--version']);
    if (code === 0) return { command, args, version: stdout.split('\n')[0] ?? '' };
  }
  return undefined;
}

/** The folder with `node_api.h`: the running Node's own, else the one of the package `node-api-headers`. */
export function nodeHeaders(system: System): string {
  const own = join(dirname(dirname(system.execPath)), 'include', 'node');
  if (system.exists(join(own, 'node_api.h'))) return own;
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('node-api-headers/package.json');
  return join(dirname(manifest), 'include');
}

/** Arguments that build tfjs-node's two C++ files against `library` into `output`. */
export function compilerArguments(
  tfjsNode: TfjsNodePackage,
  library: TensorFlowLibrary,
  output: string,
  system: System,
): string[] {
  const { api, framework } = libraryFiles(system.platform);
  return [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NAPI_VERSION}`],
    ...(system.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
    `-I${tfjsNode.folder}`,
    `-I${join(library.folder, 'include')}`,
    `-I${nodeHeaders(system)}`,
    join(tfjsNode.folder, 'binding', 'tfjs_backend.cc'),
    join(tfjsNode.folder, 'binding', 'tfjs_binding.cc'),
    join(library.folder, api),
    join(library.folder, framework),
    `-Wl,-rpath,${library.folder}`,
    ...['-o', output],
  ];
}

/**
 * Builds the addon into `output`.
 *
 * @throws RuntimeError of kind `compiler` where there is none, `build` where it fails.
 */
export async function compileAddon(
  tfjsNode: TfjsNodePackage,
  library: TensorFlowLibrary,
  output: string,
  system: System,
): Promise<void> {
  const compiler = await findCompiler(system);
  if (!compiler) {
    const named = system.env['CXX'];
    throw new RuntimeError(
      'compiler',
      named
        ? `The C++ compiler named by CXX does not run. Received: CXX=${named}.`
        : 'No C++ compiler found (looked for c++, g++, clang++ and the variable CXX).',
      { remedy: COMPILER_REMEDY },
    );
  }
  const args = compilerArguments(tfjsNode, library, output, system);
  const { code, stderr } = await system.run(compiler.command, [...compiler.args, ...args], {
    timeoutMs: 600_000,
  });
  if (code !== 0) {
    const fault =
      stderr.split('\n').find((line) => line.includes('error')) ?? stderr.split('\n')[0];
    throw new RuntimeError(
      'build',
      `${compiler.command} (${compiler.version}) could not build the addon: ${fault?.trim() ?? ''}`,
      { remedy: `${COMPILER_REMEDY}; C++17 is needed` },
    );
  }
}
