import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import {
  clipGradients,
  createAdamW,
  createRmsprop,
  createSgd,
  globalNorm,
  momentumAt,
  learningRateAt,
  type AdamWOptions,
  type ClipOptions,
  type Optimizer,
  type Parameter,
  type RmspropOptions,
  type Schedule,
  type SgdOptions,
} from '../src/index.js';
import { torchReference } from './torch-reference.js';

interface Case {
  readonly learningRate: number;
  make(parameters: readonly Parameter[]): Optimizer;
  readonly clip?: ClipOptions;
  readonly schedule?: Schedule;
}
type Extra = Pick<Case, 'clip' | 'schedule'>;

const adamw = (options: AdamWOptions, extra: Extra = {}): Case => ({
  learningRate: options.learningRate,
  make: (parameters) => createAdamW(parameters, options),
  ...extra,
});
const sgd = (options: Omit<SgdOptions, 'learningRate'>, extra: Extra = {}): Case => ({
  learningRate: 0.05,
  make: (parameters) => createSgd(parameters, { learningRate: 0.05, ...options }),
  ...extra,
});
const rmsprop = (options: Omit<RmspropOptions, 'learningRate'>, extra: Extra = {}): Case => ({
  learningRate: 0.01,
  make: (parameters) => createRmsprop(parameters, { learningRate: 0.01, ...options }),
  ...extra,
});

const usual: AdamWOptions = {
  learningRate: 0.01,
  beta1: 0.8,
  beta2: 0.95,
  epsilon: 1e-3,
  weightDecay: 0.05,
};
const slowW = { match: /^w$/, learningRateScale: 0.1 };
const decayingB = { match: 'b', weightDecay: 0.2 };

/** The optimizers of the fixtures, made by this package. */
export const optimizerCases: Readonly<Record<string, Case>> = {
  adamw: adamw(usual),
  'adamw-defaults': adamw({ learningRate: 0.001 }),
  'adamw-clip-norm': adamw(usual, { clip: { clipNorm: 0.5 } }),
  'adamw-groups': adamw({ ...usual, groups: [{ ...slowW, weightDecay: 0.3 }, decayingB] }),
  'adamw-frozen': adamw(usual),
  'adamw-one-cycle': adamw(
    { learningRate: 0.1, weightDecay: 0 },
    { schedule: { kind: 'one-cycle', momentum: { low: 0.85, high: 0.95 } } },
  ),
  sgd: sgd({ momentum: 0 }),
  'sgd-momentum': sgd({ momentum: 0.9, weightDecay: 0.02 }),
  'sgd-nesterov': sgd({ nesterov: true, weightDecay: 0.02 }),
  'sgd-clip-value': sgd({}, { clip: { clipValue: 0.3 } }),
  'sgd-clip-both': sgd({}, { clip: { clipNorm: 1, clipValue: 0.3 } }),
  'sgd-groups': sgd({
    weightDecay: 0.5,
    groups: [{ match: 'w', learningRateScale: 0.2, weightDecay: 0 }, decayingB],
  }),
  'sgd-frozen': sgd({ nesterov: true, weightDecay: 0.02 }),
  'sgd-one-cycle': {
    ...sgd({ nesterov: true }, {}),
    learningRate: 0.1,
    schedule: { kind: 'one-cycle', momentum: { low: 0.6, high: 0.9 } },
  },
  rmsprop: rmsprop({}),
  'rmsprop-decay': rmsprop({ weightDecay: 0.1, alpha: 0.9, epsilon: 1e-3 }),
  'rmsprop-momentum': rmsprop({ weightDecay: 0.1, alpha: 0.9, momentum: 0.9 }),
  'rmsprop-centered': rmsprop({ alpha: 0.9, epsilon: 1e-3, centered: true }),
  'rmsprop-centered-momentum': rmsprop({
    weightDecay: 0.1,
    alpha: 0.9,
    epsilon: 1e-3,
    momentum: 0.8,
    centered: true,
  }),
  'rmsprop-groups': rmsprop({ alpha: 0.9, groups: [slowW, decayingB] }),
  'rmsprop-frozen': rmsprop({ alpha: 0.9 }),
  'rmsprop-one-cycle': {
    ...rmsprop({ momentum: 0.9, alpha: 0.9 }),
    learningRate: 0.1,
    schedule: { kind: 'one-cycle', phases: 3, momentum: { low: 0.85, high: 0.95 } },
  },
};

/**
 * Takes the fixture's steps and compares the weights after each with torch's, to 1e-6.
 *
 * @returns the largest difference.
 */
export function expectStepsOfTorch(name: string): number {
  const reference = torchReference.optimizers.find((entry) => entry.name === name);
  const wanted = optimizerCases[name];
  if (wanted === undefined || reference === undefined) throw new Error(`no case ${name}`);
  const { learningRate, make, clip = {}, schedule = { kind: 'constant' } } = wanted;
  const length = { totalSteps: reference.steps.length, stepsPerEpoch: 1 };
  const w = tf.tidy(() => tf.variable(tf.tensor(reference.w0, [3, 4])));
  const b = tf.tidy(() => tf.variable(tf.tensor(reference.b0, [4])));
  const optimizer = make([
    { name: 'w', variable: w, trainable: true, decay: true },
    { name: 'b', variable: b, trainable: true, decay: false },
  ]);
  let largest = 0;
  reference.steps.forEach((step, i) => {
    const rate = learningRateAt(schedule, learningRate, i, length);
    const momentum = momentumAt(schedule, i, length);
    if (step.lr !== undefined) expect(rate).toBeCloseTo(step.lr, 12);
    if (step.momentum !== undefined) expect(momentum).toBeCloseTo(step.momentum, 12);
    tf.tidy(() => {
      const gradients = new Map<string, tf.Tensor>([['b', tf.tensor(step.gb, [4])]]);
      if (step.gw !== null) gradients.set('w', tf.tensor(step.gw, [3, 4]));
      const norm = globalNorm(gradients).dataSync()[0] ?? NaN;
      if (step.norm !== undefined) expect(norm / step.norm).toBeCloseTo(1, 6);
      optimizer.apply(gradients, rate, clipGradients(norm, clip), momentum);
    });
    const differences = [difference(w.dataSync(), step.w), difference(b.dataSync(), step.b)];
    largest = Math.max(largest, ...differences);
    expect(largest).toBeLessThan(1e-6);
  });
  expect(optimizer.steps).toBe(reference.steps.length);
  optimizer.dispose();
  tf.dispose([w, b]);
  return largest;
}

/** The largest difference of two rows of numbers. */
export function difference(received: ArrayLike<number>, expected: readonly number[]): number {
  return Math.max(...expected.map((value, i) => Math.abs(value - (received[i] ?? NaN))));
}
