import * as tf from '@tensorflow/tfjs-core';
import { partOf, type DataOrder, type DrawnSamples } from './data-order.js';
import type { TrainTask } from './task.js';

/** One part of a batch, ready. */
export interface FedPart<B extends tf.TensorContainer> {
  readonly samples: DrawnSamples;
  readonly batch: B;
}

/** Batches in order, asked for ahead of time. */
export interface Feed<B extends tf.TensorContainer> {
  /** The next part of a batch, which whoever takes it disposes; null where it has no samples. */
  take(): Promise<FedPart<B> | null>;
  /** Waits for what was asked for and disposes it. */
  dispose(): Promise<void>;
}

/** How batches are asked for. */
export interface FeedOptions {
  /** Parts of batches under way beside the one that is wanted now. */
  readonly prefetch: number;
  /** Parts of each batch that this process takes: `first` to `first + count − 1` of `parts`. */
  readonly first: number;
  readonly count: number;
  readonly parts: number;
  /** Steps already taken, and at which to end. */
  readonly step: number;
  readonly totalSteps: number;
}

/** Batches from the task, at most `prefetch` of them made ahead: that is all the back-pressure there is. */
export function createFeed<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  order: DataOrder,
  { prefetch, first, count, parts, step, totalSteps }: FeedOptions,
): Feed<B> {
  const queue: Promise<FedPart<B> | null>[] = [];
  let asked = step * count;
  const ask = async (number: number): Promise<FedPart<B> | null> => {
    const whole = order.batch(Math.floor(number / count));
    const samples = partOf(whole, first + (number % count), parts);
    if (samples.indices.length === 0) return null;
    return { samples, batch: await task.trainBatch(samples.indices, samples.rngs) };
  };
  const fill = (length: number) => {
    while (queue.length < length && asked < totalSteps * count) {
      const part = ask(asked++);
      // Whoever takes it hears of an error; until then nobody listens.
      part.catch(() => undefined);
      queue.push(part);
    }
  };
  return {
    async take() {
      fill(1);
      const next = queue.shift();
      if (next === undefined) throw new TypeError('Expected steps to be left. Received: none.');
      const part = await next;
      fill(prefetch);
      return part;
    },
    async dispose() {
      for (const part of await Promise.allSettled(queue.splice(0))) {
        if (part.status === 'fulfilled' && part.value) tf.dispose(part.value.batch);
      }
    },
  };
}
