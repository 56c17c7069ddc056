import * as tf from '@tensorflow/tfjs-core';
import { createAdamUpdate } from './adam-update.js';
import { createMomentumUpdate } from './momentum-update.js';
import type { Optimizer } from './optimizer.js';
import type { AdamParameter } from './own-adamw.js';
import { trainedWith, type GroupOptions } from './parameter-groups.js';
import { createSlot, loadSlot, storedSlot, type Slot } from './slots.js';
import type { Parameter } from './task.js';

/** Settings of RMSprop. */
export interface RmspropOptions extends GroupOptions {
  /** Step size, before the schedule. */
  readonly learningRate: number;
  /** Decay of the running mean of squared gradients. @default 0.99 */
  readonly alpha?: number;
  /** Added to the root of that mean. @default 1e-8 */
  readonly epsilon?: number;
  /** Decay of the running sum of steps; 0 for none. @default 0 */
  readonly momentum?: number;
  /** Divide by the spread of gradients about their running mean, not by their size. @default false */
  readonly centered?: boolean;
  /**
   * Multiple of a parameter added to its gradient, for parameters with `decay` only. @default 0
   */
  readonly weightDecay?: number;
}

/**
 * Gradients divided by the root of the running mean of their squares, equal step by step to
 * `torch.optim.RMSprop` (which adds epsilon outside the root, unlike TensorFlow).
 *
 * References: Tieleman & Hinton 2012, lecture 6.5 of "Neural networks for machine learning";
 * Graves 2013, "Generating sequences with recurrent neural networks" (centered),
 * https://arxiv.org/abs/1308.0850
 *
 * @param parameters Those that are not trainable are ignored.
 * @throws OptionsError when a group matches nothing.
 */
export function createRmsprop(
  parameters: readonly Parameter[],
  options: RmspropOptions,
): Optimizer {
  const { alpha = 0.99, epsilon = 1e-8, momentum = 0, centered = false } = options;
  const trained = trainedWith(parameters, options.weightDecay ?? 0, options.groups).map((how) => ({
    ...how,
    square: createSlot(how.parameter),
    mean: centered ? createSlot(how.parameter) : null,
    velocity: momentum === 0 ? null : createSlot(how.parameter),
  }));
  // Without either it is the step of Adam with no memory of gradients.
  const plain = momentum === 0 && !centered ? createAdamUpdate() : null;
  const sum = momentum === 0 ? null : createMomentumUpdate(false);
  const storage = () =>
    trained.flatMap(({ parameter: { name }, square, mean, velocity }) => [
      [`${name}/square_avg`, square] as const,
      ...(mean ? [[`${name}/grad_avg`, mean] as const] : []),
      ...(velocity ? [[`${name}/momentum_buffer`, velocity] as const] : []),
    ]);
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    apply(gradients, learningRate, clip = (gradient) => gradient, present = momentum) {
      steps += 1;
      const alike = new Map<number, AdamParameter[]>();
      for (const { parameter, scale, decay, square, mean, velocity } of trained) {
        const { variable } = parameter;
        const given = gradients.get(parameter.name);
        if (given === undefined) continue;
        const rate = learningRate * scale;
        const gradient = () =>
          decay === 0 ? clip(given) : tf.add(clip(given), tf.mul(variable, decay));
        if (plain) {
          const entry = { variable, shrink: 1, mean: unused(square), square, gradient };
          alike.set(rate, [...(alike.get(rate) ?? []), entry]);
          continue;
        }
        tf.tidy(() => {
          const g = gradient();
          const change = tf.div(g, tf.add(spread(g, square, mean, alpha), epsilon));
          if (velocity && sum) {
            sum.apply(variable, velocity, change, { rate, momentum: present });
          } else {
            variable.assign(tf.sub(variable, tf.mul(change, rate)));
          }
        });
      }
      for (const [rate, all] of alike) {
        tf.tidy(() => plain?.apply(all, { beta1: 0, beta2: alpha, epsilon, rate }));
      }
    },
    slots: () => storage().map(([name, slot]) => storedSlot(name, slot)),
    load(savedSteps, saved) {
      for (const [name, slot] of storage()) loadSlot(name, slot, saved);
      steps = savedSteps;
    },
    dispose() {
      for (const [, slot] of storage()) slot.dispose();
      plain?.dispose();
      sum?.dispose();
    },
  };
}

/** A slot for what is multiplied by 0: some values of the shape. */
function unused({ tensor }: Slot): Slot {
  return {
    get tensor() {
      return tf.clone(tensor);
    },
    set: tf.dispose,
    dispose: () => undefined,
  };
}

/** Takes a gradient into the running means and gives what it is to be divided by. */
function spread(gradient: tf.Tensor, square: Slot, mean: Slot | null, alpha: number): tf.Tensor {
  const v = tf.add(tf.mul(square.tensor, alpha), tf.mul(tf.square(gradient), 1 - alpha));
  square.set(v);
  if (mean === null) return tf.sqrt(v);
  const m = tf.add(mean.tensor, tf.mul(tf.sub(gradient, mean.tensor), 1 - alpha));
  mean.set(m);
  return tf.sqrt(tf.sub(v, tf.square(m)));
}
