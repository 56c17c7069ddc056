import { CommanderError } from 'commander';
import { createCli } from './cli.js';
import { explain } from './errors.js';
import { inspect } from './inspect/inspect.js';
import { runSteps } from './pipeline.js';
import { download } from './steps/download.js';
import { evaluateModel } from './steps/evaluate-model.js';
import { predict } from './steps/predict.js';

/** Bad input and impossible wishes end with this code. */
const USAGE_EXIT_CODE = 2;

const cli = createCli({
  run: (options) => runSteps(options, ['data', 'preprocess', 'train', 'evaluate', 'export']),
  step: (name, options) => runSteps(options, [name]),
  evaluateModel,
  predict,
  inspect,
  download,
});

try {
  await cli.parseAsync(process.argv.filter((argument, i) => !(i === 3 && argument === '--')));
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
  } else {
    const sentence = explain(error);
    process.stderr.write(
      `${sentence ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
    );
    process.exitCode = sentence === null ? 1 : USAGE_EXIT_CODE;
  }
}
