import * as tf from '@tensorflow/tfjs-core';
import { createRng, shareOf, type Parameter, type TrainTask } from '../src/index.js';

type Batch = { readonly x: tf.Tensor2D; readonly y: tf.Tensor2D; readonly w: tf.Tensor2D };

/**
 * A weighted regression on noisy points, whose samples weigh differently and whose validation is
 * dealt out; the weights begin differently in each process, as if it had no common seed.
 */
export function createShardedTask(rank: number): TrainTask<Batch> & { weights(): number[] } {
  const rng = createRng(100 + rank);
  const variable = (rows: number, columns: number) =>
    tf.tidy(() => {
      const values = Array.from({ length: rows * columns }, () => 0.5 * rng.normal());
      return tf.variable(tf.tensor2d(values, [rows, columns])) as tf.Variable<tf.Rank.R2>;
    });
  const [w1, w2] = [variable(2, 8), variable(8, 1)] as const;
  const parameters: Parameter[] = [
    { name: 'w1', variable: w1, trainable: true, decay: true },
    { name: 'w2', variable: w2, trainable: true, decay: true },
  ];
  const predict = (x: tf.Tensor2D) => tf.matMul(tf.tanh(tf.matMul(x, w1)), w2);
  const sample = (i: number) => [Math.sin(i), Math.cos(3 * i)] as const;
  const loss = ({ x, y, w }: Batch) =>
    tf.div<tf.Scalar>(tf.sum(tf.mul(w, tf.squaredDifference(predict(x), y))), tf.sum(w));
  const batchOf = (indices: readonly number[], noise: (n: number) => number): Batch => ({
    x: tf.tensor2d(indices.map((i, n) => sample(i).map((v) => v + 0.1 * noise(n)))),
    y: tf.tensor2d(indices.map((i) => [sample(i)[0] * sample(i)[1]])),
    w: tf.tensor2d(indices.map((i) => [1 + (i % 5)])),
  });
  return {
    parameters,
    trainSize: 37,
    trainBatch: (indices, rngs) => batchOf(indices, (n) => rngs[n]?.normal() ?? NaN),
    loss,
    lossWeight: ({ w }) => tf.tidy(() => tf.sum<tf.Scalar>(w)),
    async validate(request) {
      let sum = 0;
      let weight = 0;
      for (const i of shareOf([50, 51, 52, 53, 54], request)) {
        const batch = batchOf([i, i + 10], () => 0);
        const value = tf.tidy(() => loss(batch));
        sum += 2 * ((await value.data())[0] ?? NaN);
        weight += 2;
        tf.dispose([value, batch]);
      }
      return { val_loss: { sum, weight }, constant: 3 };
    },
    weights: () => parameters.flatMap((parameter) => [...parameter.variable.dataSync()]),
  };
}
