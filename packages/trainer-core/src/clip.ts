import * as tf from '@tensorflow/tfjs-core';
import { nativeBackend } from './native.js';

/** Limits for gradients. */
export interface ClipOptions {
  /** Largest global norm. @default none */
  readonly clipNorm?: number | undefined;
  /** Largest absolute value of an element. @default none */
  readonly clipValue?: number | undefined;
}

/** The norm of all gradients taken as one vector, a scalar tensor. */
export function globalNorm(gradients: ReadonlyMap<string, tf.Tensor>): tf.Tensor {
  const native = nativeBackend();
  return tf.tidy(() => {
    const halves = [...gradients.values()].map((gradient) =>
      native
        ? native.executeSingleOutput('L2Loss', [native.type('T', gradient)], [gradient])
        : tf.mul(tf.sum(tf.square(gradient)), 0.5),
    );
    return tf.sqrt(tf.mul(tf.addN(halves), 2));
  });
}

/**
 * What to do to each gradient, given the global norm: scaled so that the norm does not exceed
 * `clipNorm`, then cut to ±`clipValue`. Equal to torch's `clip_grad_norm_` and `clip_grad_value_`.
 *
 * @example
 * const clip = clipGradients(norm, { clipNorm: 1 });
 * optimizer.apply(gradients, learningRate, clip);
 */
export function clipGradients(
  norm: number,
  { clipNorm, clipValue }: ClipOptions,
): (gradient: tf.Tensor) => tf.Tensor {
  const scale = clipNorm === undefined ? 1 : Math.min(1, clipNorm / (norm + 1e-6));
  return (gradient) => {
    const scaled = scale === 1 ? gradient : tf.mul(gradient, scale);
    return clipValue === undefined ? scaled : tf.clipByValue(scaled, -clipValue, clipValue);
  };
}
