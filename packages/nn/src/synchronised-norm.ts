import * as tf from '@tensorflow/tfjs-core';
import {
  normBackward,
  normForward,
  normMoments,
  type NormGradientInputs,
  type NormGradients,
  type NormInputs,
  type NormOutputs,
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

/** Batch norm in training over the batches of all processes; no gradient. */
export function synchronisedForward(sum: SumOverProcesses, inputs: NormInputs): NormOutputs {
  const { x, gain, runningMean, runningVariance, momentum } = inputs;
  const channels = gain.size;
  const own = normMoments(inputs);
  const [means, variances] = [own.mean.dataSync(), own.variance.dataSync()];
  tf.dispose([own.mean, own.variance]);
  // Sums of values, of squares and their number. In double precision the difference of sums loses nothing
  // that single precision had.
  const mine = x.size / channels;
  const values = new Float64Array(2 * channels + 1).fill(mine);
  for (let c = 0; c < channels; c++) {
    const [mean, variance] = [means[c] as number, variances[c] as number]; // one for each channel
    values[c] = mine * mean;
    values[channels + c] = mine * (variance + mean * mean);
  }
  sum(values);
  const count = values[2 * channels] as number; // the last one
  const pooledMean = new Float32Array(channels);
  const pooledVariance = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    const mean = (values[c] as number) / count;
    pooledMean[c] = mean;
    pooledVariance[c] = Math.max(0, (values[channels + c] as number) / count - mean * mean);
  }
  const mean = tf.tensor1d(pooledMean);
  const variance = tf.tensor1d(pooledVariance);
  // With statistics given, as outside training.
  const { y, saved } = normForward({
    ...inputs,
    training: false,
    runningMean: mean,
    runningVariance: variance,
  });
  const blend = (running: tf.Tensor1D, batch: tf.Tensor): tf.Tensor1D =>
    tf.tidy(() => tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum)));
  return {
    y,
    saved: [mean, variance, ...saved],
    running: {
      mean: blend(runningMean, mean),
      variance: blend(runningVariance, tf.mul(variance, count / (count - 1))),
    },
  };
}

/** Gradients of {@link synchronisedForward}; those of gain and offset are this process's share of a sum. */
export function synchronisedBackward(
  sum: SumOverProcesses,
  inputs: NormGradientInputs,
): NormGradients {
  const { x, gain, saved, eps } = inputs;
  const [mean, variance, ...rest] = saved as [tf.Tensor1D, tf.Tensor1D, ...tf.Tensor[]];
  const channels = gain.size;
  // As if the statistics were constants; what they add follows from two sums that come along.
  const frozen = normBackward({ ...inputs, saved: rest, training: false });
  const values = new Float64Array(2 * channels + 1).fill(x.size / channels);
  values.set(frozen.offset.dataSync());
  values.set(frozen.gain.dataSync(), channels);
  sum(values);
  const count = values[2 * channels] as number; // the last one
  const meanOf = (from: number) =>
    tf.tensor1d(Float32Array.from(values.subarray(from, from + channels), (v) => v / count));
  const dx = tf.tidy(() => {
    const inverse = tf.rsqrt(tf.add(variance, eps));
    const scale = tf.mul(gain, inverse);
    const slope = tf.mul(tf.mul(scale, inverse), meanOf(channels));
    const along = tf.mul(tf.sub(x, mean), slope);
    return tf.sub(frozen.x, tf.add(along, tf.mul(scale, meanOf(0)))) as tf.Tensor4D;
  });
  frozen.x.dispose();
  return { x: dx, gain: frozen.gain, offset: frozen.offset };
}
