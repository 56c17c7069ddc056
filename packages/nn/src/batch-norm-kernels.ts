import * as tf from '@tensorflow/tfjs-core';
import { type Attributes, nativeExecutor } from './native.js';

export interface NormInputs {
  readonly x: tf.Tensor4D;
  readonly gain: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
  readonly runningMean: tf.Tensor1D;
  readonly runningVariance: tf.Tensor1D;
  readonly training: boolean;
  readonly momentum: number;
  readonly eps: number;
}

export interface NormOutputs {
  readonly y: tf.Tensor4D;
  /** What the gradient needs beside x and gain. */
  readonly saved: readonly tf.Tensor[];
  /** The updated running statistics, in training. */
  readonly running?: { readonly mean: tf.Tensor1D; readonly variance: tf.Tensor1D };
}

export interface NormGradientInputs {
  readonly dy: tf.Tensor4D;
  readonly x: tf.Tensor4D;
  readonly gain: tf.Tensor1D;
  readonly saved: readonly tf.Tensor[];
  readonly training: boolean;
  readonly eps: number;
}

export interface NormGradients {
  readonly x: tf.Tensor4D;
  readonly gain: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
}

/** Batch norm over all axes but the last; no gradient. */
export function normForward(inputs: NormInputs): NormOutputs {
  return nativeExecutor() ? nativeForward(inputs) : compositeForward(inputs);
}

/** Gradients of batch norm from what the forward pass saved. */
export function normBackward(inputs: NormGradientInputs): NormGradients {
  return nativeExecutor() ? nativeBackward(inputs) : compositeBackward(inputs);
}

function nativeForward(inputs: NormInputs): NormOutputs {
  const { x, gain, offset, runningMean, runningVariance, training, momentum, eps } = inputs;
  const attributes = {
    ...fusedAttributes(training, eps),
    exponential_avg_factor: { float: momentum },
  };
  const outputs = nativeExecutor()?.runMany(
    'FusedBatchNormV3',
    attributes,
    [x, gain, offset, runningMean, runningVariance],
    6,
  ) as tf.Tensor[];
  const [y, mean, variance, reserve1, reserve2, reserve3] = outputs as [
    tf.Tensor4D,
    tf.Tensor1D,
    tf.Tensor1D,
    ...tf.Tensor[],
  ];
  const saved = training
    ? [reserve1, reserve2, reserve3]
    : [runningMean, runningVariance, reserve3];
  return {
    y,
    saved: saved as tf.Tensor[], // six outputs asked for
    ...(training ? { running: { mean, variance } } : {}),
  };
}

function nativeBackward({ dy, x, gain, saved, training, eps }: NormGradientInputs): NormGradients {
  const outputs = nativeExecutor()?.runMany(
    'FusedBatchNormGradV3',
    fusedAttributes(training, eps),
    [dy, x, gain, ...saved],
    5,
  ) as tf.Tensor[];
  const [dx, dGain, dOffset, ...unused] = outputs as [
    tf.Tensor4D,
    tf.Tensor1D,
    tf.Tensor1D,
    ...tf.Tensor[],
  ];
  tf.dispose(unused);
  return { x: dx, gain: dGain, offset: dOffset };
}

function fusedAttributes(training: boolean, eps: number): Attributes {
  return {
    T: { type: 'float32' },
    U: { type: 'float32' },
    epsilon: { float: eps },
    data_format: 'NHWC',
    is_training: training,
  };
}

const AXES = [0, 1, 2];

function compositeForward(inputs: NormInputs): NormOutputs {
  const { x, gain, offset, runningMean, runningVariance, training, momentum, eps } = inputs;
  const { mean, variance } = training
    ? tf.moments(x, AXES)
    : { mean: runningMean, variance: runningVariance };
  const inverse = tf.rsqrt(tf.add(variance, eps));
  const scale = tf.mul(inverse, gain);
  const y = tf.add(tf.mul(x, scale), tf.sub(offset, tf.mul(mean, scale))) as tf.Tensor4D;
  const saved = [mean, inverse];
  if (!training) return { y, saved };
  const count = x.size / gain.size;
  const blend = (running: tf.Tensor1D, batch: tf.Tensor): tf.Tensor1D =>
    tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum));
  return {
    y,
    saved,
    running: {
      mean: blend(runningMean, mean),
      variance: blend(runningVariance, tf.mul(variance, count / (count - 1))),
    },
  };
}

function compositeBackward({ dy, x, gain, saved, training }: NormGradientInputs): NormGradients {
  const [mean, inverse] = saved as [tf.Tensor1D, tf.Tensor1D];
  const [dx, dGain, dOffset] = tf.tidy(() => {
    const normed = tf.mul(tf.sub(x, mean), inverse);
    const dOffset = tf.sum(dy, AXES);
    const dGain = tf.sum(tf.mul(dy, normed), AXES);
    const scale = tf.mul(gain, inverse);
    if (!training) return [tf.mul(dy, scale), dGain, dOffset];
    const count = x.size / gain.size;
    const centred = tf.sub(
      tf.sub(dy, tf.div(dOffset, count)),
      tf.mul(normed, tf.div(dGain, count)),
    );
    return [tf.mul(centred, scale), dGain, dOffset];
  }) as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
  return { x: dx, gain: dGain, offset: dOffset };
}
