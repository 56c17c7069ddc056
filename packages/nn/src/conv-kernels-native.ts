import * as tf from '@tensorflow/tfjs-core';
import type { ConvGeometry, Shape4D } from './conv-geometry.js';
import { type Attributes, FLOAT, type NativeExecutor } from './native.js';

/*
 * TensorFlow takes torch's symmetric padding as EXPLICIT everywhere, but on a CPU its fast (oneDNN)
 * gradient kernels know only SAME and VALID; with EXPLICIT a filter gradient takes two to four times
 * as long. So: SAME where it means the same, else a padded copy and VALID for the gradients.
 */

/** Below this many channels the padded detour costs more than it saves. */
const FEW_CHANNELS = 16;

export function nativeConvForward(
  native: NativeExecutor,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  geometry: ConvGeometry,
): tf.Tensor4D {
  const { dilation } = geometry;
  const attributes = {
    ...attributesFor(geometry, filter.shape),
    dilations: [1, dilation, dilation, 1],
  };
  return native.run('Conv2D', attributes, [x, filter]) as tf.Tensor4D;
}

/** The gradient for the input; `filter` is dense, whatever the dilation. */
export function nativeConvInputGradient(
  native: NativeExecutor,
  inputShape: Shape4D,
  filter: tf.Tensor4D,
  dy: tf.Tensor4D,
  geometry: ConvGeometry,
): tf.Tensor4D {
  const run = (shape: Shape4D, attributes: Attributes): tf.Tensor4D => {
    const inputs = [tf.tensor1d(shape, 'int32'), filter, dy];
    return native.run('Conv2DBackpropInput', attributes, inputs) as tf.Tensor4D;
  };
  return tf.tidy(() => {
    const [batch, height, width, channels] = inputShape;
    const { stride, padding } = geometry;
    const dense = { stride, padding, dilation: 1 };
    if (channels < FEW_CHANNELS || !needsExplicit(dense, filter.shape)) {
      return run(inputShape, attributesFor(dense, filter.shape));
    }
    const padded: Shape4D = [batch, height + 2 * padding, width + 2 * padding, channels];
    const gradient = run(padded, attributesFor({ ...dense, padding: 0 }, filter.shape));
    return tf.slice(gradient, [0, padding, padding, 0], inputShape);
  });
}

/** The gradient for a dense filter of shape `filterShape`, whatever the dilation. */
export function nativeConvFilterGradient(
  native: NativeExecutor,
  x: tf.Tensor4D,
  filterShape: Shape4D,
  dy: tf.Tensor4D,
  { stride, padding }: ConvGeometry,
): tf.Tensor4D {
  const run = (input: tf.Tensor4D, attributes: Attributes): tf.Tensor4D => {
    const inputs = [input, tf.tensor1d(filterShape, 'int32'), dy];
    return native.run('Conv2DBackpropFilter', attributes, inputs) as tf.Tensor4D;
  };
  return tf.tidy(() => {
    const dense = { stride, padding, dilation: 1 };
    if (filterShape[0] === 1 && filterShape[1] === 1 && padding === 0 && stride > 1) {
      // oneDNN's kernel for just this writes past its memory (TensorFlow 2.21, AVX-512, two threads, a batch
      // of 15): the values that count are picked first.
      const picked = tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, stride, stride, 1]);
      const once = { ...dense, stride: 1 };
      return run(picked as tf.Tensor4D, attributesFor(once, filterShape));
    }
    if (!needsExplicit(dense, filterShape)) return run(x, attributesFor(dense, filterShape));
    const edge: [number, number] = [padding, padding];
    const padded = tf.pad(x, [[0, 0], edge, edge, [0, 0]]);
    return run(padded, attributesFor({ ...dense, padding: 0 }, filterShape));
  });
}

/** Whether neither VALID nor SAME pads as the geometry does. */
function needsExplicit(geometry: ConvGeometry, [kh, kw]: Shape4D): boolean {
  return geometry.padding > 0 && !(isSame(geometry, kh) && isSame(geometry, kw));
}

function isSame({ stride, padding, dilation }: ConvGeometry, kernelSize: number): boolean {
  return stride === 1 && 2 * padding === dilation * (kernelSize - 1);
}

function attributesFor(geometry: ConvGeometry, filterShape: Shape4D): Attributes {
  const { stride, padding } = geometry;
  const edge = [padding, padding];
  return {
    ...FLOAT,
    strides: [1, stride, stride, 1],
    data_format: 'NHWC',
    use_cudnn_on_gpu: true,
    ...(needsExplicit(geometry, filterShape)
      ? { padding: 'EXPLICIT', explicit_paddings: [0, 0, ...edge, ...edge, 0, 0] }
      : { padding: padding > 0 ? 'SAME' : 'VALID' }),
  };
}
