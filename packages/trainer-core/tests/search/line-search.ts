import * as tf from '@tensorflow/tfjs';
import { findLearningRate, search, searchTable, trainTrial } from '../../src/index.js';
import type { SearchResult, TrainTask } from '../../src/index.js';

/** A line through noisy points, y = 3x − 1, as a task. */
function lineTask(): TrainTask<{ x: tf.Tensor1D; y: tf.Tensor1D }> {
  const slope = tf.tidy(() => tf.variable(tf.scalar(0)));
  const offset = tf.tidy(() => tf.variable(tf.scalar(0)));
  const line = (x: tf.Tensor1D) => tf.add(tf.mul(x, slope), offset);
  return {
    parameters: [
      { name: 'slope', variable: slope, trainable: true, decay: true },
      { name: 'offset', variable: offset, trainable: true, decay: false },
    ],
    trainSize: 64,
    trainBatch(indices, rngs) {
      const x = indices.map((i) => i / 32 - 1);
      const y = x.map((v, i) => 3 * v - 1 + 0.1 * (rngs[i]?.normal() ?? 0));
      return { x: tf.tensor1d(x), y: tf.tensor1d(y) };
    },
    loss: ({ x, y }) => tf.mean(tf.squaredDifference(line(x), y)),
    async validate() {
      const loss = tf.tidy(() => {
        const x = tf.linspace(-1, 1, 50);
        return tf.mean(tf.squaredDifference(line(x), tf.sub(tf.mul(x, 3), 1)));
      });
      const [val_loss = NaN] = await loss.data();
      loss.dispose();
      return { val_loss };
    },
  };
}

/** The learning rate that a range test suggests. */
export async function suggestRate(): Promise<number | null> {
  const task = lineTask();
  const { suggestion } = await findLearningRate(task, {
    batchSize: 16,
    seed: 1,
    optimizer: { kind: 'adamw', learningRate: 1e-3 }, // the rate is what is looked for
    from: 1e-5,
    to: 10,
  });
  tf.dispose(task.parameters.map((parameter) => parameter.variable));
  return suggestion;
}

/** Nine settings, of which the better thirds get three times the epochs, twice. */
export async function searchLine(folder: string): Promise<SearchResult | undefined> {
  const events = search({
    space: {
      learningRate: { kind: 'logUniform', low: 1e-3, high: 1 },
      kind: { kind: 'choice', values: ['adamw', 'sgd'] },
    },
    strategy: { kind: 'halving', trials: 9, minBudget: 1, maxBudget: 9 },
    objective: { name: 'val_loss', mode: 'min' },
    seed: 1,
    folder, // journal.jsonl and the trials' checkpoints
    resume: true,
    async run(job, hooks) {
      const task = lineTask();
      const learningRate = Number(job.settings['learningRate']);
      const kind = job.settings['kind'] === 'sgd' ? 'sgd' : 'adamw';
      const options = { batchSize: 16, seed: job.seed, optimizer: { kind, learningRate } } as const;
      const end = await trainTrial(task, options, job, hooks);
      tf.dispose(task.parameters.map((parameter) => parameter.variable));
      return end;
    },
  });
  for await (const event of events) {
    if (event.kind === 'end') {
      process.stdout.write(`${searchTable(event.result.trials, 'val_loss')}\n`);
      return event.result;
    }
  }
  return undefined;
}
