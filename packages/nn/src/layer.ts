import type * as tf from '@tensorflow/tfjs-core';

/**
 * A function of images with parameters of its own.
 *
 * Input and output are [B,H,W,C]; `training` says whether batch statistics are used and updated.
 */
export type Layer = (x: tf.Tensor4D, training: boolean) => tf.Tensor4D;

/** `name.leaf`, or `leaf` alone for a layer without a name. */
export function parameterName(name: string, leaf: string): string {
  return name === '' ? leaf : `${name}.${leaf}`;
}
