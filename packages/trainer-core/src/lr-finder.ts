import { setImmediate as nextTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { check, positive } from './check.js';
import { createDataOrder } from './data-order.js';
import { createFeed, nextParts } from './feed.js';
import { trainedIn } from './freeze.js';
import { createOptimizer } from './optimizer.js';
import type { FitOptions } from './options.js';
import { resolveOptions } from './resolve-options.js';
import type { Parameter, TrainTask } from './task.js';
import { trainStep } from './train-step.js';

/** How to look for a learning rate; what is shared with `fit` means the same there. */
export interface FindLearningRateOptions extends Pick<
  FitOptions,
  | 'batchSize'
  | 'seed'
  | 'optimizer'
  | 'clipNorm'
  | 'clipValue'
  | 'accumulate'
  | 'prefetch'
  | 'freeze'
  | 'signal'
  | 'communicator'
> {
  /** Rate of the first step. @default 1e-7 */
  readonly from?: number;
  /** Rate of the last step, if it comes to that. @default 1 */
  readonly to?: number;
  /** Number of steps, whose rates are evenly spaced in their logarithm. @default 100 */
  readonly steps?: number;
  /** Stops when the smoothed loss is so many times the smallest one. @default 4 */
  readonly divergence?: number;
  /** Called after each step. */
  readonly onPoint?: (point: { readonly learningRate: number; readonly loss: number }) => void;
}

/** One step of the search. */
export interface LearningRatePoint {
  readonly learningRate: number;
  /** Loss of the probe, one batch that stays the same, after the step with this rate. */
  readonly loss: number;
  /** The losses around this one, weighted by a bell curve: no lag, unlike a running mean. */
  readonly smoothed: number;
}

/** What a search for a learning rate found. */
export interface LearningRateSearch {
  readonly points: readonly LearningRatePoint[];
  /** Where the smoothed loss falls most steeply; null where it does not fall. */
  readonly suggestion: number | null;
  /** Where the smoothed loss is smallest before it rises: too high already; null where it does not fall. */
  readonly least: number | null;
  readonly reason: 'completed' | 'diverged' | 'aborted';
}

/** Weight of the past in the mean that decides about divergence. */
const MEMORY = 0.8;

/**
 * The loss at learning rates that grow from step to step, and the rate to begin with: a range test
 * (Smith 2017). The loss is that of one batch on the side, so it does not jump from batch to batch. Weights, running statistics and all streams of random numbers are afterwards what
 * they were; the optimizer is one of its own.
 *
 * @throws OptionsError when options and task do not fit.
 * @example
 * const { suggestion, points } = await findLearningRate(task, {
 *   batchSize: 32,
 *   seed: 1,
 *   optimizer: { kind: 'adamw', learningRate: 1e-3 }, // its rate is not used
 * });
 */
export async function findLearningRate<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  options: FindLearningRateOptions,
): Promise<LearningRateSearch> {
  const { from = 1e-7, to = 1, steps = 100, divergence = 4, onPoint, ...shared } = options;
  check('from', from, positive);
  check('to', to, [`a number above from (${from})`, (v) => v > from && Number.isFinite(v)]);
  check('steps', steps, ['a whole number of at least 10', (v) => Number.isInteger(v) && v >= 10]);
  check('divergence', divergence, ['a number above 1', (v) => v > 1]);
  const config = resolveOptions(task, { ...shared, epochs: 1 });
  const { accumulate, communicator } = config;

  const saved = await copyOf(task.parameters);
  const optimizer = createOptimizer(task.parameters, config.optimizer);
  const order = createDataOrder(config);
  const feed = createFeed(task, order, config, 0, steps);
  const trained = trainedIn(1, task.parameters, config.freeze);
  const measured: { learningRate: number; loss: number }[] = [];
  const tracker = createDivergence(divergence);
  let reason: LearningRateSearch['reason'] = 'completed';
  let probe: B | undefined;
  try {
    // The batch after the last one that is trained on; no more of it than is in memory in training.
    const { indices, rngs } = order.batch(steps, 0, accumulate);
    probe = await task.trainBatch(indices, rngs);
    for (let step = 0; step < steps; step++) {
      // Native kernels block: signals come in between steps.
      await nextTurn();
      if (config.signal?.aborted) {
        reason = 'aborted';
        break;
      }
      const learningRate = from * (to / from) ** (step / (steps - 1));
      const trainedOn = await trainStep(task, nextParts(feed, accumulate), {
        optimizer,
        learningRate,
        trained,
        limits: config,
        communicator,
      });
      const loss = await lossOf(task, probe);
      if (![trainedOn.loss, trainedOn.gradientNorm, loss].every(Number.isFinite)) {
        reason = 'diverged';
        break;
      }
      measured.push({ learningRate, loss });
      onPoint?.({ learningRate, loss });
      if (tracker(loss)) {
        reason = 'diverged';
        break;
      }
    }
  } finally {
    await feed.dispose();
    optimizer.dispose();
    if (probe !== undefined) tf.dispose(probe);
    putBack(task.parameters, saved);
  }
  const points = smooth(measured, Math.max(1, 0.03 * steps));
  return { points, ...suggestLearningRate(points), reason };
}

