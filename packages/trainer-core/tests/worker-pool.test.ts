import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  consume,
  createWorkerPool,
  fit,
  isWorkerError,
  OptionsError,
  shareArray,
  type TrainTask,
  type WorkerError,
  type WorkerHandler,
  type WorkerPool,
} from '../src/index.js';
import * as workerApi from '../src/worker.js';
import { useCpuBackend } from './setup.js';

useCpuBackend();

const ANSWERS = new URL('workers/answers.mjs', import.meta.url);

interface Request {
  readonly kind: string;
  readonly values?: readonly number[] | Float32Array;
  readonly milliseconds?: number;
}
interface Answers {
  createWorker(data: {
    readonly factor: number;
    readonly shared?: Float32Array;
  }): WorkerHandler<Request, readonly number[] | Float32Array>;
}

const pools: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function open(workers: number, more: { shared?: Float32Array; execArgv?: string[] } = {}) {
  const { execArgv = [], ...data } = more;
  const pool = createWorkerPool<Answers>({
    module: ANSWERS,
    workers,
    data: { factor: 2, ...data },
    execArgv,
  });
  pools.push(pool);
  return pool;
}

async function failure(answer: Promise<unknown>): Promise<WorkerError> {
  const error: unknown = await answer.then(
    () => new Error('Expected a failure. Received: an answer.'),
    (e: unknown) => e,
  );
  if (!isWorkerError(error)) throw error;
  return error;
}

describe.each([0, 1, 2])('createWorkerPool with %i workers', (workers) => {
  it('answers each request, however long others take', async () => {
    const pool = open(workers);
    const answers = [30, 0, 10, 0].map((milliseconds, i) =>
      pool.run({ kind: 'scale', values: [i], milliseconds }),
    );
    expect(await Promise.all(answers)).toEqual([[0], [2], [4], [6]]);
  });

  it('tells which module failed and why, and goes on', async () => {
    const pool = open(workers);
    const error = await failure(pool.run({ kind: 'throw' }));
    expect(error.message).toBe(
      `Expected an answer of the worker ${ANSWERS.href}. Received: RangeError: No such sample.`,
    );
    expect(error).toMatchObject({ _tag: 'Worker', reason: 'failed', module: ANSWERS.href });
    expect(error.cause).toMatchObject({ name: 'RangeError', _tag: 'Sample' });
    expect((error.cause as Error).stack).toContain('answers.mjs');
    expect((await failure(pool.run({ kind: 'what' }))).message).toContain('an unknown kind');
    expect(await pool.run({ kind: 'scale', values: [1] })).toEqual([2]);
  });

  it('tells of a module that cannot begin', async () => {
    for (const [file, why] of [
      ['none.mjs', /none\.mjs/],
      ['broken.mjs', /Error: No data here\.$/],
    ] as const) {
      const module = new URL(`workers/${file}`, import.meta.url);
      const pool = createWorkerPool<Answers>({
        ...{ module, workers, data: { factor: 1 }, execArgv: [] },
      });
      pools.push(pool);
      const error = await failure(pool.run({ kind: 'where' }));
      expect(error.message).toMatch(why);
      expect(error).toMatchObject({ reason: 'crashed', module: module.href });
      expect((await failure(pool.run({ kind: 'where' }))).reason).toBe('crashed');
    }
  });

  it('gives no answers after it was closed', async () => {
    const pool = open(workers);
    await pool.close();
    await pool.close();
    const error = await failure(pool.run({ kind: 'where' }));
    expect(error.message).toBe(`Expected an open pool of ${ANSWERS.href}. Received: a closed one.`);
    expect(error.reason).toBe('closed');
  });

  it('trains to the same weights', async () => {
    expect(await trainOnNoise(workers, 3)).toEqual(await trainOnNoise(0, 0));
  });
});

