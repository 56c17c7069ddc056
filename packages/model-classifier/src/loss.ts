import * as tf from '@tensorflow/tfjs-core';
import { ClassifierError } from './errors.js';

/** Keeps a ratio of sums finite. */
const TINY = 1e-12;

/** How {@link crossEntropy} weighs classes, labels and samples. */
export interface CrossEntropyOptions {
  /** Weight of each class, in the order of the logits. @default 1 for each */
  readonly classWeights?: readonly number[];
  /** Part of the target spread evenly over all classes, 0..1. @default 0 */
  readonly labelSmoothing?: number;
  /** Weight of each sample. Shape: [B]. @default 1 for each */
  readonly sampleWeights?: tf.Tensor1D;
}

/**
 * The mean cross-entropy of logits against class indices, as `torch.nn.CrossEntropyLoss` computes it.
 *
 * With class weights the mean is a weighted one: the sum is divided by the summed weights of the labels'
 * classes, not by the number of samples; sample weights enter both sums likewise.
 *
 * @param logits shape [B,K] float32.
 * @param labels shape [B] int32, class indices 0..K−1; a label outside gives no loss and has no weight.
 * @returns a float32 scalar.
 * @throws {ClassifierError} when shapes or weights do not fit.
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: CrossEntropyOptions = {},
): tf.Scalar {
  const [batch, classes] = logits.shape;
  const {
    classWeights = Array.from({ length: classes }, () => 1),
    labelSmoothing = 0,
    sampleWeights,
  } = options;
  check(
    labels.shape.length === 1 && labels.shape[0] === batch,
    `labels of shape [${batch}]`,
    labels.shape,
  );
  check(classWeights.length === classes, `${classes} class weights`, classWeights);
  check(labelSmoothing >= 0 && labelSmoothing <= 1, 'labelSmoothing in 0..1', labelSmoothing);
  check(
    sampleWeights === undefined ||
      (sampleWeights.shape.length === 1 && sampleWeights.shape[0] === batch),
    `sampleWeights of shape [${batch}]`,
    sampleWeights?.shape,
  );
  return tf.tidy(() => {
    const weights = tf.tensor1d([...classWeights]); // [K]
    const hard = tf.cast(tf.oneHot(tf.cast(labels, 'int32'), classes), 'float32'); // [B,K]
    const counts = sampleWeights ? tf.mul(hard, tf.expandDims(sampleWeights, 1)) : hard;
    const present = tf.sum(counts, 1, true); // [B,1] weight of each sample
    const target = tf.add(
      tf.mul(counts, 1 - labelSmoothing),
      tf.mul(present, labelSmoothing / classes),
    );
    const negative = tf.neg(tf.sum(tf.mul(tf.mul(target, weights), tf.logSoftmax(logits))));
    const normaliser = tf.sum(tf.mul(counts, weights));
    // Without any weight the numerator is zero too.
    return tf.div(negative, tf.maximum(normaliser, TINY)) as tf.Scalar; // both are sums over everything
  });
}

function check(fine: boolean, expected: string, received: unknown): void {
  if (fine) return;
  throw new ClassifierError(
    `Cross-entropy: expected ${expected}. Received: ${JSON.stringify(received)}.`,
  );
}
