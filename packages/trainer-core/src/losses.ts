import * as tf from '@tensorflow/tfjs-core';
import { check, share } from './check.js';
import { OptionsError } from './errors.js';

/** Which labels count how much. */
export interface LabelWeights {
  /**
   * Weight of each sample, or of each label: shaped like the labels or their first axes; 0 masks.
   * @default 1 each
   */
  readonly sampleWeights?: tf.Tensor;
  /** Share of every label that is spread over all classes, 0 … 1. @default 0 */
  readonly labelSmoothing?: number;
}

/** Settings of the cross-entropy of several classes. */
export interface SoftmaxCrossEntropyOptions extends LabelWeights {
  /** Weight of each class, [K]. @default 1 each */
  readonly classWeights?: readonly number[] | tf.Tensor;
}

/** Settings of the cross-entropy of yes or no. */
export interface SigmoidCrossEntropyOptions extends LabelWeights {
  /** What a "yes" counts in units of a "no": one number, or one for each of the last axis. @default 1 */
  readonly positiveWeights?: number | readonly number[] | tf.Tensor;
}

/**
 * The mean cross-entropy of classes that exclude each other, equal to torch's `cross_entropy`: with
 * class weights, divided by the sum of the weights of the labels.
 *
 * @param logits [..., K], float32.
 * @param labels Classes [...], where numbers outside 0 … K − 1 are left out; or probabilities
 * [..., K], whose mean, as in torch, is not divided by class weights.
 * @returns a scalar; 0 when nothing counts.
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  options: SoftmaxCrossEntropyOptions = {},
): tf.Scalar {
  const { labelSmoothing = 0 } = options;
  check('labelSmoothing', labelSmoothing, share);
  return tf.tidy(() => {
    const { targets, counts, classWeights } = softmaxParts(logits.shape, labels, options);
    const classes = logits.shape.at(-1) ?? NaN;
    const even = labelSmoothing / classes;
    const smooth =
      labelSmoothing === 0 ? targets : tf.add(tf.mul(targets, 1 - labelSmoothing), even);
    const weighted = classWeights ? tf.mul(smooth, classWeights) : smooth;
    const losses = tf.neg(tf.sum(tf.mul(weighted, tf.logSoftmax(logits)), -1)); // [...]
    const total = softmaxCrossEntropyWeight(logits.shape, labels, options);
    return ratio(tf.sum(tf.mul(losses, counts)), total);
  });
}

/**
 * What `softmaxCrossEntropy` divides by: the task's `lossWeight`, so that the parts of a batch make
 * up its mean.
 *
 * @param shape Of the logits, [..., K].
 * @returns a scalar.
 */
export function softmaxCrossEntropyWeight(
  shape: readonly number[],
  labels: tf.Tensor,
  options: SoftmaxCrossEntropyOptions = {},
): tf.Scalar {
  return tf.tidy(() => {
    const { targets, counts, classWeights, areClasses } = softmaxParts(shape, labels, options);
    if (!classWeights || !areClasses) return tf.sum(counts);
    return tf.sum(tf.mul(tf.sum(tf.mul(targets, classWeights), -1), counts));
  });
}

/**
 * The mean cross-entropy of labels that are yes (1), no (0) or something between, equal to torch's
 * `binary_cross_entropy_with_logits` (`positiveWeights` is its `pos_weight`). With sample weights it
 * is the weighted mean.
 *
 * Unlike `tf.losses.sigmoidCrossEntropy`, the gradient is right at a logit of 0 too.
 *
 * @param logits [...], float32.
 * @param labels [...], 0 … 1.
 * @returns a scalar; 0 when nothing counts.
 */
export function sigmoidCrossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  options: SigmoidCrossEntropyOptions = {},
): tf.Scalar {
  const { labelSmoothing = 0, positiveWeights = 1, sampleWeights } = options;
  check('labelSmoothing', labelSmoothing, share);
  expectShape('labels', labels.shape, logits.shape);
  return tf.tidy(() => {
    const hard = tf.cast(labels, 'float32');
    const y =
      labelSmoothing === 0 ? hard : tf.add(tf.mul(hard, 1 - labelSmoothing), labelSmoothing / 2);
    const yes = tf.mul(y, tensorOf(positiveWeights));
    const no = tf.sub(1, y);
    const losses = tf.add(
      tf.mul(yes, tf.softplus(tf.neg(logits))),
      tf.mul(no, tf.softplus(logits)),
    );
    const counts = countsOf(logits.shape, sampleWeights);
    return ratio(tf.sum(tf.mul(losses, counts)), tf.sum(counts));
  });
}

/** What `sigmoidCrossEntropy` divides by, a scalar: the task's `lossWeight`. */
export function sigmoidCrossEntropyWeight(
  labels: tf.Tensor,
  { sampleWeights }: SigmoidCrossEntropyOptions = {},
): tf.Scalar {
  return tf.tidy(() => tf.sum(countsOf(labels.shape, sampleWeights)));
}

function softmaxParts(
  shape: readonly number[],
  labels: tf.Tensor,
  { classWeights, sampleWeights }: SoftmaxCrossEntropyOptions,
) {
  const classes = shape.at(-1) ?? 0;
  const areClasses = labels.rank === shape.length - 1;
  expectShape('labels', labels.shape, areClasses ? shape.slice(0, -1) : shape);
  const targets = areClasses
    ? tf.cast(tf.oneHot(tf.cast(labels, 'int32'), classes), 'float32')
    : tf.cast(labels, 'float32');
  const weights = countsOf(shape.slice(0, -1), sampleWeights);
  const weightsOfClasses = classWeights && tensorOf(classWeights);
  if (weightsOfClasses) expectShape('classWeights', weightsOfClasses.shape, [classes]);
  return {
    targets, // [..., K]
    // A class that there is not has an empty row.
    counts: areClasses ? tf.mul(weights, tf.sum(targets, -1)) : weights, // [...]
    classWeights: weightsOfClasses,
    areClasses,
  };
}

/** Sample weights in the shape of the labels. */
function countsOf(shape: readonly number[], weights: tf.Tensor | undefined): tf.Tensor {
  if (weights === undefined) return tf.ones([...shape]);
  expectShape('sampleWeights', weights.shape, shape.slice(0, weights.rank));
  const trailing = shape.slice(weights.rank).map(() => 1);
  const column = tf.reshape(tf.cast(weights, 'float32'), [...weights.shape, ...trailing]);
  return tf.mul(column, tf.ones([...shape]));
}

function tensorOf(values: number | readonly number[] | tf.Tensor): tf.Tensor {
  if (values instanceof tf.Tensor) return values;
  return typeof values === 'number' ? tf.scalar(values) : tf.tensor1d([...values]);
}

/** Of sums; 0 when there is nothing to divide by, where the sum is 0 too. */
function ratio(sum: tf.Tensor, total: tf.Tensor): tf.Scalar {
  return tf.div(sum, tf.add(total, tf.cast(tf.equal(total, 0), 'float32'))) as tf.Scalar; // both are scalars
}

function expectShape(name: string, shape: readonly number[], expected: readonly number[]): void {
  if (shape.join() === expected.join()) return;
  throw new OptionsError(
    `Expected ${name} of shape [${expected.join()}]. Received: [${shape.join()}].`,
  );
}
