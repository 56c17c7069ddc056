import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import type { FitOptions } from '../src/index.js';
import type { RankAnswer, RankData } from './distributed-rank.js';
import { useTemporaryFolder } from './setup.js';
import { sharedMemory } from './shared-memory-communicator.js';

const temporary = useTemporaryFolder();

const options: FitOptions = {
  epochs: 4,
  batchSize: 12,
  lastBatch: 'drop',
  seed: 3,
  optimizer: { kind: 'adamw', learningRate: 0.02 },
  clipNorm: 0.5,
  schedule: { kind: 'plateau', patience: 0 },
  ema: { decay: 0.8 },
  earlyStopping: { patience: 3, restoreBest: true },
};

/** Trains with threads in the place of processes. */
async function train(
  size: number,
  changed: Partial<FitOptions> = {},
  stop: Pick<RankData, 'stopAfter'> = {},
): Promise<RankAnswer[]> {
  const memory = sharedMemory(size, 100);
  const threads = Array.from({ length: size }, (_, rank) => {
    const workerData: RankData = {
      rank,
      size,
      memory,
      options: { ...options, ...changed },
      ...(rank === size - 1 ? stop : {}),
    };
    // Threads know no TypeScript by themselves.
    const file = new URL('./distributed-rank.ts', import.meta.url).href;
    const start = `import('tsx/esm/api').then(({ tsImport }) => tsImport('${file}', '${file}'))`;
    const worker = new Worker(start, { eval: true, workerData, stderr: true });
    return new Promise<RankAnswer>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
    });
  });
  return Promise.all(threads);
}

function expectClose(received: readonly number[], expected: readonly number[], digits: number) {
  expect(received).toHaveLength(expected.length);
  received.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, digits));
}

it('takes the steps of one process, whatever the number of processes and parts', async () => {
  const [one] = await train(1);
  for (const [size, accumulate] of [
    [2, 1],
    [3, 2],
  ] as const) {
    const ranks = await train(size, { accumulate });
    for (const rank of ranks) {
      expectClose(rank.losses, one?.losses ?? [], 6);
      expectClose(rank.weights, one?.weights ?? [], 5);
      expect(rank.weights).toEqual(ranks[0]?.weights);
      const scores = (answer: RankAnswer | undefined) =>
        answer?.history.map((row) => row.val_loss ?? NaN) ?? [];
      expectClose(scores(rank), scores(one), 6);
      expect(rank.history.at(-1)?.constant).toBe(3);
    }
  }
}, 60_000);

it('stops all when one is told to, writes once, and resumes with another number of processes', async () => {
  const runFolder = join(temporary(), 'run');
  const [whole] = await train(2, { runFolder: join(temporary(), 'whole') });
  const stopped = await train(2, { runFolder }, { stopAfter: 5 });
  expect(stopped.map(({ reason, losses }) => [reason, losses.length])).toEqual([
    ['aborted', 5],
    ['aborted', 5],
  ]);
  expect(stopped[0]?.checkpoints).toBeGreaterThan(0);
  expect(stopped[1]?.checkpoints).toBe(0);
  const resumed = await train(3, { runFolder, resume: true });
  expectClose(resumed[0]?.weights ?? [], whole?.weights ?? [], 5);
  expect(resumed[0]?.losses).toHaveLength(7);
}, 60_000);
