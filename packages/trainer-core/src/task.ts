import type * as tf from '@tensorflow/tfjs-core';
import type { Rng } from './rng.js';

/** One named array of numbers of a model. */
export interface Parameter {
  /** Unique within the task; the key in checkpoints. */
  readonly name: string;
  /** The live values, float32 or int32. */
  readonly variable: tf.Variable;
  /** Whether the optimizer changes it. Others (running statistics) are only checkpointed. */
  readonly trainable: boolean;
  /** Whether weight decay applies; usually false for biases and normalisation. */
  readonly decay: boolean;
}

/**
 * A score: a number, or a ratio of sums. Ratios can be pooled when several processes validate a part
 * each: mean loss, accuracy, F1 = 2·TP / (2·TP + FP + FN). Numbers are averaged over the processes,
 * so each should have looked at everything.
 */
export type Score = number | { readonly sum: number; readonly weight: number };

/** Which part of the validation set is wanted. */
export interface ValidationRequest {
  /** No more than the first so many batches; Infinity for all. */
  readonly maxBatches: number;
  /** Number of this process, from 0. */
  readonly rank: number;
  /** Processes that validate; 1 where training is not distributed. */
  readonly ranks: number;
}

/**
 * What there is to train: parameters, data and a loss. The loop knows no more than this of a model.
 *
 * Class weights, sample weights and masks are part of the batch and of `loss`: put them into what
 * `trainBatch` returns and multiply there.
 *
 * @typeParam B What one batch is made of: a tensor, or an array or record of tensors.
 */
export interface TrainTask<B extends tf.TensorContainer> {
  /** All parameters, the ones that are not trained included. */
  readonly parameters: readonly Parameter[];
  /** Number of training samples; batches are drawn from indices 0 … trainSize − 1. */
  readonly trainSize: number;
  /**
   * The training samples at `indices` as tensors, which the loop disposes. With `prefetch` it is
   * called while earlier batches are still being trained on.
   *
   * @param rngs The stream of each sample: drawn from it, augmentation is the same after a resume
   * and with any number of workers or processes.
   */
  trainBatch(indices: readonly number[], rngs: readonly Rng[]): B | Promise<B>;
  /** The mean loss of a batch, forward pass in training mode; called where gradients are recorded. */
  loss(batch: B): tf.Scalar;
  /**
   * How much a batch counts when the parts of one are put together (`accumulate`, several
   * processes): what the mean in `loss` was divided by. @default the number of samples
   */
  lossWeight?(batch: B): number | tf.Scalar;
  /** Scores on the validation set, for example `{ val_loss, val_accuracy }`; `{}` if there is none. */
  validate(request: ValidationRequest): Promise<Readonly<Record<string, Score>>>;
}
