import * as tf from '@tensorflow/tfjs-core';
import { createFusedUpdate } from './fused-update.js';
import type { Optimizer } from './optimizer.js';
import { createSlot, loadSlot, storedSlot } from './slots.js';
import type { Parameter } from './task.js';

/** Settings of stochastic gradient descent. */
export interface SgdOptions {
  /** Step size, before the schedule. */
  readonly learningRate: number;
  /** Decay of the running sum of gradients; 0 for plain descent. @default 0.9 */
  readonly momentum?: number;
  /** Look ahead along the momentum. @default false */
  readonly nesterov?: boolean;
  /**
   * Multiple of a parameter added to its gradient, for parameters with `decay` only. @default 0
   */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum, equal step by step to `torch.optim.SGD` (whose weight
 * decay goes through the momentum).
 *
 * References: Sutskever et al. 2013, "On the importance of initialization and momentum in deep
 * learning".
 *
 * @param parameters Those that are not trainable are ignored.
 */
export function createSgd(parameters: readonly Parameter[], options: SgdOptions): Optimizer {
  const { momentum = 0.9, nesterov = false, weightDecay = 0 } = options;
  const velocities = parameters
    .filter((parameter) => parameter.trainable)
    .map((parameter) => ({
      parameter,
      velocity: momentum === 0 ? null : createSlot(parameter),
    }));
  const flags = { use_locking: false, use_nesterov: nesterov };
  const fused = momentum === 0 ? null : createFusedUpdate('ResourceApplyMomentum', flags, 1);
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    apply(gradients, learningRate, clip = (gradient) => gradient) {
      steps += 1;
      for (const { parameter, velocity } of velocities) {
        const { variable } = parameter;
        const gradient = gradients.get(parameter.name);
        if (gradient === undefined) continue;
        tf.tidy(() => {
          let change = clip(gradient);
          if (parameter.decay && weightDecay !== 0) {
            change = tf.add(change, tf.mul(variable, weightDecay));
          }
          if (velocity !== null && fused !== null) {
            const inputs = [tf.scalar(learningRate), change, tf.scalar(momentum)];
            fused.apply(variable, tf.scalar(1), [velocity], inputs);
            return;
          }
          if (velocity !== null) {
            const next = tf.add(tf.mul(velocity.tensor, momentum), change);
            change = nesterov ? tf.add(change, tf.mul(next, momentum)) : next;
            velocity.set(next);
          }
          variable.assign(tf.sub(variable, tf.mul(change, learningRate)));
        });
      }
    },
    slots: () =>
      velocities.flatMap(({ parameter, velocity }) =>
        velocity === null ? [] : [storedSlot(`${parameter.name}/momentum`, velocity)],
      ),
    load(savedSteps, saved) {
      for (const { parameter, velocity } of velocities) {
        if (velocity !== null) loadSlot(`${parameter.name}/momentum`, velocity, saved);
      }
      steps = savedSteps;
    },
    dispose() {
      for (const { velocity } of velocities) velocity?.dispose();
      fused?.dispose();
    },
  };
}
