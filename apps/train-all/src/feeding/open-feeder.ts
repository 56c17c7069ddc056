import {
  createWorkerPool,
  shareArray,
  type Rng,
  type SharableArray,
  type WorkerData,
  type WorkerModule,
  type WorkerPool,
} from '@arctic/trainer-core';

/** The samples of a batch and where the random numbers of each begin. */
export interface BatchRequest {
  readonly indices: readonly number[];
  /** Of the `Rng` of each sample. */
  readonly keys: readonly string[];
}

/** A batch as the loop asks for it, for a worker. */
export function batchRequest(indices: readonly number[], rngs: readonly Rng[]): BatchRequest {
  return { indices, keys: rngs.map(({ key }) => key) };
}

/** What the threads are started with so that they can load TypeScript. */
const EXEC_ARGV = [
  '--import',
  new URL('register-tsx.mjs', import.meta.url).href,
  '--conditions=@arctic/source',
];

/**
 * Threads that make batches with a module of this folder; none where `workers` is 0, with the same batches.
 *
 * @param file name of the module, which must not load TensorFlow.
 * @param data arrays in it are put into memory that all threads see.
 */
export function openFeeder<M extends WorkerModule>(
  file: string,
  workers: number,
  data: WorkerData<M>,
): WorkerPool<M> {
  return createWorkerPool<M>({
    module: new URL(file, import.meta.url),
    workers,
    data: workers === 0 ? data : (shared(data) as WorkerData<M>), // the same, elsewhere in memory
    execArgv: EXEC_ARGV,
  });
}

/** A copy of plain data whose arrays lie in shared memory. */
function shared(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return shareArray(value as SharableArray); // data are typed arrays
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shared(part)]));
}
