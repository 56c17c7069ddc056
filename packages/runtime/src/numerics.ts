import type * as tfjs from '@tensorflow/tfjs-core';

/** The known answers that a backend must give: matrix product, convolution, gradient, int32 rounding. */
export interface NumericsResult {
  /** Names of the sums that came out wrong; empty when the backend is sound. */
  readonly wrong: readonly string[];
  readonly tensorflowVersion: string;
  readonly gpu: boolean;
}

/**
 * Does four small sums on the current backend and compares them with answers worked out by hand.
 *
 * The function stands alone on purpose: the smoke test sends its source text to a child process.
 */
export function checkNumerics(tf: typeof tfjs): NumericsResult {
  const check = (name: string, tensor: tfjs.Tensor, expected: readonly number[]): string[] => {
    const values = Array.from(tensor.dataSync());
    const near = values.every((value, i) => Math.abs(value - (expected[i] ?? NaN)) < 1e-4);
    return near && values.length === expected.length ? [] : [name];
  };
  const wrong = [
    () =>
      check(
        'matMul',
        tf.matMul(
          [
            [1, 2],
            [3, 4],
          ],
          [
            [5, 6],
            [7, 8],
          ],
        ),
        [19, 22, 43, 50],
      ),
    () =>
      check(
        'conv2d',
        tf.conv2d(tf.ones<tfjs.Rank.R4>([1, 3, 3, 1]), tf.ones([2, 2, 1, 1]), 1, 'valid'),
        [4, 4, 4, 4],
      ),
    () => {
      const square = (x: tfjs.Tensor) => tf.sum(tf.mul(x, x));
      return check('gradient', tf.grad(square)(tf.tensor1d([1, -2, 3])), [2, -4, 6]);
    },
    () => check('round of int32', tf.round(tf.tensor1d([-3, 0, 7], 'int32')), [-3, 0, 7]),
  ].flatMap((sum) => {
    tf.engine().startScope('numerics');
    try {
      return sum();
    } finally {
      tf.engine().endScope();
    }
  });
  const backend = tf.backend() as unknown as {
    readonly binding?: { readonly TF_Version?: string };
    readonly isUsingGpuDevice?: boolean;
  };
  return {
    wrong,
    tensorflowVersion: backend.binding?.TF_Version ?? 'unknown',
    gpu: backend.isUsingGpuDevice === true,
  };
}
