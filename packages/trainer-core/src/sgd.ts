import * as tf from '@tensorflow/tfjs-core';
import { createMomentumUpdate } from './momentum-update.js';
import type { Optimizer } from './optimizer.js';
import { trainedWith, type GroupOptions } from './parameter-groups.js';
import { createSlot, loadSlot, storedSlot } from './slots.js';
import type { Parameter } from './task.js';

/** Settings of stochastic gradient descent. */
export interface SgdOptions extends GroupOptions {
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
 * @throws OptionsError when a group matches nothing.
 */
export function createSgd(parameters: readonly Parameter[], options: SgdOptions): Optimizer {
  const { momentum = 0.9, nesterov = false, weightDecay = 0, groups } = options;
  const trained = trainedWith(parameters, weightDecay, groups).map((how) => ({
    ...how,
    velocity: momentum === 0 ? null : createSlot(how.parameter),
  }));
  const update = momentum === 0 ? null : createMomentumUpdate(nesterov);
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    apply(gradients, learningRate, clip = (gradient) => gradient, present = momentum) {
      steps += 1;
      for (const { parameter, scale, decay, velocity } of trained) {
        const { variable } = parameter;
        const gradient = gradients.get(parameter.name);
        if (gradient === undefined) continue;
        tf.tidy(() => {
          const rate = learningRate * scale;
          const clipped = clip(gradient);
          const change = decay === 0 ? clipped : tf.add(clipped, tf.mul(variable, decay));
          if (velocity !== null && update !== null) {
            update.apply(variable, velocity, change, { rate, momentum: present });
          } else {
            variable.assign(tf.sub(variable, tf.mul(change, rate)));
          }
        });
      }
    },
    slots: () =>
      trained.flatMap(({ parameter, velocity }) =>
        velocity === null ? [] : [storedSlot(`${parameter.name}/momentum`, velocity)],
      ),
    load(savedSteps, saved) {
      for (const { parameter, velocity } of trained) {
        if (velocity !== null) loadSlot(`${parameter.name}/momentum`, velocity, saved);
      }
      steps = savedSteps;
    },
    dispose() {
      for (const { velocity } of trained) velocity?.dispose();
      update?.dispose();
    },
  };
}
