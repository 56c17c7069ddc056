import type * as tf from '@tensorflow/tfjs-core';
import { convOutputLength, type ConvGeometry, type Shape4D } from './conv-geometry.js';
import { type OwnOps, present } from './own-ops.js';

/** What a convolution of the runtime's own does beside multiplying. */
export interface OwnConvOptions extends ConvGeometry {
  readonly kernelSize: number;
  readonly outChannels: number;
  readonly bias?: tf.Tensor1D;
  /** Added before the activation; of the output's shape. */
  readonly residual?: tf.Tensor4D;
  /** @default 'none' */
  readonly activation?: 'none' | 'relu';
}

/** The filter [k,k,C,O] in the order in which the op reads it; turned round for the gradient of the input. */
export function packFilter(ops: OwnOps, filter: tf.Tensor4D, turned = false): tf.Tensor1D {
  return ops.run('ArcticPackFilter', [filter], 1, [turned ? 1 : 0])[0] as tf.Tensor1D; // one output
}

/** activation(x ∗ filter + bias + residual); no gradient, no dilation. */
export function ownConv(
  ops: OwnOps,
  x: tf.Tensor4D,
  packed: tf.Tensor1D,
  options: OwnConvOptions,
): tf.Tensor4D {
  const { kernelSize, outChannels, stride, padding, activation = 'none' } = options;
  const [, height, width] = x.shape;
  const optional = present([options.bias, options.residual]);
  return ops.run('ArcticConv', [x, packed, ...optional.inputs], 1, [
    kernelSize,
    kernelSize,
    outChannels,
    stride,
    padding,
    padding,
    convOutputLength(height, kernelSize, options),
    convOutputLength(width, kernelSize, options),
    activation === 'relu' ? 1 : 0,
    optional.bits,
  ])[0] as tf.Tensor4D; // one output
}

/** The gradient of the filter of shape `filterShape` from step `step` of x [B,T,H,W,C], or from x [B,H,W,C]. */
export function ownFilterGradient(
  ops: OwnOps,
  x: tf.Tensor4D | tf.Tensor5D,
  [kernelSize]: Shape4D,
  dy: tf.Tensor4D,
  { stride, padding }: ConvGeometry,
  step: number,
): tf.Tensor4D {
  const settings = [kernelSize, stride, padding, step];
  return ops.run('ArcticFilterGradient', [x, dy], 1, settings)[0] as tf.Tensor4D; // one output
}
