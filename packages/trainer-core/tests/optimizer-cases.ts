import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import {
  clipGradients,
  createAdamW,
  createSgd,
  globalNorm,
  type ClipOptions,
  type Optimizer,
  type Parameter,
} from '../src/index.js';
import { torchReference } from './torch-reference.js';

type Case = readonly [
  learningRate: number,
  make: (parameters: readonly Parameter[], learningRate: number) => Optimizer,
  clip?: ClipOptions,
];

const adamw: Case[1] = (parameters, learningRate) =>
  createAdamW(parameters, {
    learningRate,
    beta1: 0.8,
    beta2: 0.95,
    epsilon: 1e-3,
    weightDecay: 0.05,
  });
const sgd =
  (momentum: number, nesterov: boolean, weightDecay: number): Case[1] =>
  (parameters, learningRate) =>
    createSgd(parameters, { learningRate, momentum, nesterov, weightDecay });

/** The optimizers of the fixtures, made by this package. */
export const optimizerCases: Readonly<Record<string, Case>> = {
  adamw: [0.01, adamw],
  'adamw-defaults': [
    0.001,
    (parameters, learningRate) => createAdamW(parameters, { learningRate }),
  ],
  'adamw-clip-norm': [0.01, adamw, { clipNorm: 0.5 }],
  sgd: [0.05, sgd(0, false, 0)],
  'sgd-momentum': [0.05, sgd(0.9, false, 0.02)],
  'sgd-nesterov': [0.05, sgd(0.9, true, 0.02)],
  'sgd-clip-value': [0.05, sgd(0.9, false, 0), { clipValue: 0.3 }],
};

/** Takes the fixture's steps and compares the weights after each with torch's, to 1e-6. */
export function expectStepsOfTorch(name: string): void {
  const [learningRate, make, clip = {}] = optimizerCases[name] ?? [];
  const reference = torchReference.optimizers.find((entry) => entry.name === name);
  if (learningRate === undefined || make === undefined || reference === undefined) {
    throw new Error(`no case ${name}`);
  }
  const w = tf.tidy(() => tf.variable(tf.tensor(reference.w0, [3, 4])));
  const b = tf.tidy(() => tf.variable(tf.tensor(reference.b0, [4])));
  const optimizer = make(
    [
      { name: 'w', variable: w, trainable: true, decay: true },
      { name: 'b', variable: b, trainable: true, decay: false },
    ],
    learningRate,
  );
  for (const step of reference.steps) {
    tf.tidy(() => {
      const gradients = new Map<string, tf.Tensor>([
        ['w', tf.tensor(step.gw, [3, 4])],
        ['b', tf.tensor(step.gb, [4])],
      ]);
      const norm = globalNorm(gradients).dataSync()[0] ?? NaN;
      if (step.norm !== undefined) expect(norm / step.norm).toBeCloseTo(1, 6);
      optimizer.apply(gradients, learningRate, clipGradients(norm, clip));
    });
    expectClose(w.dataSync(), step.w);
    expectClose(b.dataSync(), step.b);
  }
  expect(optimizer.steps).toBe(reference.steps.length);
  optimizer.dispose();
  tf.dispose([w, b]);
}

function expectClose(received: ArrayLike<number>, expected: readonly number[]): void {
  const differences = expected.map((value, i) => Math.abs(value - (received[i] ?? NaN)));
  expect(Math.max(...differences)).toBeLessThan(1e-6);
}
