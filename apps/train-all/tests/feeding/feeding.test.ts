import { augmentSample } from '@arctic/preprocess';
import {
  createRng,
  type WorkerHandler,
  type WorkerModule,
  type WorkerPool,
} from '@arctic/trainer-core';
import { afterEach, describe, expect, it } from 'vitest';
import { normalised } from '@arctic/inference';
import type * as classifier from '../../src/feeding/classifier-worker.js';
import type * as convlstm from '../../src/feeding/convlstm-worker.js';
import { batchRequest, openFeeder } from '../../src/feeding/open-feeder.js';
import type * as siamese from '../../src/feeding/siamese-worker.js';
import { makeCube, makeSeries } from '../../../../tools/make-cube.js';

const pools: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function keep<M extends WorkerModule>(pool: WorkerPool<M>): WorkerPool<M> {
  pools.push(pool);
  return pool;
}

/** The requests of six steps, all at once. */
const REQUESTS = Array.from({ length: 6 }, (_, step) => {
  const indices = [step, (step + 3) % 6, 5];
  return batchRequest(
    indices,
    indices.map((_, n) => createRng(7).fork(String(step)).fork(String(n))),
  );
});
const pixels = (length: number, seed: number) => {
  const rng = createRng(seed);
  return Uint8Array.from({ length }, () => 256 * rng.next());
};
const IMAGES = { n: 6, height: 12, width: 12 };
const CLASSIFIER: classifier.ClassifierFeed = {
  ...IMAGES,
  images: pixels(6 * 12 * 12 * 3, 1),
  normalisation: { mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.1] },
};

describe.each([
  [
    'classifier',
    (workers: number) => openFeeder<typeof classifier>('classifier-worker.ts', workers, CLASSIFIER),
  ],
  [
    'siamese',
    (workers: number) =>
      openFeeder<typeof siamese>('siamese-worker.ts', workers, {
        ...IMAGES,
        before: pixels(6 * 12 * 12 * 3, 2),
        after: pixels(6 * 12 * 12 * 3, 3),
        change: pixels(6 * 12 * 12, 4).map((v) => v & 1),
        normalisation: 'image',
        cropSize: 8,
      }),
  ],
  [
    'convlstm',
    (workers: number) =>
      openFeeder<typeof convlstm>('convlstm-worker.ts', workers, {
        series: makeSeries(makeCube({ from: '2015-01-01', days: 420 }), { trainingDays: 380 }),
        issues: [300, 320, 340, 350, 360, 370],
        ...{ inputSteps: 4, outputSteps: 2, cropSize: 4, leadWeights: [2, 0.5] },
      }),
  ],
] as const)('feeder of the %s', (name, open) => {
  const batchesOf = (workers: number) => {
    const pool: WorkerPool<WorkerModule> = keep(open(workers) as never); // any of three
    return Promise.all(REQUESTS.map((request) => pool.run(request as never)));
  };

  it('makes the same batches bit for bit, whatever the number of workers', async () => {
    const here = await batchesOf(0);
    expect(new Set(here.map((batch) => JSON.stringify(batch))).size).toBe(REQUESTS.length);
    expect(await batchesOf(2)).toEqual(here);
  });

  it('loads no TensorFlow', async () => {
    expect(await tensorFlowIn(`feeding/${name}-worker.ts`)).toEqual([]);
  });
});

it('sees TensorFlow where it is', async () => {
  expect(await tensorFlowIn('tensors.ts')).not.toEqual([]);
});

describe('batches', () => {
  it('of the classifier are augmented from the stream of each sample, then normalised', async () => {
    const pool = keep(openFeeder<typeof classifier>('classifier-worker.ts', 0, CLASSIFIER));
    const images = await pool.run(batchRequest([4], [createRng(3)]));
    const image = CLASSIFIER.images.slice(4 * 432, 5 * 432);
    const { images: changed } = augmentSample(
      { height: 12, width: 12, channels: 3, images: [image] },
      { geometry: 'symmetries', brightness: 0.15, contrast: 0.25, noise: 0.01 },
      createRng(3),
    );
    const expected = normalised(changed[0] ?? image, 1, 3, CLASSIFIER.normalisation);
    expect(images).toEqual(expected);
  });

  it('of the change detector hold crops whose masks went along', async () => {
    // Where the second date is bright something changed.
    const change = pixels(6 * 144, 4).map((v) => v & 1);
    const after = Uint8Array.from({ length: 6 * 432 }, (_, i) =>
      change[Math.floor(i / 3)] ? 250 : 5,
    );
    const pool = keep(
      openFeeder<typeof siamese>('siamese-worker.ts', 0, {
        ...{ ...IMAGES, before: after.map(() => 9), after, change: change.map((v) => 255 * v) },
        ...{ normalisation: 'image', cropSize: 8 },
      }),
    );
    const { height, width, a, b, target } = await pool.run(
      batchRequest([0, 5], [createRng(1), createRng(2)]),
    );
    expect([height, width, a.length]).toEqual([8, 8, 2 * 8 * 8 * 3]);
    expect([...target]).toEqual(
      Array.from({ length: 2 * 64 }, (_, i) => ((b[3 * i] ?? 0) > 0 ? 1 : 0)),
    );
  });
});

interface LoadedFiles {
  createWorker(data: object): WorkerHandler<string, readonly string[]>;
}

/** The files of TensorFlow that a thread has loaded with a module of the app. */
function tensorFlowIn(file: string): Promise<readonly string[]> {
  const probe = keep(openFeeder<LoadedFiles>('../../tests/feeding/loaded-files.mjs', 1, {}));
  return probe.run(new URL(`../../src/${file}`, import.meta.url).href);
}
