import type * as tf from '@tensorflow/tfjs-core';
import type { NormGradients } from './batch-norm-kernels.js';
import { type OwnOps, present } from './own-ops.js';

// Batch norm in training with what follows it, each way one op that reads and writes every value as
// seldom as it can.

export interface OwnNormInputs {
  readonly x: tf.Tensor4D;
  readonly gain: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
  readonly runningMean: tf.Tensor1D;
  readonly runningVariance: tf.Tensor1D;
  readonly residual: tf.Tensor4D | undefined;
  readonly relu: boolean;
  readonly momentum: number;
  readonly eps: number;
}

export interface OwnNormOutputs {
  readonly y: tf.Tensor4D;
  /** What {@link ownNormBackward} reads. */
  readonly saved: tf.Tensor[];
  readonly running: { readonly mean: tf.Tensor1D; readonly variance: tf.Tensor1D };
}

/** relu(norm(x) + residual) with the batch's statistics, and the running ones moved towards them. */
export function ownNormForward(ops: OwnOps, inputs: OwnNormInputs): OwnNormOutputs {
  const { x, gain, offset, runningMean, runningVariance, residual, relu, momentum, eps } = inputs;
  const optional = present([residual]);
  const outputs = ops.run(
    'ArcticNorm',
    [x, gain, offset, runningMean, runningVariance, ...optional.inputs],
    5,
    [relu ? 1 : 0, optional.bits, bitsOf(eps), bitsOf(momentum)],
  );
  const [y, mean, inverse, nextMean, nextVariance] = outputs as [
    tf.Tensor4D,
    tf.Tensor1D,
    tf.Tensor1D,
    tf.Tensor1D,
    tf.Tensor1D,
  ];
  return {
    y,
    // Where the ReLU cut is told by x alone, but for a residual.
    saved: [x, gain, offset, mean, inverse, ...(relu && residual ? [y] : [])],
    running: { mean: nextMean, variance: nextVariance },
  };
}

/** Gradients of {@link ownNormForward}; `residual` is there where the forward pass had one. */
export function ownNormBackward(
  ops: OwnOps,
  dy: tf.Tensor4D,
  saved: readonly tf.Tensor[],
  { relu, hasResidual }: { readonly relu: boolean; readonly hasResidual: boolean },
): NormGradients & { readonly residual: tf.Tensor4D | undefined } {
  const gated = relu && hasResidual;
  const outputs = ops.run('ArcticNormGradient', [dy, ...saved], gated ? 4 : 3, [
    relu ? 1 : 0,
    gated ? 1 : 0,
    gated ? 1 : 0,
  ]);
  const [x, gain, offset, residual] = outputs as [
    tf.Tensor4D,
    tf.Tensor1D,
    tf.Tensor1D,
    tf.Tensor4D?,
  ];
  return { x, gain, offset, residual: hasResidual ? (residual ?? dy.clone()) : undefined };
}

/** A float32 as the whole number of the same bits: settings of ops are whole numbers. */
function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0] as number; // one float, one integer
}
