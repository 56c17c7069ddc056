import { CommanderError } from 'commander';
import { createCli } from './cli.js';
import { RESUMABLE_EXIT_CODE } from '@arctic/trainer-core';
import { explain, ResumableStop } from './errors.js';

/** Bad input and impossible wishes end with this code. */
const USAGE_EXIT_CODE = 2;

// Loaded when asked for: to look at a file needs no models.
const cli = createCli({
  run: async (options) =>
    (await import('./pipeline.js')).runSteps(options, [
      'data',
      'preprocess',
      'train',
      'evaluate',
      'export',
    ]),
  step: async (name, options) => (await import('./pipeline.js')).runSteps(options, [name]),
  evaluateModel: async (options) =>
    (await import('./steps/evaluate-model.js')).evaluateModel(options),
  predict: async (options) => (await import('./steps/predict.js')).predict(options),
  inspect: async (options) => (await import('./inspect/inspect.js')).inspect(options),
  findLr: async (options) => (await import('./steps/find-lr.js')).findLr(options),
  search: async (options) => (await import('./steps/search.js')).searchSettings(options),
  searchTrial: async (options) => (await import('./steps/search-trial.js')).searchTrial(options),
  compare: async (options) => {
    (await import('./steps/compare.js')).compare(options);
  },
  download: async (options) => (await import('./steps/download.js')).download(options),
});

// Whoever reads the output may have enough of it, such as `head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
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
    process.exitCode =
      error instanceof ResumableStop
        ? RESUMABLE_EXIT_CODE
        : sentence === null
          ? 1
          : USAGE_EXIT_CODE;
  }
}
