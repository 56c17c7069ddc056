import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { recommendedEnv } from '@arctic/runtime';
import type { Launch } from './contestant.js';
import { BenchmarkError } from './errors.js';
import type { Job } from './protocol.js';
import type { Row } from './rows.js';

/** Name of this repository's packages among the contestants. */
export const OURS = 'arctic';

/** The settings that peers are measured in. */
export const PEERS = [
  'torch',
  'torch-channels-last',
  'torch-compile',
  'keras',
  'keras-jit',
] as const;

export type Peer = (typeof PEERS)[number];

/** AdamW's settings in all training rows. */
const STEP_SIZE = { learningRate: 1e-4, weightDecay: 0.01 };

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));
const PYTHON_WORKER = fileURLToPath(new URL('../python/worker.py', import.meta.url));

/** What a contestant is told about a row. */
export function jobOf(row: Row, folder: string, contestant: string, threads: number): Job {
  return { row, folder, contestant, threads, ...STEP_SIZE };
}

/** A process of this repository's packages, started as their documentation says. */
export function ourLaunch(task: 'prepare' | 'serve' | 'profile', job: Job): Launch {
  return {
    name: OURS,
    command: process.execPath,
    args: [
      ...['--import', 'tsx', '--conditions=@arctic/source'],
      '--expose-gc', // used on request only
      ...[WORKER, task, JSON.stringify(job)],
    ],
    env: { ...threadsEnv(job.threads), ...recommendedEnv() },
  };
}

/** A process of a peer. */
export function peerLaunch(python: string, job: Job): Launch {
  return {
    name: job.contestant,
    command: python,
    args: [PYTHON_WORKER, JSON.stringify(job)],
    env: { ...threadsEnv(job.threads), KERAS_BACKEND: 'tensorflow', TF_CPP_MIN_LOG_LEVEL: '2' },
  };
}

/** Runs a process to its end; what it prints is seen. */
export async function runToEnd({ name, command, args, env }: Launch): Promise<void> {
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new BenchmarkError(`${name} ended with code ${code}.`);
}

/** The same number of threads for every library, and no GPU. */
function threadsEnv(threads: number): Record<string, string> {
  const count = String(threads);
  return {
    OMP_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    TF_NUM_INTRAOP_THREADS: count,
    TF_NUM_INTEROP_THREADS: count,
    CUDA_VISIBLE_DEVICES: '-1',
  };
}
