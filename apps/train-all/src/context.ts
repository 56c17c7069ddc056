import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeFileAtomic } from '@arctic/raster';
import type { Communicator } from '@arctic/trainer-core';
import type { BackendReport } from '@arctic/runtime';
import type { ModelName, RunConfig } from './config.js';

/** What ends a training before its time. */
export interface TrainingLimits {
  /** One step of training and validation each, to see that everything runs; nothing is written. */
  readonly fastDevRun: boolean;
  /** When the time is up, on the clock of `performance.now`. @default never */
  readonly until?: number;
}

/** What every step of a run shares. */
export interface RunContext {
  readonly config: RunConfig;
  readonly resume: boolean;
  readonly limits: TrainingLimits;
  /** The processes that train together. */
  readonly communicator: Communicator;
  readonly backend: BackendReport;
  /** Prints one line for people, on standard error. */
  say(line: string): void;
}

/** Whether this process writes what a training gives: the first of them does, if anything is to be kept. */
export function keepsResults({ limits, communicator }: RunContext): boolean {
  return !limits.fastDevRun && communicator.rank === 0;
}

/** The folders of a run. */
export function paths({ out, name }: Pick<RunConfig, 'out' | 'name'>) {
  const data = join(out, 'data');
  const run = join(out, 'runs', name);
  return {
    data,
    imagery: join(data, 'labeled_ice_imagery'),
    imageryTest: join(data, 'test', 'labeled_ice_imagery'),
    pairs: join(data, 'change_pairs'),
    pairsTest: join(data, 'test', 'change_pairs'),
    series: join(data, 'sea_ice_concentration.zarr'),
    seriesTest: join(data, 'test', 'sea_ice_concentration.zarr'),
    monthly: join(data, 'monthly_sea_ice_concentration.zarr'),
    processed: join(data, 'processed'),
    run,
    model: (model: ModelName) => join(run, model),
    released: (model: ModelName) => join(out, 'models', model),
  };
}

/** Writes JSON under a temporary name first, making the folder where it is missing. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  mkdirSync(join(path, '..'), { recursive: true });
  await writeFileAtomic(path, Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
}

/** The JSON in a file, or null where there is none. */
export function readJsonIfThere(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (
      error instanceof SyntaxError ||
      (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    )
      return null;
    throw error;
  }
}

/** What computes, without paths of this machine. */
export function describeBackend(report: BackendReport): Record<string, unknown> {
  const { backend, kind, device, tensorflowVersion, tfjsVersion, reason } = report;
  return JSON.parse(
    JSON.stringify({ backend, kind, device, tensorflowVersion, tfjsVersion, reason }),
  ) as Record<string, unknown>; // drops what is undefined
}

/** Versions of this app, Node and the libraries that decide the numbers. */
export function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const version = (id: string) => (require(`${id}/package.json`) as { version: string }).version; // every package.json has one
  return {
    '@arctic/train-all': (require('../package.json') as { version: string }).version,
    node: process.version,
    '@tensorflow/tfjs-core': version('@tensorflow/tfjs-core'),
  };
}