describe('threads', () => {
  it('share the work, and none of it is done here unless there are none', async () => {
    const two = open(2);
    const asked = Array.from({ length: 4 }, () => two.run({ kind: 'where' }));
    const threads = (await Promise.all(asked)).map(([id]) => id);
    expect(new Set(threads).size).toBe(2);
    expect(threads).not.toContain(threadId);
    expect(await open(0).run({ kind: 'where' })).toEqual([threadId]);
  });

  it('see shared arrays themselves', async () => {
    const shared = shareArray(Float32Array.of(1, 2));
    expect(shareArray(shared)).toBe(shared);
    const pool = open(1, { shared });
    expect(await pool.run({ kind: 'shared' })).toEqual([1, 2]);
    shared[0] = 7;
    expect(await pool.run({ kind: 'shared' })).toEqual([7, 2]);
  });

  it('take and give buffers without a copy', async () => {
    const values = Float32Array.of(1, 2);
    const pool = open(1);
    const answer = pool.run({ kind: 'buffer', values }, [values]);
    expect(values.length).toBe(0);
    expect(await answer).toEqual(Float32Array.of(1, 2));
    const buffer = Float32Array.of(3).buffer;
    expect(await pool.run({ kind: 'buffer', values: new Float32Array(buffer) }, [buffer])).toEqual(
      Float32Array.of(3),
    );
    expect(buffer.byteLength).toBe(0);
  });

  it('fail on answers and requests that cannot be sent', async () => {
    const pool = open(1);
    expect((await failure(pool.run({ kind: 'function' }))).message).toContain('DataCloneError');
    const unclonable = { kind: 'scale', values: (() => []) as never };
    await expect(pool.run(unclonable)).rejects.toThrow('could not be cloned');
    expect(await pool.run({ kind: 'scale', values: [1] })).toEqual([2]);
  });

  it('end all together when one of them dies', async () => {
    const pool = open(2);
    const dies = failure(pool.run({ kind: 'exit' }));
    const waits = failure(pool.run({ kind: 'scale', milliseconds: 60_000 }));
    expect((await dies).message).toBe(
      `Expected a worker that runs ${ANSWERS.href}. Received: a worker that ended by itself, with code 3.`,
    );
    expect(await waits).toBe(await dies);
    expect(await failure(pool.run({ kind: 'where' }))).toBe(await dies);
    expect((await dies).reason).toBe('crashed');
  });

  it('leave open requests when the pool is closed', async () => {
    const pool = open(1);
    const waits = failure(pool.run({ kind: 'scale', milliseconds: 60_000 }));
    await pool.close();
    expect((await waits).reason).toBe('closed');
  });

  it('start with the options of Node that they are given', async () => {
    expect(await open(1, { execArgv: ['--conditions=probe'] }).run({ kind: 'argv' })).toEqual([
      '--conditions=probe',
    ]);
  });

  it('do not keep a process alive that forgot to close the pool', () => {
    const file = fileURLToPath(new URL('workers/idle-pool.ts', import.meta.url));
    const output = execFileSync(process.execPath, ['--import', 'tsx', file], { timeout: 30_000 });
    expect(output.toString()).toBe('[42]');
  });
});

it('expects a count of workers', () => {
  expect(() => open(-1)).toThrow(OptionsError);
  expect(() => open(1.5)).toThrow('Expected workers to be a whole number from 0. Received: 1.5.');
});

describe('@arctic/trainer-core/worker', () => {
  it('exports exactly this', () => {
    expect(Object.keys(workerApi).sort()).toEqual(['createRng', 'rngOf', 'sampleCache']);
  });

  it('loads no TensorFlow.js', () => {
    const files = new Set(['worker.ts']);
    const imported = new Set<string>();
    for (const file of files) {
      const source = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8');
      for (const [, types, name = ''] of source.matchAll(
        /^(?:import|export)( type)?[^;]*? from '(.*)';/gm,
      )) {
        if (types) continue;
        if (name.startsWith('.')) files.add(name.slice(2).replace(/js$/, 'ts'));
        else imported.add(name);
      }
    }
    expect([...files]).toContain('sample-cache.ts');
    expect([...imported]).toEqual([]);
  });
});

interface Noise {
  createWorker(data: {
    readonly size: number;
  }): WorkerHandler<
    { readonly indices: readonly number[]; readonly noise: readonly number[] },
    { readonly x: Float32Array; readonly y: Float32Array }
  >;
}

/** Weights and losses of a short training whose batches a pool makes. */
async function trainOnNoise(workers: number, prefetch: number) {
  const size = 24;
  const pool: WorkerPool<Noise> = createWorkerPool({
    ...{ module: new URL('workers/noise.mjs', import.meta.url), workers, data: { size } },
    execArgv: [],
  });
  pools.push(pool);
  const slope = tf.tidy(() => tf.variable(tf.scalar(0)));
  const task: TrainTask<{ x: tf.Tensor1D; y: tf.Tensor1D }> = {
    parameters: [{ name: 'slope', variable: slope, trainable: true, decay: true }],
    trainSize: size,
    async trainBatch(indices, rngs) {
      const { x, y } = await pool.run({ indices, noise: rngs.map((rng) => rng.normal()) });
      return { x: tf.tensor1d(x), y: tf.tensor1d(y) };
    },
    loss: ({ x, y }) => tf.mean(tf.squaredDifference(tf.mul(x, slope), y)),
    validate: () => Promise.resolve({}),
  };
  const result = await consume(
    fit(task, {
      ...{ epochs: 3, batchSize: 5, seed: 1, prefetch },
      optimizer: { kind: 'adamw', learningRate: 0.1 },
    }),
  );
  const weights = [...(await slope.data())];
  slope.dispose();
  return { weights, losses: result.history.map(({ train_loss }) => train_loss) };
}
