import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { findLearningRate } from '../src/index.js';
import { createTinyTask } from './tiny-task.js';

/** Asked for by name only: the trainer does not depend on it. */
const RUNTIME = '@arctic/runtime';

async function nativeBackendIsThere(): Promise<boolean> {
  try {
    const runtime: { loadBackend(): Promise<{ backend: string }> } = await import(RUNTIME);
    return (await runtime.loadBackend()).backend === 'tensorflow';
  } catch {
    return false;
  }
}

// Kernels of the native backend write weights in place: a copy that shares memory would move with them.
describe.skipIf(!(await nativeBackendIsThere()))('findLearningRate on the native backend', () => {
  it.each(['adamw', 'sgd'] as const)('puts weights and statistics back (%s)', async (kind) => {
    await tf.setBackend('tensorflow');
    const before = tf.memory().numTensors;
    const task = createTinyTask();
    const weights = task.weights();
    const { points } = await findLearningRate(task, {
      batchSize: 8,
      seed: 1,
      optimizer: { kind, learningRate: 1 },
      steps: 20,
    });
    expect(points[0]?.loss).not.toBe(points[15]?.loss);
    expect(task.weights()).toEqual(weights);
    task.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
