import * as tf from '@tensorflow/tfjs-core';

/** The cost of one cell's error e: e², |e|, or e²/2 turning linear at delta. */
export type LossKind = 'mse' | 'mae' | 'huber';

export const LOSS_KINDS: readonly LossKind[] = ['mse', 'mae', 'huber'];

/** What a forecast is held against. */
export interface ConvLstmTargets {
  /** Observed concentration, 0..1, `[B,T,H,W]`; anything, `NaN` included, where the weight is 0. */
  readonly target: tf.Tensor4D;
  /** Weight of each cell, `[B,T,H,W]`, from 0: land, the pole hole and missing cells weigh 0. */
  readonly weights: tf.Tensor4D;
}

/**
 * The weighted mean cost of a forecast's errors, a scalar; 0 where no cell has weight.
 *
 * Cells of weight 0 take no part at all: a product with 0 would let a `NaN` through.
 *
 * @param prediction forecast before clipping, `[B,T,H,W]`: a clipped one has no gradient outside 0..1.
 */
export function maskedLoss(
  prediction: tf.Tensor4D,
  { target, weights }: ConvLstmTargets,
  { kind, huberDelta }: { readonly kind: LossKind; readonly huberDelta: number },
): tf.Scalar {
  return tf.tidy(() => {
    const counted = tf.greater(weights, 0);
    const nothing = tf.zerosLike(weights);
    const weight = tf.where(counted, weights, nothing);
    const error = tf.where(counted, tf.sub(prediction, target), nothing);
    const total = tf.maximum(tf.sum(weight), 1e-12);
    return tf.div<tf.Scalar>(tf.sum(tf.mul(weight, cost(error, kind, huberDelta))), total);
  });
}

function cost(error: tf.Tensor, kind: LossKind, delta: number): tf.Tensor {
  if (kind === 'mse') return tf.square(error);
  const size = tf.abs(error);
  if (kind === 'mae') return size;
  const near = tf.minimum(size, delta);
  return tf.add(tf.mul(tf.square(near), 0.5), tf.mul(tf.sub(size, near), delta));
}