/**
 * Of a range test, the rate at which the smoothed loss falls most steeply per factor of the rate, and
 * the rate at which it is smallest before it rises for the first time: what falls after that falls by
 * chance. Both null where the loss does not fall.
 *
 * @param points By rising rate.
 */
export function suggestLearningRate(
  points: readonly Pick<LearningRatePoint, 'learningRate' | 'smoothed'>[],
): Pick<LearningRateSearch, 'suggestion' | 'least'> {
  const losses = points.map(({ smoothed }) => smoothed);
  const rates = points.map(({ learningRate }) => Math.log(learningRate));
  const least = firstValley(losses);
  const slope = (i: number) => {
    const [low, high] = [Math.max(0, i - 1), Math.min(points.length - 1, i + 1)];
    return (at(losses, high) - at(losses, low)) / (at(rates, high) - at(rates, low));
  };
  let steepest = 0;
  for (let i = 1; i <= least; i++) if (slope(i) < slope(steepest)) steepest = i;
  return least < 2 || !(slope(steepest) < 0)
    ? { suggestion: null, least: null }
    : {
        suggestion: points[steepest]?.learningRate ?? null,
        least: points[least]?.learningRate ?? null,
      };
}

/** The place of the smallest loss before the first rise that is worth the name. */
function firstValley(losses: readonly number[]): number {
  const first = at(losses, 0);
  const fall = first - Math.min(...losses);
  let least = 0;
  for (const [i, loss] of losses.entries()) {
    const fallen = first - at(losses, least);
    if (loss < at(losses, least)) least = i;
    else if (fallen > 0.1 * fall && loss - at(losses, least) > 0.05 * fallen) break;
  }
  return least;
}

/** Losses smoothed by a bell curve of `width` steps (standard deviation). */
function smooth(
  measured: readonly { readonly learningRate: number; readonly loss: number }[],
  width: number,
): LearningRatePoint[] {
  return measured.map((point, i) => {
    let [sum, weights] = [0, 0];
    measured.forEach(({ loss }, j) => {
      const weight = Math.exp(-((j - i) ** 2) / (2 * width ** 2));
      sum += weight * loss;
      weights += weight;
    });
    return { ...point, smoothed: sum / weights };
  });
}

/** Tells after each loss whether the running mean has left its smallest value far behind. */
function createDivergence(factor: number): (loss: number) => boolean {
  let [mean, weight, least] = [0, 0, Infinity];
  return (loss) => {
    mean = MEMORY * mean + (1 - MEMORY) * loss;
    weight = MEMORY * weight + (1 - MEMORY);
    const now = mean / weight;
    least = Math.min(least, now);
    // Losses below 0 have no factor; a distance from the smallest does as well.
    return now - least > (factor - 1) * Math.abs(least);
  };
}

async function lossOf<B extends tf.TensorContainer>(task: TrainTask<B>, batch: B): Promise<number> {
  const loss = tf.tidy(() => task.loss(batch));
  const [value = NaN] = await loss.data();
  loss.dispose();
  return value;
}

/** The values themselves: optimizers may write into tensors in place. */
async function copyOf(parameters: readonly Parameter[]) {
  const copies: (Float32Array | Int32Array | Uint8Array)[] = [];
  for (const { variable } of parameters) copies.push((await variable.data()).slice());
  return copies;
}

function putBack(
  parameters: readonly Parameter[],
  saved: readonly (Float32Array | Int32Array | Uint8Array)[],
): void {
  parameters.forEach(({ variable }, i) => {
    const values = saved[i] as Float32Array; // one for each parameter
    tf.tidy(() => {
      variable.assign(tf.tensor(values, variable.shape, variable.dtype));
    });
  });
}

function at(values: readonly number[], i: number): number {
  return values[i] ?? NaN;
}
