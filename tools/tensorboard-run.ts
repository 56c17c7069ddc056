import { writePng } from '@arctic/raster';
import { createRng, fit, tensorBoardLogger, type TrainTask } from '@arctic/trainer-core';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

type Batch = { readonly x: tf.Tensor2D; readonly y: tf.Tensor2D };

/** A line through noisy points. */
function lineTask(): TrainTask<Batch> {
  const rng = createRng(1);
  const [slope, offset] = [tf.variable(tf.tensor2d([[0]])), tf.variable(tf.tensor1d([0]))] as const;
  const predict = (x: tf.Tensor2D) => tf.add(tf.matMul(x, slope), offset);
  const points = Array.from({ length: 64 }, () => rng.normal());
  return {
    parameters: [
      { name: 'slope', variable: slope, trainable: true, decay: true },
      { name: 'offset', variable: offset, trainable: true, decay: false },
    ],
    trainSize: points.length,
    trainBatch: (indices) => ({
      x: tf.tensor2d(indices.map((i) => [points[i] ?? 0])),
      y: tf.tensor2d(indices.map((i) => [3 * (points[i] ?? 0) - 1])),
    }),
    loss: ({ x, y }) => tf.mean<tf.Scalar>(tf.squaredDifference(predict(x), y)),
    validate: async () => ({ val_loss: Math.abs(((await slope.data())[0] ?? 0) - 3) }),
  };
}

/**
 * Trains, stops in the middle of an epoch after logging more than the checkpoint holds, with the last
 * record cut short, and resumes.
 */
export async function writeRun(folder: string) {
  const image = join(folder, '..', 'gradient.png');
  await writePng(image, {
    ...{ width: 8, height: 8, channels: 3 },
    data: Uint8Array.from({ length: 192 }, (_, i) => i),
  });
  const steps: number[] = [];
  const losses: number[] = [];
  const epochs: number[] = [];
  const train = async (until: number) => {
    const task = lineTask();
    const log = tensorBoardLogger({
      ...{ folder: join(folder, 'tensorboard'), everySteps: 1, parameters: task.parameters },
      images: async () => ({ 'samples/gradient': readFileSync(image) }),
      now: Date.now,
    });
    const optimizer = { kind: 'adamw', learningRate: 0.1 } as const;
    const run = { epochs: 6, batchSize: 16, seed: 1, optimizer, runFolder: folder, resume: true };
    for await (const event of fit(task, run)) {
      await log(event);
      if (event.kind === 'batch') {
        steps[event.step - 1] = event.step;
        losses[event.step - 1] = event.loss;
        if (event.step === until) break;
      }
      if (event.kind === 'epoch') epochs[event.epoch - 1] = event.metrics.step;
    }
    tf.dispose(task.parameters.map(({ variable }) => variable));
  };
  await train(11);
  const board = join(folder, 'tensorboard');
  for (const name of readdirSync(board)) {
    const file = join(board, name);
    truncateSync(file, readFileSync(file).length - 5);
  }
  await train(Infinity);
  return { steps, losses, epochs, parameters: 2 };
}
