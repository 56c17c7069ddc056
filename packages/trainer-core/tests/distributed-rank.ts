import { parentPort, workerData } from 'node:worker_threads';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { consume, fit, type FitOptions } from '../src/index.js';
import { sharedMemoryCommunicator, type SharedMemory } from './shared-memory-communicator.js';
import { createShardedTask } from './sharded-task.js';

/** What a thread is told: which rank it plays, and how to train. */
export interface RankData {
  readonly rank: number;
  readonly size: number;
  readonly memory: SharedMemory;
  readonly options: FitOptions;
  /** The step after which this rank is asked to stop. @default never */
  readonly stopAfter?: number;
}

/** What it answers. */
export interface RankAnswer {
  readonly losses: number[];
  readonly weights: number[];
  readonly history: readonly Readonly<Record<string, number>>[];
  readonly reason: string;
  readonly checkpoints: number;
}

const { rank, size, memory, options, stopAfter } = workerData as RankData;
await tf.setBackend('cpu');
const communicator = sharedMemoryCommunicator(memory, rank, size);
const task = createShardedTask(rank);
const controller = new AbortController();
const losses: number[] = [];
let checkpoints = 0;
const result = await consume(
  fit(task, { ...options, communicator, signal: controller.signal }),
  (event) => {
    if (event.kind === 'checkpoint') checkpoints++;
    if (event.kind !== 'batch') return;
    losses.push(event.loss);
    if (event.step === stopAfter) controller.abort();
  },
);
const answer: RankAnswer = {
  losses,
  weights: task.weights(),
  history: result.history,
  reason: result.reason,
  checkpoints,
};
parentPort?.postMessage(answer);
