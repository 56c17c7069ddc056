import type * as tf from '@tensorflow/tfjs-core';
import { poolScores } from './pool-scores.js';
import type { Run } from './run.js';

/** The scores on at most so many batches, of all processes together; with the averages, where there are such. */
export async function validate<B extends tf.TensorContainer>(
  { task, config, ema, stopwatch }: Run<B>,
  maxBatches: number,
): Promise<Record<string, number>> {
  const { communicator, now } = config;
  const began = now();
  ema?.swapIn();
  try {
    const request = { maxBatches, rank: communicator.rank, ranks: communicator.size };
    return poolScores(await task.validate(request), communicator);
  } finally {
    ema?.swapOut();
    stopwatch.add('validation', (now() - began) / 1000);
  }
}
