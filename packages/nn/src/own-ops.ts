import type * as tf from '@tensorflow/tfjs-core';
import { nativeExecutor } from './native.js';

/** Ops that `@arctic/runtime` builds beside TensorFlow's own; float32 in and out. */
export interface OwnOps {
  /** Floats of one vector register: some ops take channels in multiples of it only. */
  readonly lanes: number;
  /**
   * @param outputs How many tensors the op returns.
   * @param settings Whole numbers, as documented beside the op.
   */
  run(
    op: string,
    inputs: readonly tf.Tensor[],
    outputs: number,
    settings: readonly number[],
  ): tf.Tensor[];
}

/** The ops, or null where the runtime has none: another backend, a GPU, or a build without them. */
export function ownOps(): OwnOps | null {
  const native = nativeExecutor();
  if (native?.lanes === undefined) return null;
  return {
    lanes: native.lanes,
    run: (op, inputs, outputs, settings) =>
      native.runMany(op, { N: inputs.length, M: outputs, settings }, inputs, outputs),
  };
}

/** Those of `tensors` that are there, and one bit for each place, the first lowest: how ops take optional inputs. */
export function present(tensors: readonly (tf.Tensor | undefined)[]): {
  readonly inputs: tf.Tensor[];
  readonly bits: number;
} {
  return {
    inputs: tensors.filter((tensor) => tensor !== undefined),
    bits: tensors.reduce((bits, tensor, place) => bits + (tensor ? 2 ** place : 0), 0),
  };
}
