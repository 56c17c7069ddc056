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

/** Samples and the stream of random numbers that belongs to each. */
export interface DrawnSamples {
  readonly indices: readonly number[];
  readonly rngs: readonly Rng[];
}

/** Which samples each optimizer step sees. The position in the data is the number of the step. */
export interface DataOrder {
  /** Batches in one pass over the data. */
  readonly batchesPerPass: number;
  /** Number of samples in the batch of the step after `step` steps. */
  batchLength(step: number): number;
  /** That batch, or part number `part` of `parts` contiguous ones, as equal as can be. @default all of it */
  batch(step: number, part?: number, parts?: number): DrawnSamples;
}

/** What decides the order of the data in a run. */
export interface DataOrderOptions {
  readonly trainSize: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly lastBatch: 'keep' | 'drop';
  /** Show only the first so many batches, the same ones again and again. @default all */
  readonly overfitBatches?: number | undefined;
}

/** The order of the data in a run. */
export function createDataOrder(options: DataOrderOptions): DataOrder {
  const { trainSize, batchSize, seed, lastBatch, overfitBatches = Infinity } = options;
  const batches = trainSize / batchSize;
  const batchesPerPass = lastBatch === 'keep' ? Math.ceil(batches) : Math.floor(batches);
  const streams = createRng(seed).fork('batch');
  const shownAt = (step: number) => (overfitBatches === Infinity ? step : step % overfitBatches);
  const firstOf = (shown: number) => (shown % batchesPerPass) * batchSize;
  const batchLength = (step: number) => Math.min(batchSize, trainSize - firstOf(shownAt(step)));
  let pass = -1;
  let order: readonly number[] = [];
  return {
    batchesPerPass: Math.min(batchesPerPass, overfitBatches),
    batchLength,
    batch(step, part = 0, parts = 1) {
      const shown = shownAt(step);
      if (Math.floor(shown / batchesPerPass) !== pass) {
        pass = Math.floor(shown / batchesPerPass);
        order = epochOrder(trainSize, seed, pass);
      }
      const length = batchLength(step);
      const [from, to] = [part, part + 1].map((n) => Math.floor((n * length) / parts)) as [
        number,
        number,
      ];
      const first = firstOf(shown);
      const indices = order.slice(first + from, first + to);
      const stream = streams.fork(String(shown));
      return { indices, rngs: indices.map((_, i) => stream.fork(String(from + i))) };
    },
  };
}
