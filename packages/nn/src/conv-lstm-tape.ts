import type * as tf from '@tensorflow/tfjs-core';

// Type aliases, not interfaces: tf.tidy takes no interfaces.

/** Activated gates of one step, each [B,H,W,hidden]. */
export type Gates = {
  readonly i: tf.Tensor4D;
  readonly f: tf.Tensor4D;
  readonly g: tf.Tensor4D;
  readonly o: tf.Tensor4D;
};

/** Everything the backward pass reads again, step by step. */
export type LstmTape = {
  readonly inputFilter: tf.Tensor4D; // [k,k,C,4·hidden]
  readonly hiddenFilter: tf.Tensor4D; // [k,k,hidden,4·hidden]
  readonly x: readonly tf.Tensor4D[];
  readonly gates: readonly Gates[];
  /** From the initial state (absent for zero) to the final one: one more than steps. */
  readonly h: readonly (tf.Tensor4D | undefined)[];
  readonly c: readonly (tf.Tensor4D | undefined)[];
};
