import { createRng, type Rng } from './rng.js';

/**
 * The indices 0 … size − 1 in the order of one pass over the data, a function of seed and pass
 * alone.
 */
export function epochOrder(size: number, seed: number, pass: number): readonly number[] {
  const rng = createRng(seed).fork('order').fork(String(pass));
  const order = Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    // Both positions are inside the array.
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

/** Which samples each optimizer step sees. The position in the data is the number of the step. */
export interface DataOrder {
  /** Batches in one pass over the data. */
  readonly batchesPerPass: number;
  /** The batch of the step after `step` steps. */
  batch(step: number): { readonly indices: readonly number[]; readonly rng: Rng };
}

/** The order of the data in a run. */
export function createDataOrder(options: {
  readonly trainSize: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly lastBatch: 'keep' | 'drop';
}): DataOrder {
  const { trainSize, batchSize, seed, lastBatch } = options;
  const batches = trainSize / batchSize;
  const batchesPerPass = lastBatch === 'keep' ? Math.ceil(batches) : Math.floor(batches);
  const streams = createRng(seed).fork('batch');
  let pass = -1;
  let order: readonly number[] = [];
  return {
    batchesPerPass,
    batch(step) {
      if (Math.floor(step / batchesPerPass) !== pass) {
        pass = Math.floor(step / batchesPerPass);
        order = epochOrder(trainSize, seed, pass);
      }
      const from = (step % batchesPerPass) * batchSize;
      return {
        indices: order.slice(from, from + batchSize),
        rng: streams.fork(String(step)),
      };
    },
  };
}
