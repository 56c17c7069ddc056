import * as tf from '@tensorflow/tfjs-core';
import { createRng, type Parameter, type TrainTask } from '../src/index.js';

export type TinyBatch = { x: tf.Tensor4D; y: tf.Tensor1D };

export interface TinyTask extends TrainTask<TinyBatch> {
  /** All weights, one after the other. */
  weights(): number[];
  /** Indices of the samples of every batch that was asked for. */
  readonly seen: number[][];
  dispose(): void;
}

/**
 * A small convolutional classifier of noisy stripes (along rows or along columns), with a running
 * statistic that the forward pass changes, and augmentation drawn from the batch's stream.
 */
export function createTinyTask(trainSize = 20): TinyTask {
  const rng = createRng(5);
  const normal = (shape: number[], scale: number) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, () => scale * rng.normal()),
      shape,
    );
  };
  const variable = (shape: number[], scale: number, trainable = true) =>
    tf.tidy(() => tf.variable(normal(shape, scale), trainable));
  const filter = variable([3, 3, 1, 3], 0.4) as tf.Variable<tf.Rank.R4>;
  const weight = variable([3, 1], 0.5) as tf.Variable<tf.Rank.R2>;
  const bias = variable([1], 0);
  const mean = variable([3], 0, false);
  const parameters: Parameter[] = [
    { name: 'conv.weight', variable: filter, trainable: true, decay: true },
    { name: 'linear.weight', variable: weight, trainable: true, decay: true },
    { name: 'linear.bias', variable: bias, trainable: true, decay: false },
    { name: 'norm.running_mean', variable: mean, trainable: false, decay: false },
  ];
  const image = (index: number): number[] =>
    Array.from({ length: 36 }, (_, i) => {
      const along = index % 2 === 0 ? i % 6 : Math.floor(i / 6);
      return (along % 2 === 0 ? 1 : -1) * (1 + 0.01 * index);
    });
  const logits = (x: tf.Tensor4D, centre: tf.Tensor) => {
    const features = tf.sub(tf.mean(tf.square(tf.conv2d(x, filter, 1, 'valid')), [1, 2]), centre);
    return tf.squeeze<tf.Tensor1D>(tf.add(tf.matMul(features as tf.Tensor2D, weight), bias), [1]);
  };
  const seen: number[][] = [];
  return {
    parameters,
    trainSize,
    seen,
    trainBatch(indices, rngs) {
      seen.push([...indices]);
      const pixels = indices.map((i, n) =>
        image(i).map((v) => v + 0.3 * (rngs[n]?.normal() ?? NaN)),
      );
      return {
        x: tf.tensor4d(pixels.flat(), [indices.length, 6, 6, 1]),
        y: tf.tensor1d(indices.map((i) => i % 2)),
      };
    },
    loss({ x, y }) {
      const batchMean = tf.mean(tf.square(tf.conv2d(x, filter, 1, 'valid')), [0, 1, 2]);
      tf.tidy(() => mean.assign(tf.add(tf.mul(mean, 0.9), tf.mul(batchMean, 0.1))));
      const z = logits(x, batchMean);
      // Binary cross-entropy on logits.
      return tf.mean(tf.add(tf.sub(tf.relu(z), tf.mul(z, y)), tf.log1p(tf.exp(tf.neg(tf.abs(z))))));
    },
    async validate() {
      const indices = [101, 102, 103, 104];
      const z = tf.tidy(() => logits(tf.tensor4d(indices.flatMap(image), [4, 6, 6, 1]), mean));
      const values = await z.data();
      z.dispose();
      const right = indices.filter((index, i) => (values[i] ?? 0) > 0 === (index % 2 === 1));
      const loss = indices.map((index, i) =>
        Math.log1p(Math.exp((index % 2 === 1 ? -1 : 1) * (values[i] ?? 0))),
      );
      return { val_loss: loss.reduce((a, b) => a + b, 0) / 4, val_accuracy: right.length / 4 };
    },
    weights: () => parameters.flatMap((parameter) => [...parameter.variable.dataSync()]),
    dispose: () => tf.dispose(parameters.map((parameter) => parameter.variable)),
  };
}
