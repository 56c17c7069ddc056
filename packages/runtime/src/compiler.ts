import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { RuntimeError } from './errors.js';
import { libraryFiles, type TensorFlowLibrary } from './library.js';
import type { System } from './system.js';
import { COMMON_FLAGS, type BuildTarget } from './targets.js';

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

/** What to throw where {@link findCompiler} finds none. */
export function missingCompiler(system: System): RuntimeError {
  const named = system.env['CXX'];
  return new RuntimeError(
    'compiler',
    named
      ? `The C++ compiler named by CXX does not run. Received: CXX=${named}.`
      : 'No C++ compiler found (looked for c++, g++, clang++ and the variable CXX).',
    { remedy: COMPILER_REMEDY },
  );
}

/** The folder with `node_api.h`: the running Node's own, else the one of the package `node-api-headers`. */
export function nodeHeaders(system: System): string {
  const own = join(dirname(dirname(system.execPath)), 'include', 'node');
  if (system.exists(join(own, 'node_api.h'))) return own;
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('node-api-headers/package.json');
  return join(dirname(manifest), 'include');
}

/** Arguments that build `target` against `library` into `output`. */
export function compilerArguments(
  target: BuildTarget,
  library: TensorFlowLibrary,
  output: string,
  system: System,
): string[] {
  const files = libraryFiles(system.platform);
  const includes = [...target.includes, join(library.folder, 'include'), nodeHeaders(system)];
  return [
    ...COMMON_FLAGS,
    ...(target.flags ?? []),
    ...(system.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
    ...includes.map((folder) => `-I${folder}`),
    ...target.sources,
    ...target.links.map((link) => join(library.folder, files[link])),
    ...(target.links.length > 0 ? [`-Wl,-rpath,${library.folder}`] : []),
    ...['-o', output],
  ];
}

/**
 * Builds every target into `folder`; an optional one that cannot be built is left out with a word.
 *
 * @throws RuntimeError of kind `compiler` where there is none, `build` where it fails.
 */
export async function compileTargets(
  targets: readonly BuildTarget[],
  library: TensorFlowLibrary,
  folder: string,
  { system, onProgress }: { readonly system: System; onProgress(message: string): void },
): Promise<void> {
  const compiler = await findCompiler(system);
  if (!compiler) throw missingCompiler(system);
  const build = async (target: BuildTarget): Promise<void> => {
    const args = compilerArguments(target, library, join(folder, target.output), system);
    const { code, stderr } = await system.run(compiler.command, [...compiler.args, ...args], {
      timeoutMs: 600_000,
    });
    if (code === 0) return;
    const fault =
      stderr.split('\n').find((line) => line.includes('error')) ?? stderr.split('\n')[0];
    const words = `${compiler.command} (${compiler.version}) could not build ${target.output}: ${fault?.trim() ?? ''}`;
    if (!target.optional)
      throw new RuntimeError('build', words, { remedy: `${COMPILER_REMEDY}; C++17 is needed` });
    onProgress(`Left out, the backend works without it: ${words}`);
  };
  // All are waited for: none may still write when the folder is given up.
  const results = await Promise.allSettled(targets.map(build));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
