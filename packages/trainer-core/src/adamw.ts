import * as tf from '@tensorflow/tfjs-core';
import { createFusedUpdate, type FusedUpdate } from './fused-update.js';
import { createOwnAdamW, type AdamNumbers } from './own-adamw.js';
import type { Optimizer } from './optimizer.js';
import { createSlot, loadSlot, storedSlot, type Slot } from './slots.js';
import type { Parameter } from './task.js';

/** Settings of AdamW. */
export interface AdamWOptions {
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
 * Where the backend runs TensorFlow's own kernels (tfjs-node), a step takes a few fused kernels per
 * parameter instead of a dozen.
 *
 * References: Loshchilov & Hutter 2019, "Decoupled weight decay regularization",
 * https://arxiv.org/abs/1711.05101
 *
 * @param parameters Those that are not trainable are ignored.
 */
export function createAdamW(parameters: readonly Parameter[], options: AdamWOptions): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = options;
  const trained = parameters.filter((parameter) => parameter.trainable);
  const own = createOwnAdamW();
  const fused = own
    ? null
    : createFusedUpdate('ResourceApplyAdam', { use_locking: false, use_nesterov: false }, 2);
  const moments = trained.map((parameter) => ({
    parameter,
    mean: createSlot(parameter),
    square: createSlot(parameter),
  }));
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    apply(gradients, learningRate, clip = (gradient) => gradient) {
      steps += 1;
      // Both moments start at zero and are too small at first. Dividing them by 1 − beta^t is the
      // same as changing these two numbers.
      const rootCorrection = Math.sqrt(1 - beta2 ** steps);
      const rate = (learningRate * rootCorrection) / (1 - beta1 ** steps);
      const numbers = { beta1, beta2, epsilon: epsilon * rootCorrection, rate };
      const shares = (parameter: Parameter) =>
        parameter.decay ? 1 - learningRate * weightDecay : 1;
      tf.tidy(() => {
        const due = moments.flatMap(({ parameter, mean, square }) => {
          const gradient = gradients.get(parameter.name);
          return gradient ? [{ parameter, mean, square, gradient }] : [];
        });
        if (own) {
          own(
            due.map(({ parameter, mean, square, gradient }) => ({
              variable: parameter.variable,
              shrink: shares(parameter),
              ...{ mean, square, gradient: clip(gradient) },
            })),
            numbers,
          );
          return;
        }
        const update = fused ? fusedStep(fused, numbers) : compositeStep(numbers);
        for (const { parameter, mean, square, gradient } of due) {
          tf.tidy(() =>
            update(parameter.variable, shares(parameter), mean, square, clip(gradient)),
          );
        }
      });
    },
    slots: () =>
      moments.flatMap(({ parameter, mean, square }) => [
        storedSlot(`${parameter.name}/exp_avg`, mean),
        storedSlot(`${parameter.name}/exp_avg_sq`, square),
      ]),
    load(savedSteps, saved) {
      for (const { parameter, mean, square } of moments) {
        loadSlot(`${parameter.name}/exp_avg`, mean, saved);
        loadSlot(`${parameter.name}/exp_avg_sq`, square, saved);
      }
      steps = savedSteps;
    },
    dispose() {
      for (const { mean, square } of moments) {
        mean.dispose();
        square.dispose();
      }
      fused?.dispose();
    },
  };
}

/** Changes one parameter and its moments; `shrink` is what decay leaves of the parameter. */
type Update = (
  variable: tf.Variable,
  shrink: number,
  mean: Slot,
  square: Slot,
  gradient: tf.Tensor,
) => void;

function compositeStep({ beta1, beta2, epsilon, rate }: AdamNumbers): Update {
  return (variable, shrink, mean, square, gradient) => {
    const m = tf.add(tf.mul(mean.tensor, beta1), tf.mul(gradient, 1 - beta1));
    const v = tf.add(tf.mul(square.tensor, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const change = tf.mul(tf.div(m, tf.add(tf.sqrt(v), epsilon)), rate);
    variable.assign(tf.sub(tf.mul(variable, shrink), change));
    mean.set(m);
    square.set(v);
  };
}

function fusedStep(fused: FusedUpdate, { beta1, beta2, epsilon, rate }: AdamNumbers): Update {
  // The kernel's own bias correction, in float32 from powers of beta, loses digits: given powers of
  // zero it does none.
  const scalars = [0, 0, rate, beta1, beta2, epsilon].map((value) => tf.scalar(value));
  return (variable, shrink, mean, square, gradient) =>
    fused.apply(variable, tf.scalar(shrink), [mean, square], [...scalars, gradient]);
}
