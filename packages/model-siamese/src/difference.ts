import * as tf from '@tensorflow/tfjs-core';

/**
 * |A − B| of features of both dates that lie one after the other along the batch.
 *
 * One op with its own gradient: slices and their padded gradients would copy every feature twice more.
 *
 * @param pair shape [2B,H,W,C]: first all of date A, then all of date B.
 * @returns shape [B,H,W,C].
 */
export function pairDifference(pair: tf.Tensor4D): tf.Tensor4D {
  const batch = pair.shape[0] / 2;
  const op = tf.customGrad((x, save) => {
    const both = x as tf.Tensor4D; // the one argument below
    const difference = tf.sub(tf.slice(both, 0, batch), tf.slice(both, batch, batch));
    // The type declarations name a callback of two arguments' types only; the engine takes this one.
    (save as tf.GradSaveFunc)([difference]);
    return {
      value: tf.abs(difference),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const towardsA = tf.mul(dy, tf.sign(saved[0] as tf.Tensor)); // saved above
        return tf.concat([towardsA, tf.neg(towardsA)], 0);
      },
    };
  });
  return op(pair) as tf.Tensor4D; // rank of the difference
}
