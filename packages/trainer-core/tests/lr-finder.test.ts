import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  findLearningRate,
  OptionsError,
  suggestLearningRate,
  type FindLearningRateOptions,
  type TrainTask,
} from '../src/index.js';
import { useCpuBackend } from './setup.js';
import { createTinyTask } from './tiny-task.js';

useCpuBackend();

const options: FindLearningRateOptions = {
  batchSize: 8,
  seed: 1,
  optimizer: { kind: 'adamw', learningRate: 1 },
  from: 1e-5,
  to: 10,
  steps: 40,
};

/** loss = w² / 2 from w = 1: gradient descent diverges above a rate of 2. */
function parabola(): TrainTask<tf.Tensor> & { w: tf.Variable } {
  const w = tf.tidy(() => tf.variable(tf.scalar(1)));
  return {
    w,
    parameters: [{ name: 'w', variable: w, trainable: true, decay: false }],
    trainSize: 4,
    trainBatch: () => tf.scalar(0.5),
    loss: (half) => tf.mul(tf.square(w), half) as tf.Scalar,
    validate: () => Promise.resolve({}),
  };
}

describe('findLearningRate', () => {
  it.each(['adamw', 'sgd'] as const)(
    'leaves weights, statistics and streams as they were (%s)',
    async (kind) => {
      const task = createTinyTask();
      const before = task.weights();
      const first = await findLearningRate(task, {
        ...options,
        optimizer: { kind, learningRate: 1 },
      });
      expect(task.weights()).toEqual(before);
      const again = await findLearningRate(task, {
        ...options,
        optimizer: { kind, learningRate: 1 },
      });
      expect(again).toEqual(first);
      task.dispose();
    },
  );

  it('restores everything too when the task throws on the way', async () => {
    const task = createTinyTask();
    const before = task.weights();
    let batches = 0;
    const trainBatch: typeof task.trainBatch = (indices, rngs) => {
      if (++batches > 5) throw new Error('no more');
      return task.trainBatch(indices, rngs);
    };
    const failing = { ...task, trainBatch };
    await expect(findLearningRate(failing, { ...options, prefetch: 2 })).rejects.toThrow('no more');
    expect(task.weights()).toEqual(before);
    task.dispose();
  });

  it('spaces rates evenly in their logarithm and tells of each', async () => {
    const task = createTinyTask();
    const told: number[] = [];
    const { points, reason } = await findLearningRate(task, {
      ...options,
      to: 1e-3,
      steps: 11,
      onPoint: ({ learningRate }) => told.push(learningRate),
    });
    expect(reason).toBe('completed');
    expect(points.map((p) => p.learningRate)).toEqual(told);
    expect(points).toHaveLength(11);
    points.forEach(({ learningRate }, i) => {
      expect(learningRate / (1e-5 * 10 ** (i / 5))).toBeCloseTo(1, 10);
    });
    task.dispose();
  });

  it('finds the rate of a parabola: below 2, and stops where it diverges', async () => {
    const task = parabola();
    const { suggestion, least, reason, points } = await findLearningRate(task, {
      ...options,
      optimizer: { kind: 'sgd', learningRate: 1 },
      from: 1e-4,
      to: 100,
      steps: 100,
    });
    expect(reason).toBe('diverged');
    expect(points.at(-1)?.learningRate).toBeGreaterThan(2);
    expect(suggestion).toBeGreaterThan(0.003);
    expect(suggestion).toBeLessThan(1);
    expect(least).toBeGreaterThan(suggestion ?? NaN);
    expect(least).toBeLessThan(2.5);
    expect(task.w.dataSync()[0]).toBe(1);
    task.w.dispose();
  });

  it('ends at a loss that is not finite', async () => {
    const task = parabola();
    const { reason, points } = await findLearningRate(task, {
      ...options,
      optimizer: { kind: 'sgd', learningRate: 1 },
      from: 1e30,
      to: 1e38,
      divergence: Infinity,
    });
    expect(reason).toBe('diverged');
    expect(points.length).toBeLessThan(5);
    task.w.dispose();
  });

  it('stops when it is told to', async () => {
    const task = createTinyTask();
    const controller = new AbortController();
    const { reason, points } = await findLearningRate(task, {
      ...options,
      signal: controller.signal,
      onPoint: () => controller.abort(),
    });
    expect(reason).toBe('aborted');
    expect(points).toHaveLength(1);
    task.dispose();
  });

  it('trains no frozen parameter and adds up parts', async () => {
    const task = createTinyTask();
    const whole = await findLearningRate(task, { ...options, steps: 10 });
    const parts = await findLearningRate(task, { ...options, steps: 10, accumulate: 2 });
    expect(task.seen.at(-1)).toHaveLength(4);
    expect(parts.points.map((p) => p.learningRate)).toEqual(
      whole.points.map((p) => p.learningRate),
    );
    const frozen = await findLearningRate(task, { ...options, freeze: [{ match: 'linear' }] });
    const free = await findLearningRate(task, options);
    expect(frozen.points.map((p) => p.loss)).not.toEqual(free.points.map((p) => p.loss));
    task.dispose();
  });

  it.each([
    [{ from: 0 }, 'Expected from to be a number above 0. Received: 0.'],
    [{ to: 1e-6 }, 'Expected to to be a number above from (0.00001). Received: 0.000001.'],
    [{ steps: 3 }, 'Expected steps to be a whole number of at least 10. Received: 3.'],
    [{ divergence: 1 }, 'Expected divergence to be a number above 1. Received: 1.'],
    [{ batchSize: 0 }, /batchSize/],
  ])('refuses %j', async (wrong, message) => {
    const task = createTinyTask();
    const search = findLearningRate(task, { ...options, ...wrong });
    await expect(search).rejects.toThrow(OptionsError);
    await expect(search).rejects.toThrow(message);
    task.dispose();
  });
});

describe('suggestLearningRate', () => {
  const curve = (losses: number[]) =>
    losses.map((smoothed, i) => ({ learningRate: 10 ** (i - 6), smoothed }));

  it('takes the steepest fall before the smallest loss', () => {
    expect(suggestLearningRate(curve([1, 0.99, 0.9, 0.5, 0.2, 0.1, 3]))).toEqual({
      suggestion: 10 ** -3,
      least: 0.1,
    });
  });

  it('looks no further than the first rise, small waves before the fall aside', () => {
    expect(suggestLearningRate(curve([1, 0.999, 1.001, 0.9, 0.5, 0.4, 0.9, -2, 5]))).toEqual({
      suggestion: 10 ** -3,
      least: 0.1,
    });
  });

  it('suggests nothing where the loss does not fall', () => {
    for (const losses of [[], [1], [1, 1, 1, 1], [1, 2, 3, 4]])
      expect(suggestLearningRate(curve(losses))).toEqual({ suggestion: null, least: null });
  });
});
