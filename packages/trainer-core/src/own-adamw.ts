import * as tf from '@tensorflow/tfjs-core';
import { nativeBackend } from './native.js';
import type { Slot } from './slots.js';

/** The numbers that parameters of one rate and age share in a step; the rate is corrected for the young moments. */
export interface AdamNumbers {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly rate: number;
}

/** One parameter of a step. */
export interface AdamParameter {
  readonly variable: tf.Variable;
  /** What decay leaves of it. */
  readonly shrink: number;
  readonly mean: Slot;
  readonly square: Slot;
  /** Made when it is needed, so that no more of them than that are there at once. */
  gradient(): tf.Tensor;
}

/**
 * The steps of parameters of the same rate and age as one op of `@arctic/runtime`, or null where it has none: the cost of calling
 * thousands of small ops is gone, and every value is read and written once.
 */
export function createOwnAdamW():
  ((parameters: readonly AdamParameter[], numbers: AdamNumbers) => void) | null {
  const native = nativeBackend();
  if (!native?.arcticOps) return null;
  const count = (name: string, value: number) => ({
    name,
    type: native.binding.TF_ATTR_INT,
    value,
  });
  return (parameters, { rate, beta1, beta2, epsilon }) => {
    if (parameters.length === 0) return;
    const inputs = [
      tf.tensor1d([rate, beta1, beta2, epsilon]),
      ...parameters.flatMap(({ variable, shrink, mean, square, gradient }) => [
        tf.tensor1d([shrink]),
        variable,
        mean.tensor,
        square.tensor,
        gradient(),
      ]),
    ];
    const outputs = 3 * parameters.length;
    const attributes = [count('N', inputs.length), count('M', outputs)];
    const next = native.executeMultipleOutputs('ArcticAdamW', attributes, inputs, outputs);
    parameters.forEach(({ variable, mean, square }, i) => {
      const [value, nextMean, nextSquare] = next.slice(3 * i, 3 * i + 3) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      variable.assign(value);
      value.dispose();
      mean.set(nextMean);
      square.set(nextSquare);
    });
  };
}
