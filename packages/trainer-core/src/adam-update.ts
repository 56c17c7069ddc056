import * as tf from '@tensorflow/tfjs-core';
import { createFusedUpdate, type FusedUpdate } from './fused-update.js';
import { createOwnAdamW, type AdamNumbers, type AdamParameter } from './own-adamw.js';

/** Moves parameters along the mean of their gradients over the root of the mean of squares. */
export interface AdamUpdate {
  /** One step of parameters that have the same numbers. */
  apply(parameters: readonly AdamParameter[], numbers: AdamNumbers): void;
  dispose(): void;
}

/**
 * The fastest way the backend has: an op of `@arctic/runtime` for all parameters at once,
 * TensorFlow's own kernel for each, or about a dozen small operations.
 */
export function createAdamUpdate(): AdamUpdate {
  const own = createOwnAdamW();
  if (own) {
    return {
      apply: (parameters, numbers) => own(parameters, forKernels(numbers)),
      dispose: () => undefined,
    };
  }
  const flags = { use_locking: false, use_nesterov: false };
  const fused = createFusedUpdate('ResourceApplyAdam', flags, 2);
  return fused
    ? {
        apply: (parameters, numbers) => fusedSteps(fused, parameters, forKernels(numbers)),
        dispose: () => fused.dispose(),
      }
    : { apply: compositeSteps, dispose: () => undefined };
}

/**
 * Kernels take 1 − beta2 in float32, which at 0.999 is off by 1e-5 of itself, and all squares with it.
 * torch rounds afterwards. The factor between the two can be put into rate and epsilon.
 */
function forKernels({ beta1, beta2, epsilon, rate }: AdamNumbers): AdamNumbers {
  const root = Math.sqrt((1 - beta2) / (1 - Math.fround(beta2)));
  return { beta1, beta2, epsilon: epsilon / root, rate: rate / root };
}

function fusedSteps(
  fused: FusedUpdate,
  parameters: readonly AdamParameter[],
  { beta1, beta2, epsilon, rate }: AdamNumbers,
): void {
  tf.tidy(() => {
    // The kernel's own bias correction, in float32 from powers of beta, loses digits: given powers
    // of zero it does none.
    const scalars = [0, 0, rate, beta1, beta2, epsilon].map((value) => tf.scalar(value));
    for (const { variable, shrink, mean, square, gradient } of parameters) {
      tf.tidy(() => {
        fused.apply(variable, tf.scalar(shrink), [mean, square], [...scalars, gradient()]);
      });
    }
  });
}

function compositeSteps(
  parameters: readonly AdamParameter[],
  { beta1, beta2, epsilon, rate }: AdamNumbers,
): void {
  for (const { variable, shrink, mean, square, gradient } of parameters) {
    tf.tidy(() => {
      const g = gradient();
      const m = tf.add(tf.mul(mean.tensor, beta1), tf.mul(g, 1 - beta1));
      const v = tf.add(tf.mul(square.tensor, beta2), tf.mul(tf.square(g), 1 - beta2));
      const change = tf.mul(tf.div(m, tf.add(tf.sqrt(v), epsilon)), rate);
      variable.assign(tf.sub(tf.mul(variable, shrink), change));
      mean.set(m);
      square.set(v);
    });
  }
}
