import * as tf from '@tensorflow/tfjs-core';
import type {
  NormGradientInputs,
  NormGradients,
  NormInputs,
  NormOutputs,
} from './batch-norm-kernels.js';

/** Adds up an array over all processes of a training, element by element, in place. */
export type SumOverProcesses = (values: Float64Array) => void;

let sumOverProcesses: SumOverProcesses | null = null;

/**
 * From here on, batch norm in training uses the statistics of the batches of all processes together,
 * as `torch.nn.SyncBatchNorm` does; with null, of its own again. Every process has to make the same
 * forward and backward passes in the same order.
 *
 * @example
 * synchroniseNorms((values) => communicator.allReduceInto(values));
 */
export function synchroniseNorms(sum: SumOverProcesses | null): void {
  sumOverProcesses = sum;
}

/** How sums are taken over processes; null where each counts for itself. */
export function normSum(): SumOverProcesses | null {
  return sumOverProcesses;
}

const AXES = [0, 1, 2];

/** Sums over all axes but the last, of all processes, and how many values went into each. */
function pooled(sum: SumOverProcesses, x: tf.Tensor4D, parts: readonly tf.Tensor[]) {
  const channels = x.shape[3];
  const values = new Float64Array(parts.length * channels + 1);
  parts.forEach((part, i) => {
    const total = tf.tidy(() => tf.sum(part, AXES));
    values.set(total.dataSync(), i * channels);
    total.dispose();
  });
  values[parts.length * channels] = x.size / channels;
  sum(values);
  const count = values[parts.length * channels] as number; // its last value
  const means = parts.map((_, i) =>
    tf.tensor1d(
      Float32Array.from(values.subarray(i * channels, (i + 1) * channels), (v) => v / count),
    ),
  );
  return { count, means };
}

/** Batch norm in training over the batches of all processes; no gradient. */
export function synchronisedForward(sum: SumOverProcesses, inputs: NormInputs): NormOutputs {
  const { x, gain, offset, runningMean, runningVariance, momentum, eps } = inputs;
  const { count, means } = pooled(sum, x, [x]);
  const [mean] = means as [tf.Tensor1D];
  // Squares of what is left, in a second round: the difference of two large sums would lose digits.
  const squares = tf.tidy(() => tf.square(tf.sub(x, mean)));
  const [variance] = pooled(sum, x, [squares]).means as [tf.Tensor1D];
  squares.dispose();
  return tf.tidy(() => {
    const inverse = tf.rsqrt(tf.add(variance, eps));
    const scale = tf.mul(inverse, gain);
    const y = tf.add(tf.mul(tf.sub(x, mean), scale), offset) as tf.Tensor4D;
    const blend = (running: tf.Tensor1D, batch: tf.Tensor): tf.Tensor1D =>
      tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum));
    return {
      y,
      saved: [mean, inverse],
      running: {
        mean: blend(runningMean, mean),
        variance: blend(runningVariance, tf.mul(variance, count / (count - 1))),
      },
    };
  });
}

/** Gradients of {@link synchronisedForward}; those of gain and offset are this process's share of a sum. */
export function synchronisedBackward(
  sum: SumOverProcesses,
  { dy, x, gain, saved }: NormGradientInputs,
): NormGradients {
  const [mean, inverse] = saved as [tf.Tensor1D, tf.Tensor1D];
  const normed = tf.tidy(() => tf.mul(tf.sub(x, mean), inverse));
  const product = tf.mul(dy, normed);
  const [meanDy, meanProduct] = pooled(sum, x, [dy, product]).means as [tf.Tensor1D, tf.Tensor1D];
  const gradients = tf.tidy(() => ({
    x: tf.mul(
      tf.sub(tf.sub(dy, meanDy), tf.mul(normed, meanProduct)),
      tf.mul(gain, inverse),
    ) as tf.Tensor4D,
    gain: tf.sum(product, AXES) as tf.Tensor1D,
    offset: tf.sum(dy, AXES) as tf.Tensor1D,
  }));
  tf.dispose([normed, product, meanDy, meanProduct]);
  return gradients;
}
