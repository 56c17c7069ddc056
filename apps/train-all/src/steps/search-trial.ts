import { dirname, join } from 'node:path';
import { loadBackend } from '@arctic/runtime';
import {
  alone,
  answerTrial,
  csvLogger,
  RESUMABLE_EXIT_CODE,
  stopOnSignals,
  trainTrial,
} from '@arctic/trainer-core';
import { readConfigFile, resolveConfig, type ModelName } from '../config.js';
import type { RunContext } from '../context.js';
import { RUNNERS } from '../pipeline.js';
import { withTask } from '../tasks/runner.js';
import { fitOptions } from '../train-model.js';

export interface SearchTrialOptions {
  /** The configuration of the search, which is complete. */
  readonly configFile: string;
  readonly model: ModelName;
  readonly metric: string;
  readonly mode: 'min' | 'max';
}

/** One trial of a search, asked for on standard input; sets the exit code. */
export async function searchTrial(options: SearchTrialOptions): Promise<void> {
  const { configFile, model, metric, mode } = options;
  process.exitCode = await answerTrial(process, async (job, hooks) => {
    const base = readConfigFile(configFile);
    const { name = 'trial', out = dirname(configFile) } = base;
    const config = resolveConfig(name, out, base, { [model]: job.settings });
    const backend = await loadBackend();
    const context: RunContext = {
      ...{ config, backend, resume: job.resume, limits: { fastDevRun: false } },
      communicator: alone,
      say: (line) => process.stderr.write(`${line}\n`),
    };
    const stop = stopOnSignals(process);
    // The search was killed: when it is resumed, no trial of old may still write into its folder.
    const leave = () => process.exit(RESUMABLE_EXIT_CODE);
    hooks.signal.addEventListener('abort', leave);
    if (hooks.signal.aborted) leave();
    try {
      return await withTask(RUNNERS[model], context, ({ task, stepsPerEpoch }) =>
        trainTrial(
          task,
          {
            ...fitOptions(config[model]),
            seed: job.seed,
            monitor: { name: metric, mode },
            signal: stop.signal,
            checkpointEvery: { epochs: 1, seconds: 60 },
            ...(stepsPerEpoch === undefined ? {} : { stepsPerEpoch }),
          },
          job,
          hooks,
          csvLogger(join(job.folder, 'metrics.csv')),
        ),
      );
    } finally {
      stop.dispose();
      hooks.signal.removeEventListener('abort', leave);
    }
  });
}
