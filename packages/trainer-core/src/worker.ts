/**
 * What worker threads need, without TensorFlow.js, which would take each of them a second to load.
 *
 * @example
 * ```ts
 * // prepare.ts
 * import { rngOf, sampleCache, type WorkerHandler } from '@arctic/trainer-core/worker';
 *
 * interface Request {
 *   readonly indices: readonly number[];
 *   readonly keys: readonly string[];
 * }
 *
 * export function createWorker(data: { readonly size: number }): WorkerHandler<Request, Float32Array> {
 *   const samples = sampleCache({ limitMb: 100, load: (i) => new Float32Array(data.size).fill(i) });
 *   return async ({ indices, keys }) => {
 *     const value = new Float32Array(indices.length * data.size);
 *     for (const [n, i] of indices.entries()) {
 *       const rng = rngOf(keys[n] ?? '');
 *       const sample = await samples.get(i);
 *       value.set(sample.map((v) => v + 0.1 * rng.normal()), n * data.size);
 *     }
 *     return { value, transfer: [value] };
 *   };
 * }
 * ```
 *
 * @packageDocumentation
 */
export { createRng, rngOf, type Rng, type RngState } from './rng.js';
export { sampleCache, type SampleCache, type SampleCacheOptions } from './sample-cache.js';
export type { TransferPart, WorkerAnswer, WorkerHandler } from './worker-module.js';
