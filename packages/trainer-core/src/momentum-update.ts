import * as tf from '@tensorflow/tfjs-core';
import { createFusedUpdate } from './fused-update.js';
import type { Slot } from './slots.js';

/** Moves a parameter along a running sum of its changes. */
export interface MomentumUpdate {
  /**
   * velocity ← momentum · velocity + change; variable ← variable − rate · velocity.
   *
   * @param velocity Shaped like the variable; changed.
   */
  apply(
    variable: tf.Variable,
    velocity: Slot,
    change: tf.Tensor,
    numbers: { readonly rate: number; readonly momentum: number },
  ): void;
  dispose(): void;
}

/** As TensorFlow's own kernel where the backend has it. */
export function createMomentumUpdate(nesterov: boolean): MomentumUpdate {
  const flags = { use_locking: false, use_nesterov: nesterov };
  const fused = createFusedUpdate('ResourceApplyMomentum', flags, 1);
  return {
    apply(variable, velocity, change, { rate, momentum }) {
      tf.tidy(() => {
        if (fused) {
          const inputs = [tf.scalar(rate), change, tf.scalar(momentum)];
          fused.apply(variable, tf.scalar(1), [velocity], inputs);
          return;
        }
        const next = tf.add(tf.mul(velocity.tensor, momentum), change);
        const ahead = nesterov ? tf.add(change, tf.mul(next, momentum)) : next;
        variable.assign(tf.sub(variable, tf.mul(ahead, rate)));
        velocity.set(next);
      });
    },
    dispose: () => fused?.dispose(),
  };
}
