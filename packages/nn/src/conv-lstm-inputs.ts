import type * as tf from '@tensorflow/tfjs-core';
import type { ConvGeometry } from './conv-geometry.js';

/** What a ConvLSTM layer computes with. */
export interface LstmInputs {
  readonly x: tf.Tensor5D; // [B,T,H,W,C]
  readonly inputFilter: tf.Tensor4D; // [k,k,C,4·hidden]
  readonly hiddenFilter: tf.Tensor4D; // [k,k,hidden,4·hidden]
  readonly bias: tf.Tensor1D; // [4·hidden]
  readonly h: tf.Tensor4D | undefined; // [B,H,W,hidden]
  readonly c: tf.Tensor4D | undefined;
}

// A type alias, not an interface: tf.tidy takes no interfaces.

/** One gradient for each of the inputs; that of x where it was asked for. */
export type LstmGradients = {
  readonly x: tf.Tensor5D | undefined;
  readonly inputFilter: tf.Tensor4D;
  readonly hiddenFilter: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
  readonly h: tf.Tensor4D;
  readonly c: tf.Tensor4D;
};

/** The geometry of a filter of odd size that leaves height and width alone. */
export function sameSize(filter: tf.Tensor4D): ConvGeometry {
  return { stride: 1, padding: (filter.shape[0] - 1) / 2, dilation: 1 };
}
