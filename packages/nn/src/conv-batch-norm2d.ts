import * as tf from '@tensorflow/tfjs-core';
import { batchNorm2d, type BatchNorm2d, type BatchNorm2dOptions } from './batch-norm2d.js';
import { checkInput } from './check.js';
import { conv2d, type Conv2dOptions } from './conv2d.js';
import { isRecording } from './differentiable.js';
import { ownConv, packFilter, usesWinograd } from './own-conv.js';
import { ownOps, type OwnOps } from './own-ops.js';
import type { ParameterStore } from './parameter-store.js';

export type ConvBatchNorm2dOptions = Omit<Conv2dOptions, 'bias'> &
  Omit<BatchNorm2dOptions, 'channels'>;

/**
 * A convolution without bias, then batch norm: activation(norm(x ∗ weight) + residual).
 *
 * The same as {@link conv2d} and {@link batchNorm2d} one after the other, with the parameters of both.
 * Outside training and gradients, where the runtime has ops of its own, the norm is folded into the
 * filter and all of it is one op; the folded filter is kept until a parameter changes.
 *
 * Input shape [B,H,W,inChannels]; output shape as of {@link conv2d}.
 *
 * @param names of the convolution and of the norm, before `.weight` and so on.
 * @throws NnError (`config`) on impossible options; the layer throws NnError (`shape`).
 */
export function convBatchNorm2d(
  store: ParameterStore,
  names: { readonly conv: string; readonly norm: string },
  options: ConvBatchNorm2dOptions,
): BatchNorm2d {
  const { momentum, eps = 1e-5, initialGain, activation = 'none', ...sizes } = options;
  const { inChannels, outChannels, kernelSize, stride = 1, padding = 0, dilation = 1 } = sizes;
  const convolve = conv2d(store, names.conv, { ...sizes, bias: false });
  const normalise = batchNorm2d(store, names.norm, {
    channels: outChannels,
    eps,
    activation,
    ...(momentum !== undefined && { momentum }),
    ...(initialGain !== undefined && { initialGain }),
  });
  const of = (name: string): tf.Variable => store.get(name).variable;
  const weight = of(`${names.conv}.weight`);
  const norm = ['weight', 'bias', 'running_mean', 'running_var'].map((leaf) =>
    of(`${names.norm}.${leaf}`),
  ) as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
  const folded = store.derive([weight, ...norm], () => {
    const [gain, offset, mean, variance] = norm;
    const scale = tf.mul(gain, tf.rsqrt(tf.add(variance, eps)));
    const filter = tf.mul(weight, scale) as tf.Tensor4D; // outputs are the last axis
    const packed = packFilter(ownOps() as OwnOps, filter, { stride, dilation });
    return [packed.values, tf.sub(offset, tf.mul(mean, scale))];
  });
  return (x, training, residual) => {
    const ops = training || dilation > 1 || isRecording() ? null : ownOps();
    if (ops === null) return normalise(convolve(x, training), training, residual);
    checkInput(`conv2d "${names.conv}"`, x, 'B,H,W,C', inChannels);
    const [values, bias] = folded() as [tf.Tensor1D, tf.Tensor1D];
    const geometry = { kernelSize, outChannels, stride, padding, dilation };
    const winograd = usesWinograd(kernelSize, geometry, inChannels, outChannels);
    return ownConv(
      ops,
      x,
      { values, winograd },
      {
        ...geometry,
        bias,
        activation,
        ...(residual && { residual }),
      },
    );
  };
}
