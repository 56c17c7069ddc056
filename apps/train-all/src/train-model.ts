import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import {
  consume,
  csvLogger,
  fit,
  jsonlLogger,
  loadWeights,
  progressBar,
  profileTable,
  stopOnSignals,
  tensorBoardLogger,
  type Callback,
  type FitOptions,
  type FitResult,
  type TrainTask,
} from '@arctic/trainer-core';
import { writeFileAtomic } from '@arctic/raster';
import type { ModelName, TrainingSettings } from './config.js';
import { keepsResults, paths, writeJson, type RunContext } from './context.js';
import { withPooledNorms } from './distributed.js';
import { ResumableStop, UsageError } from './errors.js';
import { watchMemory } from './memory.js';
import { writeCurves } from './pictures.js';
import type { OpenTask } from './tasks/runner.js';

/** In a model's folder of a run: says that its training is done, and what it cost. */
export const TRAINED_FILE = 'trained.json';

/** Times in a training that the spread of all weights is logged. */
const HISTOGRAMS = 10;

/** What training came to, for the summary. */
export interface Trained {
  readonly result: FitResult;
  readonly seconds: number;
  readonly peakMemoryMb: number;
}

/**
 * Trains a model into its folder of the run (checkpoints, logs, curves) and leaves the best weights in its parameters.
 * With `resume`, goes on from the last checkpoint; a finished training returns at once.
 * @throws ResumableStop when a signal or the time limit ended it.
 */
export async function trainModel(
  model: ModelName,
  { task, stepsPerEpoch, curves }: OpenTask,
  context: RunContext,
): Promise<Trained> {
  const { config, resume, limits, communicator } = context;
  const settings = config[model];
  const folder = paths(config).model(model);
  const stop = stopOnSignals(process);
  const options: FitOptions = {
    ...fitOptions(settings),
    seed: config.seed,
    runFolder: folder,
    resume,
    checkpointEvery: { epochs: 1, seconds: 60 },
    signal: stop.signal,
    communicator,
    ...(limits.fastDevRun ? { fastDevRun: 1 } : {}),
    ...(limits.until === undefined
      ? {}
      : { maxSeconds: Math.max(1e-3, (limits.until - performance.now()) / 1000) }),
    ...(stepsPerEpoch === undefined ? {} : { stepsPerEpoch }),
  };
  const progress = progressBar({
    write: (text) => process.stderr.write(text),
    isTTY: process.stderr.isTTY,
    now: () => performance.now(),
  });
  const memory = watchMemory();
  try {
    if (keepsResults(context)) {
      // From here on the run can be resumed; a training from the start no longer counts that of an earlier run of its name.
      await writeJson(join(paths(config).run, 'config.json'), config);
      if (!resume)
        for (const name of [TRAINED_FILE, 'tensorboard'])
          rmSync(join(folder, name), { force: true, recursive: true });
    }
    const callbacks = [
      ...(keepsResults(context) ? logsOf(task, settings, folder) : []),
      ...(communicator.rank === 0 ? [progress] : []),
    ];
    const result = await withPooledNorms(communicator, settings.poolNorms, () =>
      consume(fit(task, options), ...callbacks),
    );
    if (limits.fastDevRun) return { result, seconds: result.seconds, peakMemoryMb: memory.stop() };
    if (result.reason === 'aborted' || result.reason === 'time-limit') {
      const why = stop.received() ?? 'the time limit';
      throw new ResumableStop(
        `Stopped by ${why} after step ${result.steps}; everything is saved. Go on with: npm start -- --resume --name ${config.name}`,
      );
    }
    if (keepsResults(context)) {
      await writeFileAtomic(
        join(folder, 'profile.txt'),
        Buffer.from(`${profileTable(result.time, result.seconds)}\n`),
      );
      await writeCurves(join(folder, 'curves.png'), result.history, curves);
    }
    communicator.barrier();
    await loadWeights(join(folder, 'checkpoints', 'best'), task.parameters);
    return { result, seconds: result.seconds, peakMemoryMb: memory.stop() };
  } finally {
    memory.stop();
    stop.dispose();
  }
}

/** What a training keeps of itself beside checkpoints: a row an epoch, a line a step, event files for TensorBoard. */
function logsOf<B extends tf.TensorContainer>(
  { parameters }: TrainTask<B>,
  { epochs }: TrainingSettings,
  folder: string,
): Callback[] {
  return [
    csvLogger(join(folder, 'metrics.csv')),
    jsonlLogger(join(folder, 'steps.jsonl'), { kinds: ['batch', 'leak', 'lr'] }),
    tensorBoardLogger({
      folder: join(folder, 'tensorboard'),
      parameters,
      histogramEpochs: Math.ceil(epochs / HISTOGRAMS),
      now: () => performance.timeOrigin + performance.now(),
    }),
  ];
}

/** How the settings of a training are said to the loop. */
export function fitOptions(settings: TrainingSettings): Omit<FitOptions, 'seed'> {
  const { epochs, batchSize, learningRate, weightDecay, warmupSteps, clipNorm } = settings;
  const { patience, optimizer, schedule, accumulate, emaDecay, keepTop, prefetch } = settings;
  return {
    epochs,
    batchSize,
    optimizer: { kind: optimizer, learningRate, weightDecay },
    schedule: { kind: schedule, warmupSteps },
    clipNorm,
    accumulate,
    prefetch,
    monitor: { name: 'val_loss', mode: 'min' },
    ...(emaDecay > 0 ? { ema: { decay: emaDecay } } : {}),
    ...(keepTop > 0 ? { topK: { k: keepTop } } : {}),
    ...(patience > 0 ? { earlyStopping: { patience, restoreBest: true } } : {}),
  };
}

/** Puts the best weights of an earlier training into the parameters. @throws UsageError when there was none. */
export async function loadBest(
  parameters: TrainTask<tf.TensorContainer>['parameters'],
  folder: string,
): Promise<void> {
  try {
    await loadWeights(join(folder, 'checkpoints', 'best'), parameters);
  } catch (cause) {
    throw new UsageError(
      `${folder}: expected a trained model (checkpoints/best). Received: ${cause instanceof Error ? cause.message : String(cause)}. Train it first: nx run train-all:train`,
      { cause },
    );
  }
}
