import * as tf from '@tensorflow/tfjs-core';
import { SiameseError } from './errors.js';

/** Keeps a ratio of sums finite. */
const TINY = 1e-12;

/** How {@link changeLoss} weighs its parts. */
export interface ChangeLossOptions {
  /** Weight of changed pixels in the cross-entropy, as `pos_weight` of torch. @default 1 */
  readonly positiveWeight?: number;
  /** Weight of the cross-entropy. @default 1 */
  readonly bceWeight?: number;
  /** Weight of the Dice loss. @default 1 */
  readonly diceWeight?: number;
  /** Added to both sides of the Dice ratio, in pixels: decides batches without any change. @default 1 */
  readonly diceSmoothing?: number;
  /** 1 where a pixel counts, 0 where the truth is unknown; parts between are weights. Shape: [B,H,W,1]. @default 1 everywhere */
  readonly valid?: tf.Tensor4D;
}

/**
 * Binary cross-entropy with positive weight, plus Dice over the whole batch.
 *
 * The cross-entropy counts every pixel, the Dice loss the overlap of the changed area: with few changed pixels
 * the one is stable and the other is what the score asks for.
 * References: `torch.nn.BCEWithLogitsLoss`; Milletari et al. 2016, V-Net (arXiv 1606.04797).
 *
 * @param logits shape [B,H,W,1] float32.
 * @param target shape [B,H,W,1], 0 unchanged, 1 changed.
 * @returns a float32 scalar; 0 when no pixel is valid.
 * @throws {SiameseError} when shapes or weights do not fit.
 */
export function changeLoss(
  logits: tf.Tensor4D,
  target: tf.Tensor4D,
  options: ChangeLossOptions = {},
): tf.Scalar {
  const { positiveWeight = 1, bceWeight = 1, diceWeight = 1, diceSmoothing = 1, valid } = options;
  checkShape('target', target, logits);
  if (valid) checkShape('valid', valid, logits);
  for (const [name, value] of Object.entries({
    positiveWeight,
    bceWeight,
    diceWeight,
    diceSmoothing,
  })) {
    if (!(value >= 0 && Number.isFinite(value))) {
      throw new SiameseError(`Change loss: expected ${name} ≥ 0. Received: ${value}.`);
    }
  }
  return tf.tidy(() => {
    const weight = valid ?? tf.ones<tf.Rank.R4>(logits.shape); // [B,H,W,1]
    const changed = tf.mul(tf.cast(target, 'float32'), weight);
    const unchanged = tf.sub(weight, changed);
    // −y·log σ(x) = y·softplus(−x) and −(1−y)·log(1−σ(x)) = (1−y)·(x + softplus(−x)): stable for every x.
    const softplus = tf.softplus(tf.neg(logits));
    const costs = tf.add(
      tf.mul(unchanged, logits),
      tf.mul(tf.add(unchanged, tf.mul(changed, positiveWeight)), softplus),
    );
    const bce = tf.div(tf.sum(costs), tf.maximum(tf.sum(weight), TINY));
    const probability = tf.mul(tf.sigmoid(logits), weight);
    const overlap = tf.sum(tf.mul(probability, changed));
    const total = tf.add(tf.sum(probability), tf.sum(changed));
    const ratio = tf.div(tf.add(tf.mul(overlap, 2), diceSmoothing), tf.add(total, diceSmoothing));
    const someValid = tf.minimum(tf.sum(weight), 1);
    const dice = tf.mul(tf.sub(1, ratio), someValid);
    return tf.add(tf.mul(bce, bceWeight), tf.mul(dice, diceWeight)) as tf.Scalar; // sums over everything
  });
}

function checkShape(name: string, tensor: tf.Tensor, logits: tf.Tensor4D): void {
  if (tensor.shape.join() === logits.shape.join()) return;
  throw new SiameseError(
    `Change loss: expected ${name} of shape [${logits.shape.join()}]. Received: [${tensor.shape.join()}].`,
  );
}
