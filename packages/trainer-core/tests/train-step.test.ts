import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { consume, fit } from '../src/index.js';
import { createTinyTask } from './tiny-task.js';

// Without a tensor count: TensorFlow.js itself leaves tensors behind when a gradient is missing.
it('says what to import when TensorFlow.js has no gradients', async () => {
  const gradient = tf.getGradient('Conv2D');
  tf.unregisterGradient('Conv2D');
  const optimizer = { kind: 'sgd', learningRate: 0.1 } as const;
  const run = consume(fit(createTinyTask(), { epochs: 1, batchSize: 8, seed: 1, optimizer }));
  await expect(run)
    .rejects.toThrow("Import '@tensorflow/tfjs' or '@tensorflow/tfjs-node' first.")
    .finally(() => tf.registerGradient(gradient));
});
