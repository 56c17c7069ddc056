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
   * The training samples at `indices` as tensors, which the loop disposes.
   *
   * @param rng A stream that belongs to this batch of this epoch: drawn from it, augmentation is
   * the same after a resume.
   */
  trainBatch(indices: readonly number[], rng: Rng): B | Promise<B>;
  /** The mean loss of a batch, forward pass in training mode; called where gradients are recorded. */
  loss(batch: B): tf.Scalar;
  /** Scores on the validation set, for example `{ val_loss, val_accuracy }`; `{}` if there is none. */
  validate(): Promise<Readonly<Record<string, number>>>;
}
