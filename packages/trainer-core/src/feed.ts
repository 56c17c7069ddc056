import * as tf from '@tensorflow/tfjs-core';
import type { Communicator } from './communicator.js';
import type { DataOrder } from './data-order.js';
import type { TrainTask } from './task.js';

/** One part of a batch, ready. */
export interface FedPart<B extends tf.TensorContainer> {
  readonly batch: B;
  /** Number of its samples. */
  readonly size: number;
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
  /** Batches under way beside the one that is wanted now. */
  readonly prefetch: number;
  /** Parts of its share of a batch that a process takes, one after the other. */
  readonly accumulate: number;
  readonly communicator: Pick<Communicator, 'rank' | 'size'>;
}

/**
 * Batches from the task, at most `prefetch` of them made ahead: that is all the back-pressure there is.
 *
 * @param step Steps already taken.
 * @param totalSteps Nothing is asked for beyond.
 */
export function createFeed<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  order: DataOrder,
  { prefetch, accumulate, communicator: { rank, size } }: FeedOptions,
  step: number,
  totalSteps: number,
): Feed<B> {
  const queue: Promise<FedPart<B> | null>[] = [];
  let asked = step * accumulate;
  const ask = async (number: number): Promise<FedPart<B> | null> => {
    const part = rank * accumulate + (number % accumulate);
    const { indices, rngs } = order.batch(Math.floor(number / accumulate), part, size * accumulate);
    if (indices.length === 0) return null;
    return { batch: await task.trainBatch(indices, rngs), size: indices.length };
  };
  const fill = (length: number) => {
    while (queue.length < length && asked < totalSteps * accumulate) {
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
      fill(prefetch * accumulate);
      return part;
    },
    async dispose() {
      for (const part of await Promise.allSettled(queue.splice(0))) {
        if (part.status === 'fulfilled' && part.value) tf.dispose(part.value.batch);
      }
    },
  };
}

/**
 * The parts of the next batch as they are asked for, those without samples left out.
 *
 * @param count Of them.
 * @param take Takes one from the feed. @default as it comes
 */
export async function* nextParts<B extends tf.TensorContainer>(
  feed: Feed<B>,
  count: number,
  take: () => Promise<FedPart<B> | null> = () => feed.take(),
): AsyncGenerator<FedPart<B>, void> {
  for (let part = 0; part < count; part++) {
    const fed = await take();
    if (fed) yield fed;
  }
}
