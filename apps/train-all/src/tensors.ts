import * as tf from '@tensorflow/tfjs-core';

/** Where arrays of training become tensors, beside those of `@arctic/inference`. The caller disposes them. */

/** Numbers that are ready for the model. @param data [B,H,W,C] */
export function fieldTensor(
  data: Float32Array,
  shape: [number, number, number, number],
): tf.Tensor4D {
  return tf.tensor4d(data, shape);
}

/** Class indices. [B] */
export function labelTensor(labels: ArrayLike<number>): tf.Tensor1D {
  return tf.tensor1d(Int32Array.from(labels), 'int32');
}

/** Binary maps as [B,H,W,1] float32. */
export function maskTensor(data: Uint8Array, shape: [number, number, number]): tf.Tensor4D {
  return fieldTensor(Float32Array.from(data), [...shape, 1]);
}
