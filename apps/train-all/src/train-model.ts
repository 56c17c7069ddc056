import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import {
  consume,
  csvLogger,
  fit,
  loadWeights,
  progressBar,
  type FitOptions,
  type FitResult,
  type TrainTask,
} from '@arctic/trainer-core';
import type { TrainingSettings } from './config.js';
import { paths, writeJson, type RunContext } from './context.js';
import { UsageError } from './errors.js';
import { watchMemory } from './memory.js';

/** In a model's folder of a run: says that its training is done, and what it cost. */
export const TRAINED_FILE = 'trained.json';

/** What training came to, for the summary. */
export interface Trained {
  readonly result: FitResult;
  readonly seconds: number;
  readonly peakMemoryMb: number;
}

/**
 * Trains one task into `folder` (checkpoints, metrics.csv) and leaves the best weights in its parameters.
 * With `resume`, goes on from the last checkpoint; a finished training returns at once.
 */
export async function trainModel<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  settings: TrainingSettings,
  folder: string,
  context: RunContext,
  stepsPerEpoch?: number,
): Promise<Trained> {
  const options: FitOptions = {
    epochs: settings.epochs,
    batchSize: settings.batchSize,
    seed: context.config.seed,
    optimizer: {
      kind: 'adamw',
      learningRate: settings.learningRate,
      weightDecay: settings.weightDecay,
    },
    schedule: { kind: 'cosine', warmupSteps: settings.warmupSteps },
    clipNorm: settings.clipNorm,
    monitor: { name: 'val_loss', mode: 'min' },
    runFolder: folder,
    resume: context.resume,
    checkpointEvery: { epochs: 1, seconds: 60 },
    ...(settings.patience > 0
      ? { earlyStopping: { patience: settings.patience, restoreBest: true } }
      : {}),
    ...(stepsPerEpoch === undefined ? {} : { stepsPerEpoch }),
  };
  // From here on the run can be resumed; a training from the start no longer counts that of an earlier run of its name.
  await writeJson(join(paths(context.config).run, 'config.json'), context.config);
  if (!context.resume) rmSync(join(folder, TRAINED_FILE), { force: true });
  const memory = watchMemory();
  const result = await consume(
    fit(task, options),
    csvLogger(join(folder, 'metrics.csv')),
    progressBar({
      write: (text) => process.stderr.write(text),
      isTTY: process.stderr.isTTY,
      now: () => performance.now(),
    }),
  );
  const peakMemoryMb = memory.stop();
  await loadWeights(join(folder, 'checkpoints', 'best'), task.parameters);
  return { result, seconds: result.seconds, peakMemoryMb };
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
