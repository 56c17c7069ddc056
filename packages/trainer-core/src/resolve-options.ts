import { performance } from 'node:perf_hooks';
import type * as tf from '@tensorflow/tfjs-core';
import { createDataOrder } from './data-order.js';
import { OptionsError } from './errors.js';
import type { FitOptions } from './options.js';
import type { Schedule } from './schedules.js';
import type { TrainTask } from './task.js';

/** Options with every default filled in, and what follows from them. */
export type ResolvedOptions = FitOptions & {
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
  options: FitOptions,
): ResolvedOptions {
  const { trainSize } = task;
  const { epochs, batchSize, seed, optimizer, lastBatch = 'keep' } = options;
  const schedule = options.schedule ?? { kind: 'constant' };
  check('epochs', epochs, wholeFrom(1));
  check('batchSize', batchSize, wholeFrom(1));
  check('trainSize', trainSize, wholeFrom(1));
  check('seed', seed, ['a finite number', Number.isFinite]);
  check('optimizer.learningRate', optimizer.learningRate, positive);
  check('optimizer.weightDecay', optimizer.weightDecay, notNegative);
  check('stepsPerEpoch', options.stepsPerEpoch, wholeFrom(1));
  check('clipNorm', options.clipNorm, positive);
  check('clipValue', options.clipValue, positive);
  check('maxSeconds', options.maxSeconds, positive);
  check('schedule.warmupSteps', schedule.warmupSteps, wholeFrom(0));
  check('earlyStopping.patience', options.earlyStopping?.patience, wholeFrom(1));
  check('earlyStopping.minDelta', options.earlyStopping?.minDelta, notNegative);
  check('checkpointEvery.epochs', options.checkpointEvery?.epochs, wholeFrom(1));
  check('checkpointEvery.seconds', options.checkpointEvery?.seconds, positive);
  check('checkpointEvery.minSeconds', options.checkpointEvery?.minSeconds, notNegative);
  if (schedule.kind === 'step') check('schedule.everyEpochs', schedule.everyEpochs, positive);
  if (schedule.kind === 'step' || schedule.kind === 'plateau') {
    check('schedule.factor', schedule.factor, positive);
  }
  if (options.resume && options.runFolder === undefined) {
    throw new OptionsError('Expected a runFolder to resume from. Received: none.');
  }
  checkParameters(task);
  const { batchesPerPass } = createDataOrder({ trainSize, batchSize, seed, lastBatch });
  if (batchesPerPass === 0) {
    throw new OptionsError(
      `Expected at least one full batch of ${batchSize} with lastBatch 'drop'. ` +
        `Received: ${trainSize} samples. Lower batchSize or keep the last batch.`,
    );
  }
  const stepsPerEpoch = options.stepsPerEpoch ?? batchesPerPass;
  return {
    ...options,
    schedule,
    lastBatch,
    stepsPerEpoch,
    totalSteps: epochs * stepsPerEpoch,
    trainSize,
    now: options.now ?? (() => performance.now()),
  };
}

type Rule = readonly [expected: string, holds: (value: number) => boolean];
const positive: Rule = ['a number above 0', (value) => value > 0];
const notNegative: Rule = ['a number from 0', (value) => value >= 0];

function wholeFrom(least: number): Rule {
  return [`a whole number from ${least}`, (value) => Number.isInteger(value) && value >= least];
}

function check(name: string, value: number | undefined, [expected, holds]: Rule): void {
  if (value !== undefined && !holds(value)) {
    throw new OptionsError(`Expected ${name} to be ${expected}. Received: ${value}.`);
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
