import type * as tf from '@tensorflow/tfjs-core';
import { createAdamW, type AdamWOptions } from './adamw.js';
import { createRmsprop, type RmspropOptions } from './rmsprop.js';
import { createSgd, type SgdOptions } from './sgd.js';
import type { Parameter } from './task.js';

/** Which optimizer, with its settings. */
export type OptimizerOptions =
  | ({ readonly kind: 'adamw' } & AdamWOptions)
  | ({ readonly kind: 'sgd' } & SgdOptions)
  | ({ readonly kind: 'rmsprop' } & RmspropOptions);

/** Numbers as they lie in a checkpoint. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** A tensor that can be read when its turn to be saved comes. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  read(): Promise<Float32Array | Int32Array>;
}

/** Changes parameters by their gradients; owns a few slots per parameter. */
export interface Optimizer {
  /**
   * Takes one step.
   *
   * @param gradients By parameter name; a parameter without one is left alone. Not disposed.
   * @param learningRate Rate of this step; parameter groups have multiples of it.
   * @param clip Applied to each gradient first. @default nothing
   * @param momentum Of this step, in place of AdamW's `beta1` or the `momentum` of the others
   * (which have to have one): what `momentumAt` gives. @default that of the options
   */
  apply(
    gradients: ReadonlyMap<string, tf.Tensor>,
    learningRate: number,
    clip?: (gradient: tf.Tensor) => tf.Tensor,
    momentum?: number,
  ): void;
  /** Steps taken so far. */
  readonly steps: number;
  /** The slots, to be saved. */
  slots(): readonly StoredTensor[];
  /** Goes on from saved slots. */
  load(steps: number, slots: ReadonlyMap<string, NamedArray>): void;
  /** Frees the slots. */
  dispose(): void;
}

/** The optimizer that the options ask for. */
export function createOptimizer(
  parameters: readonly Parameter[],
  options: OptimizerOptions,
): Optimizer {
  switch (options.kind) {
    case 'adamw':
      return createAdamW(parameters, options);
    case 'sgd':
      return createSgd(parameters, options);
    case 'rmsprop':
      return createRmsprop(parameters, options);
  }
}
