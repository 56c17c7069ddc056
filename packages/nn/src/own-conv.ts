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

/** Pairs of channels, input by output, from which the transforms of Winograd's algorithm pay. */
const ENOUGH_CHANNELS = 2048;

/** Pairs from which the transformed filter, 16 floats a pair instead of 9, is too much to read for small images. */
const TOO_MANY_CHANNELS = 262_144;

/**
 * Whether the op multiplies by Winograd's algorithm: more than twice as fast, with an error of a few units
 * in the last place. It wants enough channels to pay for its transforms.
 */
export function usesWinograd(
  kernelSize: number,
  { stride, dilation }: Pick<ConvGeometry, 'stride' | 'dilation'>,
  inChannels: number,
  outChannels: number,
): boolean {
  const pairs = inChannels * outChannels;
  const pays = pairs >= ENOUGH_CHANNELS && pairs < TOO_MANY_CHANNELS;
  return kernelSize === 3 && stride === 1 && dilation === 1 && pays;
}

/** A filter [k,k,C,O] in the order in which the op reads it. */
export interface PackedFilter {
  readonly values: tf.Tensor1D;
  readonly winograd: boolean;
}

/** @param turned whether to turn the filter round, for the gradient of the input of a stride of 1. */
export function packFilter(
  ops: OwnOps,
  filter: tf.Tensor4D,
  { stride, dilation }: Pick<ConvGeometry, 'stride' | 'dilation'>,
  turned = false,
): PackedFilter {
  const [kernelSize, , inChannels, outChannels] = filter.shape;
  const winograd = usesWinograd(kernelSize, { stride, dilation }, inChannels, outChannels);
  const settings = [turned ? 1 : 0, winograd ? 1 : 0];
  const [values] = ops.run('ArcticPackFilter', [filter], 1, settings) as [tf.Tensor1D];
  return { values, winograd };
}

/** activation(x ∗ filter + bias + residual); no gradient, no dilation. */
export function ownConv(
  ops: OwnOps,
  x: tf.Tensor4D,
  packed: PackedFilter,
  options: OwnConvOptions,
): tf.Tensor4D {
  const { kernelSize, outChannels, stride, padding, activation = 'none' } = options;
  const [, height, width] = x.shape;
  const optional = present([options.bias, options.residual]);
  return ops.run('ArcticConv', [x, packed.values, ...optional.inputs], 1, [
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
    packed.winograd ? 1 : 0,
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

/** Convolution as one op; the filter is packed for this call alone. No dilation. */
export function ownForward(
  ops: OwnOps,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  geometry: ConvGeometry,
): tf.Tensor4D {
  const packed = packFilter(ops, filter, geometry);
  const [kernelSize, , , outChannels] = filter.shape;
  const y = ownConv(ops, x, packed, { ...geometry, kernelSize, outChannels });
  packed.values.dispose();
  return y;
}

/** The gradient of the input of a stride of 1: the convolution of dy with the filter turned round. */
export function ownInputGradient(
  ops: OwnOps,
  filter: tf.Tensor4D,
  dy: tf.Tensor4D,
  { padding }: ConvGeometry,
): tf.Tensor4D {
  const [kernelSize, , inChannels] = filter.shape;
  const geometry = { stride: 1, padding: kernelSize - 1 - padding, dilation: 1 };
  const turned = packFilter(ops, filter, geometry, true);
  const dx = ownConv(ops, dy, turned, { ...geometry, kernelSize, outChannels: inChannels });
  turned.values.dispose();
  return dx;
}
