import * as tf from '@tensorflow/tfjs';
import { consume, createRng, csvLogger, fit, progressBar } from '../src/index.js';
import type { Callback, FitResult, Parameter, Rng, TrainTask } from '../src/index.js';

/** Points on two interleaved half circles, and the circle each lies on. */
function twoMoons(size: number, rng: Rng) {
  const labels = Array.from({ length: size }, (_, i) => i % 2);
  const points = labels.map((label) => {
    const angle = Math.PI * rng.next();
    return label === 0
      ? [Math.cos(angle), Math.sin(angle)]
      : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  });
  return { points, labels };
}

/** A network with one hidden layer, as a task. */
function twoMoonsTask(seed: number): TrainTask<{ x: tf.Tensor2D; y: tf.Tensor2D }> {
  const rng = createRng(seed);
  const train = twoMoons(400, rng.fork('train'));
  const validation = twoMoons(200, rng.fork('validation'));

  const init = rng.fork('init');
  const variable = (rows: number, columns: number, scale: number) =>
    tf.tidy(() => {
      const values = Array.from({ length: rows * columns }, () => scale * init.normal());
      return tf.variable(tf.tensor2d(values, [rows, columns])) as tf.Variable<tf.Rank.R2>;
    });
  const [w1, b1, w2, b2] = [
    variable(2, 32, 1),
    variable(1, 32, 0),
    variable(32, 1, 0.2),
    variable(1, 1, 0),
  ] as const;
  const parameters: Parameter[] = [
    { name: 'hidden.weight', variable: w1, trainable: true, decay: true },
    { name: 'hidden.bias', variable: b1, trainable: true, decay: false },
    { name: 'output.weight', variable: w2, trainable: true, decay: true },
    { name: 'output.bias', variable: b2, trainable: true, decay: false },
  ];
  const logits = (x: tf.Tensor2D) =>
    tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(x, w1), b1)), w2), b2);

  return {
    parameters,
    trainSize: train.points.length,
    // Noise is drawn anew in every pass, from the stream of each sample.
    trainBatch(indices, rngs) {
      const points = indices.map((i, n) =>
        (train.points[i] ?? []).map((v) => v + 0.1 * (rngs[n]?.normal() ?? 0)),
      );
      const labels = indices.map((i) => [train.labels[i] ?? 0]);
      return { x: tf.tensor2d(points, [points.length, 2]), y: tf.tensor2d(labels) };
    },
    loss: ({ x, y }) => tf.losses.sigmoidCrossEntropy(y, logits(x)) as tf.Scalar,
    async validate() {
      const [loss, accuracy] = tf.tidy(() => {
        const y = tf.tensor2d(validation.labels, [200, 1]);
        const z = logits(tf.tensor2d(validation.points));
        const right = tf.equal(tf.greater(z, 0), tf.cast(y, 'bool'));
        return [tf.losses.sigmoidCrossEntropy(y, z), tf.mean(right)] as const;
      });
      const scores = {
        val_loss: (await loss.data())[0] ?? NaN,
        val_accuracy: (await accuracy.data())[0] ?? NaN,
      };
      tf.dispose([loss, accuracy]);
      return scores;
    },
  };
}

/** Trains and leaves `metrics.csv` and `checkpoints/{best,last}` in the run folder. */
export async function trainTwoMoons(runFolder: string): Promise<FitResult> {
  const task = twoMoonsTask(1);
  const progress: Callback = progressBar({
    write: (text) => process.stderr.write(text),
    isTTY: process.stderr.isTTY,
    columns: process.stderr.columns,
    now: () => performance.now(),
  });
  const events = fit(task, {
    epochs: 40,
    batchSize: 32,
    seed: 1,
    optimizer: { kind: 'adamw', learningRate: 0.03 },
    schedule: { kind: 'cosine', warmupSteps: 20 },
    clipNorm: 1,
    monitor: { name: 'val_accuracy', mode: 'max' },
    earlyStopping: { patience: 10, restoreBest: true },
    runFolder,
    resume: true,
  });
  const result = await consume(events, progress, csvLogger(`${runFolder}/metrics.csv`));
  tf.dispose(task.parameters.map((parameter) => parameter.variable));
  return result;
}
