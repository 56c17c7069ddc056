import { performance } from 'node:perf_hooks';
import type * as tf from '@tensorflow/tfjs-core';
import { alone, type Communicator } from './communicator.js';
import { check, notNegative, positive, wholeFrom, type Rule } from './check.js';
import { checkSchedule } from './check-schedule.js';
import { createDataOrder } from './data-order.js';
import { OptionsError } from './errors.js';
import { trainedIn } from './freeze.js';
import type { FitOptions } from './options.js';
import type { Schedule } from './schedules.js';
import type { TrainTask } from './task.js';

/** Options with every default filled in, and what follows from them. */
export type ResolvedOptions = FitOptions & {
  readonly communicator: Communicator;
  readonly accumulate: number;
  readonly prefetch: number;
  /** Batches of a validation at the end of an epoch. */
  readonly validationBatches: number;
  readonly schedule: Schedule;
  readonly lastBatch: 'keep' | 'drop';
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly trainSize: number;
  readonly now: () => number;
};

/**
 * Checks options and task against each other.
 *
 * @throws OptionsError for the first thing that makes no sense.
 */
export function resolveOptions<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  given: FitOptions,
): ResolvedOptions {
  const options = given.fastDevRun ? quickly(given, given.fastDevRun) : given;
  const { trainSize } = task;
  const { epochs, batchSize, seed, optimizer, lastBatch = 'keep', overfitBatches } = options;
  const { communicator = alone, accumulate = 1, limitTrainBatches } = options;
  const schedule = options.schedule ?? { kind: 'constant' };
  check('epochs', epochs, wholeFrom(1));
  check('batchSize', batchSize, wholeFrom(1));
  check('trainSize', trainSize, wholeFrom(1));
  check('seed', seed, ['a finite number', Number.isFinite]);
  check('optimizer.learningRate', optimizer.learningRate, positive);
  check('optimizer.weightDecay', optimizer.weightDecay, notNegative);
  check('stepsPerEpoch', options.stepsPerEpoch, wholeFrom(1));
  check('accumulate', accumulate, wholeFrom(1));
  check('prefetch', options.prefetch, wholeFrom(0));
  check('fastDevRun', given.fastDevRun, wholeFrom(0));
  check('overfitBatches', overfitBatches, wholeFrom(1));
  check('limitTrainBatches', limitTrainBatches, aboveZero);
  check('limitValidationBatches', options.limitValidationBatches, aboveZero);
  check('sanityValidation', options.sanityValidation, wholeFrom(0));
  check('leakGuard', options.leakGuard, wholeFrom(0));
  check('topK.k', options.topK?.k, wholeFrom(1));
  for (const { epochs: frozen } of options.freeze ?? []) {
    check('freeze.epochs', frozen, wholeFrom(1));
  }
  check('clipNorm', options.clipNorm, positive);
  check('clipValue', options.clipValue, positive);
  check('maxSeconds', options.maxSeconds, aboveZero);
  checkSchedule(schedule);
  check('earlyStopping.patience', options.earlyStopping?.patience, wholeFrom(1));
  check('earlyStopping.minDelta', options.earlyStopping?.minDelta, notNegative);
  check('checkpointEvery.epochs', options.checkpointEvery?.epochs, wholeFrom(1));
  check('checkpointEvery.seconds', options.checkpointEvery?.seconds, positive);
  check('checkpointEvery.minSeconds', options.checkpointEvery?.minSeconds, notNegative);
  if (options.resume && options.runFolder === undefined) {
    throw new OptionsError('Expected a runFolder to resume from. Received: none.');
  }
  checkParameters(task);
  checkFreeze(task, options);
  const { batchesPerPass } = createDataOrder({
    trainSize,
    batchSize,
    seed,
    lastBatch,
    overfitBatches,
  });
  if (batchesPerPass === 0) {
    throw new OptionsError(
      `Expected at least one full batch of ${batchSize} with lastBatch 'drop'. ` +
        `Received: ${trainSize} samples. Lower batchSize or keep the last batch.`,
    );
  }
  const smallest = (lastBatch === 'keep' && trainSize % batchSize) || batchSize;
  const parts = accumulate * communicator.size;
  // Processes wait for each other in every part; alone, parts without samples are left out.
  if (communicator.size > 1 && smallest < parts) {
    throw new OptionsError(
      `Expected every batch to have a sample for each of ${parts} parts (accumulate ${accumulate}, ` +
        `${communicator.size} processes). Received: a batch of ${smallest}. ` +
        "Take a larger batchSize or lastBatch 'drop'.",
    );
  }
  const stepsPerEpoch = options.stepsPerEpoch ?? limited(batchesPerPass, limitTrainBatches);
  return {
    ...options,
    communicator,
    accumulate,
    prefetch: options.prefetch ?? 0,
    validationBatches: options.limitValidationBatches ?? Infinity,
    schedule,
    lastBatch,
    stepsPerEpoch,
    totalSteps: epochs * stepsPerEpoch,
    trainSize,
    now: options.now ?? (() => performance.now()),
  };
}

/** A limit; Infinity is none. */
const aboveZero: Rule = ['a number above 0', (value) => value > 0];

/** A run that only shows that everything runs. */
function quickly(options: FitOptions, batches: number): FitOptions {
  // What would write, wait or restore is taken out.
  const { runFolder, resume, topK, earlyStopping, overfitBatches, ...rest } = options;
  void [runFolder, resume, topK, earlyStopping, overfitBatches];
  return { ...rest, epochs: 1, stepsPerEpoch: batches, limitValidationBatches: batches };
}

/** Batches of a pass within a limit: a number of them, or a share below 1. */
function limited(batches: number, limit = Infinity): number {
  const most = limit < 1 ? Math.ceil(limit * batches) : Math.floor(limit);
  return Math.min(batches, most);
}

function checkFreeze<B extends tf.TensorContainer>(
  { parameters }: TrainTask<B>,
  { freeze = [] }: FitOptions,
): void {
  for (const { match } of freeze) {
    if (trainedIn(1, parameters, [{ match }]).length === trainedIn(1, parameters).length) {
      throw new OptionsError(
        `Expected freeze to match the name of a trainable parameter. Received: ${String(match)}.`,
      );
    }
  }
  if (trainedIn(1, parameters, freeze).length === 0) {
    throw new OptionsError('Expected a trainable parameter that is not frozen. Received: none.');
  }
}

function checkParameters<B extends tf.TensorContainer>({ parameters }: TrainTask<B>): void {
  const names = new Set<string>();
  for (const { name, trainable, variable } of parameters) {
    if (names.has(name)) {
      throw new OptionsError(`Expected parameter names to be unique. Received: "${name}" twice.`);
    }
    names.add(name);
    if (variable.dtype !== 'float32' && (trainable || variable.dtype !== 'int32')) {
      throw new OptionsError(
        `Expected parameter "${name}" to be float32${trainable ? '' : ' or int32'}. ` +
          `Received: ${variable.dtype}.`,
      );
    }
    if (trainable && !variable.trainable) {
      throw new OptionsError(
        `Expected the variable of trainable parameter "${name}" to be trainable. ` +
          'Received: a variable made with trainable = false, which has no gradient.',
      );
    }
  }
  if (!parameters.some((parameter) => parameter.trainable)) {
    throw new OptionsError('Expected at least one trainable parameter. Received: none.');
  }
}
