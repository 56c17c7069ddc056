import * as tf from '@tensorflow/tfjs-core';
import {
  nativeConvFilterGradient,
  nativeConvForward,
  nativeConvInputGradient,
} from './conv-kernels-native.js';
import type { ConvGeometry, Shape4D } from './conv-geometry.js';
import { FLOAT, nativeExecutor } from './native.js';
import { ownForward, ownInputGradient, usesWinograd } from './own-conv.js';
import { ownOps } from './own-ops.js';

/** Convolution of x [B,H,W,C] with filter [kh,kw,C,O]; no gradient. */
export function convForward(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  geometry: ConvGeometry,
): tf.Tensor4D {
  const ops = winogradOps(filter.shape, geometry);
  if (ops) return ownForward(ops, x, filter, geometry);
  const native = nativeExecutor();
  if (native) return nativeConvForward(native, x, filter, geometry);
  const { stride, padding, dilation } = geometry;
  if (stride === 1 || dilation === 1) {
    return tf.conv2d(x, filter, stride, padding, 'NHWC', dilation);
  }
  // tfjs refuses stride and dilation together.
  return tf.tidy(() => tf.conv2d(x, spreadFilter(filter, dilation), stride, padding));
}

/** Gradient of a convolution for its input of shape `inputShape`. */
export function convInputGradient(
  inputShape: Shape4D,
  filter: tf.Tensor4D,
  dy: tf.Tensor4D,
  geometry: ConvGeometry,
): tf.Tensor4D {
  const ops = winogradOps(filter.shape, geometry);
  if (ops && geometry.padding <= 2) return ownInputGradient(ops, filter, dy, geometry);
  const native = nativeExecutor();
  return tf.tidy(() => {
    // No backend has a gradient of dilated convolutions; a filter with zeros between its taps does.
    const spread = spreadFilter(filter, geometry.dilation);
    if (native) return nativeConvInputGradient(native, inputShape, spread, dy, geometry);
    const attributes = { ...compositeAttributes(geometry), inputShape };
    return tf.engine().runKernel(tf.Conv2DBackpropInput, { dy, filter: spread }, attributes);
  });
}

/** Gradient of a convolution for its filter of shape `filterShape`. */
export function convFilterGradient(
  x: tf.Tensor4D,
  filterShape: Shape4D,
  dy: tf.Tensor4D,
  geometry: ConvGeometry,
): tf.Tensor4D {
  const { dilation } = geometry;
  const spreadShape = spreadFilterShape(filterShape, dilation);
  const native = nativeExecutor();
  return tf.tidy(() => {
    const gradient: tf.Tensor4D = native
      ? nativeConvFilterGradient(native, x, spreadShape, dy, geometry)
      : tf
          .engine()
          .runKernel(
            tf.Conv2DBackpropFilter,
            { x, dy },
            { ...compositeAttributes(geometry), filterShape: spreadShape },
          );
    if (dilation === 1) return gradient;
    const step = [dilation, dilation, 1, 1];
    return tf.stridedSlice(gradient, [0, 0, 0, 0], spreadShape, step) as tf.Tensor4D;
  });
}

/** x plus one value per channel; no gradient. */
export function biasForward<T extends tf.Tensor>(x: T, bias: tf.Tensor1D): T {
  const native = nativeExecutor();
  if (native) return native.run('BiasAdd', { ...FLOAT, data_format: 'NHWC' }, [x, bias]) as T;
  return tf.add(x, bias);
}

/** Sum over all axes but the last. */
export function biasGradient(dy: tf.Tensor): tf.Tensor1D {
  const native = nativeExecutor();
  if (native)
    return native.run('BiasAddGrad', { ...FLOAT, data_format: 'NHWC' }, [dy]) as tf.Tensor1D;
  return tf.sum(
    dy,
    dy.shape.slice(0, -1).map((_, axis) => axis),
  );
}

/** The runtime's own ops, where they are the faster way: elsewhere TensorFlow's are, in training. */
function winogradOps([kernelSize, , inChannels, outChannels]: Shape4D, geometry: ConvGeometry) {
  return usesWinograd(kernelSize, geometry, inChannels, outChannels) ? ownOps() : null;
}

function compositeAttributes({
  stride,
  padding,
}: ConvGeometry): Record<string, number[] | number | string> {
  return { strides: [stride, stride], pad: padding, dataFormat: 'NHWC', dilations: [1, 1] };
}

/** The filter with `dilation − 1` zeros between its taps. */
function spreadFilter(filter: tf.Tensor4D, dilation: number): tf.Tensor4D {
  if (dilation === 1) return filter;
  const [kh, kw, inChannels, outChannels] = filter.shape;
  const channels = inChannels * outChannels;
  const gap = dilation - 1;
  const none: [number, number] = [0, 0];
  const after: [number, number] = [0, gap];
  const rows = tf.pad(tf.reshape(filter, [kh, 1, kw * channels]), [none, after, none]);
  const both = tf.pad(tf.reshape(rows, [kh * dilation, kw, 1, channels]), [
    none,
    none,
    after,
    none,
  ]);
  const spread: tf.Tensor4D = tf.reshape(both, [
    kh * dilation,
    kw * dilation,
    inChannels,
    outChannels,
  ]);
  return tf.slice(spread, [0, 0, 0, 0], spreadFilterShape(filter.shape, dilation));
}

function spreadFilterShape([kh, kw, inChannels, outChannels]: Shape4D, dilation: number): Shape4D {
  return [(kh - 1) * dilation + 1, (kw - 1) * dilation + 1, inChannels, outChannels];
}
