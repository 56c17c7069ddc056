import type * as tf from '@tensorflow/tfjs-core';
import { createAdamW } from './adamw.js';
import type { OptimizerOptions } from './options.js';
import { createSgd } from './sgd.js';
import type { Parameter } from './task.js';

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

/** Changes parameters by their gradients; owns one or two slots per parameter. */
export interface Optimizer {
  /**
   * Takes one step.
   *
   * @param gradients By parameter name; a parameter without one is left alone. Not disposed.
   * @param learningRate Rate of this step.
   * @param clip Applied to each gradient first. @default nothing
   */
  apply(
    gradients: ReadonlyMap<string, tf.Tensor>,
    learningRate: number,
    clip?: (gradient: tf.Tensor) => tf.Tensor,
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
  }
}
