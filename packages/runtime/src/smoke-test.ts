import { dirname, join } from 'node:path';
import { RuntimeError, firstLine } from './errors.js';
import { checkNumerics, type NumericsResult } from './numerics.js';
import { hookTfjsNode } from './hook-tfjs-node.js';
import { attachOwnOps } from './own-ops.js';
import { mendKernels } from './mend-kernels.js';
import type { System } from './system.js';
import { OPS_FILE } from './targets.js';
import type { TfjsNodePackage } from './tfjs-node.js';

const RESULT_MARK = 'arctic-runtime-smoke-test ';

/** The program of the child process: the same functions that load the backend here, as source text. */
function childProgram(tfjsNode: TfjsNodePackage, addonPath: string): string {
  const main = JSON.stringify(tfjsNode.main);
  return [
    'globalThis.__name ??= (value) => value;', // tsx wraps inner functions in this helper
    `(${hookTfjsNode.toString()})(require, () => ${JSON.stringify(addonPath)}, ${mendKernels.toString()});`,
    `require(${main});`,
    `const tf = require(require.resolve('@tensorflow/tfjs-core', { paths: [${main}] }));`,
    "tf.setBackend('tensorflow');",
    `(${attachOwnOps.toString()})(require, ${JSON.stringify(join(dirname(addonPath), OPS_FILE))}, tf);`,
    `console.log(${JSON.stringify(RESULT_MARK)} + JSON.stringify((${checkNumerics.toString()})(tf)));`,
  ].join('\n');
}

/**
 * Loads the addon in a child process and checks that it calculates right, so that one that crashes or
 * hangs takes nothing with it.
 *
 * @throws RuntimeError of kind `smoke-test`.
 */
export async function smokeTest(
  tfjsNode: TfjsNodePackage,
  addonPath: string,
  system: System,
): Promise<NumericsResult> {
  const { code, stdout, stderr } = await system.run(
    system.execPath,
    ['-e', childProgram(tfjsNode, addonPath)],
    { timeoutMs: 120_000, env: { TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true' } },
  );
  const line = stdout.split('\n').find((text) => text.startsWith(RESULT_MARK));
  if (code !== 0 || line === undefined) {
    const cause = stderr
      .split('\n')
      .find((text) => /killed by|error|undefined symbol|cannot open/i.test(text));
    throw new RuntimeError(
      'smoke-test',
      `The native addon did not load in a child process (exit code ${code}): ${cause?.trim() ?? firstLine(stderr)}`,
    );
  }
  const result = JSON.parse(line.slice(RESULT_MARK.length)) as NumericsResult; // written by childProgram
  if (result.wrong.length > 0) {
    throw new RuntimeError(
      'smoke-test',
      `TensorFlow ${result.tensorflowVersion} calculated wrongly: ${result.wrong.join(', ')}.`,
    );
  }
  return result;
}
