import type * as tfjs from '@tensorflow/tfjs-core';

/** The known answers that a backend must give: matrix product, convolutions, gradient, int32 rounding. */
export interface NumericsResult {
  /** Names of the sums that came out wrong; empty when the backend is sound. */
  readonly wrong: readonly string[];
  readonly tensorflowVersion: string;
  readonly gpu: boolean;
}

/**
 * Does a few small sums on the current backend and compares them with answers worked out by hand.
 *
 * The function stands alone on purpose: the smoke test sends its source text to a child process.
 */
export function checkNumerics(tf: typeof tfjs): NumericsResult {
  const check = (name: string, tensor: tfjs.Tensor, expected: readonly number[]): string[] => {
    const values = Array.from(tensor.dataSync());
    const near = values.every((value, i) => Math.abs(value - (expected[i] ?? NaN)) < 1e-4);
    return near && values.length === expected.length ? [] : [name];
  };
  type Attribute = { readonly name: string; readonly type: number; readonly value: unknown };
  const backend = tf.backend() as unknown as {
    readonly binding?: { readonly TF_Version?: string; readonly TF_ATTR_INT: number };
    readonly isUsingGpuDevice?: boolean;
    readonly arcticOps?: object;
    executeMultipleOutputs(
      op: string,
      attributes: Attribute[],
      inputs: tfjs.Tensor[],
      outputs: number,
    ): tfjs.Tensor[];
  };
  /** A convolution by this package's own ops, where they are registered. */
  const ownConvolution = (): string[] => {
    const type = backend.binding?.TF_ATTR_INT;
    if (!backend.arcticOps || type === undefined) return [];
    const run = (op: string, inputs: tfjs.Tensor[], settings: number[]): tfjs.Tensor => {
      const values = { N: inputs.length, M: 1, settings };
      const attributes = Object.entries(values).map(([name, value]) => ({ name, type, value }));
      return backend.executeMultipleOutputs(op, attributes, inputs, 1)[0] as tfjs.Tensor; // M is 1
    };
    const packed = run('ArcticPackFilter', [tf.ones([2, 2, 1, 1])], [0, 0]);
    const y = run('ArcticConv', [tf.ones([1, 3, 3, 1]), packed], [2, 2, 1, 1, 0, 0, 2, 2, 0, 0, 0]);
    return check('own convolution', y, [4, 4, 4, 4]);
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
    () => ownConvolution(),
    () => check('round of int32', tf.round(tf.tensor1d([-3, 0, 7], 'int32')), [-3, 0, 7]),
  ].flatMap((sum) => {
    tf.engine().startScope('numerics');
    try {
      return sum();
    } finally {
      tf.engine().endScope();
    }
  });
  return {
    wrong,
    tensorflowVersion: backend.binding?.TF_Version ?? 'unknown',
    gpu: backend.isUsingGpuDevice === true,
  };
}
