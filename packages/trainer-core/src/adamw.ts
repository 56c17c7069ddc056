import * as tf from '@tensorflow/tfjs-core';
import { createAdamUpdate } from './adam-update.js';
import type { Optimizer } from './optimizer.js';
import type { AdamParameter } from './own-adamw.js';
import { trainedWith, type GroupOptions } from './parameter-groups.js';
import { createSlot, loadCount, loadSlot, storedCount, storedSlot } from './slots.js';
import type { Parameter } from './task.js';

/** Settings of AdamW. */
export interface AdamWOptions extends GroupOptions {
  /** Step size, before the schedule. */
  readonly learningRate: number;
  /** Decay of the running mean of gradients. @default 0.9 */
  readonly beta1?: number;
  /** Decay of the running mean of squared gradients. @default 0.999 */
  readonly beta2?: number;
  /** Added to the root of the second moment. @default 1e-8 */
  readonly epsilon?: number;
  /**
   * Fraction of a parameter taken off per step and unit of learning rate, for parameters with
   * `decay` only. @default 0.01
   */
  readonly weightDecay?: number;
}

/**
 * Adam with decoupled weight decay, equal step by step to `torch.optim.AdamW`.
 *
 * Every parameter counts its own steps, for the correction of its young moments: one that is frozen
 * at first starts when it is freed. Where the backend runs TensorFlow's own kernels (tfjs-node), a
 * step takes a few fused kernels per parameter instead of a dozen.
 *
 * References: Loshchilov & Hutter 2019, "Decoupled weight decay regularization",
 * https://arxiv.org/abs/1711.05101
 *
 * @param parameters Those that are not trainable are ignored.
 * @throws OptionsError when a group matches nothing.
 */
export function createAdamW(parameters: readonly Parameter[], options: AdamWOptions): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01, groups } = options;
  const trained = trainedWith(parameters, weightDecay, groups).map((how) => ({
    ...how,
    mean: createSlot(how.parameter),
    square: createSlot(how.parameter),
    count: 0,
  }));
  const update = createAdamUpdate();
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    apply(gradients, learningRate, clip = (gradient) => gradient, momentum = beta1) {
      steps += 1;
      // Parameters of the same rate and age go together.
      const alike = new Map<string, { rate: number; count: number; all: AdamParameter[] }>();
      for (const entry of trained) {
        const { parameter, scale, decay, mean, square } = entry;
        const given = gradients.get(parameter.name);
        if (given === undefined) continue;
        entry.count += 1;
        const { count } = entry;
        const rate = learningRate * scale;
        const key = `${count} ${rate}`;
        const those = alike.get(key) ?? { rate, count, all: [] };
        those.all.push({
          variable: parameter.variable,
          shrink: 1 - rate * decay,
          gradient: () => clip(given),
          ...{ mean, square },
        });
        alike.set(key, those);
      }
      for (const { rate, count, all } of alike.values()) {
        // Both moments start at zero and are too small at first. Dividing them by 1 − beta^t is
        // the same as changing these two numbers.
        const rootCorrection = Math.sqrt(1 - beta2 ** count);
        const numbers = {
          beta1: momentum,
          beta2,
          epsilon: epsilon * rootCorrection,
          rate: (rate * rootCorrection) / (1 - momentum ** count),
        };
        tf.tidy(() => update.apply(all, numbers));
      }
    },
    slots: () =>
      trained.flatMap(({ parameter, mean, square, count }) => [
        storedSlot(`${parameter.name}/exp_avg`, mean),
        storedSlot(`${parameter.name}/exp_avg_sq`, square),
        storedCount(`${parameter.name}/step`, count),
      ]),
    load(savedSteps, saved) {
      for (const entry of trained) {
        const { name } = entry.parameter;
        loadSlot(`${name}/exp_avg`, entry.mean, saved);
        loadSlot(`${name}/exp_avg_sq`, entry.square, saved);
        // Absent in checkpoints of versions that counted for all parameters together.
        entry.count = loadCount(`${name}/step`, saved) ?? savedSteps;
      }
      steps = savedSteps;
    },
    dispose() {
      for (const { mean, square } of trained) {
        mean.dispose();
        square.dispose();
      }
      update.dispose();
    },
  };
}
