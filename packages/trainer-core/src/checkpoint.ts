import { rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { CheckpointError } from './errors.js';
import type { Best, MetricsRow } from './events.js';
import type { NamedArray, Optimizer, StoredTensor } from './optimizer.js';
import type { RunState } from './run-state.js';
import type { Parameter } from './task.js';
import { readTensorFolder, writeTensorFolder, type TensorFolder } from './tensor-folder.js';

/** Something beside the parameters that has to be there again after a resume: the optimizer, averages. */
export interface Resumable {
  slots(): readonly StoredTensor[];
  /** @throws CheckpointError when what it needs is not among the tensors. */
  load(tensors: ReadonlyMap<string, NamedArray>): void;
}

/** What lies in `state.json` of `last`. */
interface SavedState extends Omit<RunState, 'history' | 'top'> {
  /** Absent in checkpoints made before there was such a thing. */
  readonly top?: readonly Best[];
  readonly optimizerSteps: number;
  /** NaN and infinities as strings, which JSON can carry. */
  readonly history: readonly Record<string, number | string>[];
}

/** Where the checkpoint of a kind lies in a run folder; a number is that of an epoch kept by `topK`. */
export function checkpointFolder(runFolder: string, which: 'best' | 'last' | number): string {
  const name = typeof which === 'number' ? `epoch-${String(which).padStart(4, '0')}` : which;
  return join(runFolder, 'checkpoints', name);
}

/** Moves checkpoints of an earlier run out of the way of a fresh one. */
export async function setAside(runFolder: string): Promise<void> {
  const folder = join(runFolder, 'checkpoints');
  if (!existsSync(folder)) return;
  await rm(`${folder}.old`, { recursive: true, force: true });
  await rename(folder, `${folder}.old`);
}

/** Writes everything a resume needs; returns the number of bytes. */
export async function saveLast(
  runFolder: string,
  parameters: readonly Parameter[],
  optimizer: Optimizer,
  averages: Resumable | null,
  state: RunState,
): Promise<number> {
  const saved: SavedState = {
    ...state,
    optimizerSteps: optimizer.steps,
    history: state.history.map((row) =>
      mapValues(row, (value) => (Number.isFinite(value) ? value : String(value))),
    ),
  };
  const tensors = [
    ...storedParameters(parameters),
    ...optimizer.slots(),
    ...(averages?.slots() ?? []),
  ];
  return writeTensorFolder(checkpointFolder(runFolder, 'last'), saved, tensors, true);
}

/** Writes the weights of an epoch, without optimizer slots; returns the number of bytes. */
export async function saveWeights(
  folder: string,
  parameters: readonly Parameter[],
  epoch: Best,
): Promise<number> {
  return writeTensorFolder(folder, epoch, storedParameters(parameters), false);
}

/**
 * Fills parameters and optimizer from `last`, or from the checkpoint before it if that is damaged.
 *
 * @returns null when the run folder has no checkpoint.
 * @throws CheckpointError when there are only damaged ones, or the model is another.
 */
export async function loadLast(
  runFolder: string,
  parameters: readonly Parameter[],
  optimizer: Optimizer,
  averages: Resumable | null,
  identity: RunState['identity'],
): Promise<{ readonly state: RunState; readonly warning: string | null } | null> {
  const folder = checkpointFolder(runFolder, 'last');
  const found = await readNewest<SavedState>(folder);
  if (found === null) return null;
  const { optimizerSteps, history, top = [], ...state } = found.state;
  checkIdentity(folder, identity, state.identity);
  optimizer.load(optimizerSteps, found.tensors);
  averages?.load(found.tensors);
  assignParameters(folder, parameters, found.tensors);
  // Rows were made from MetricsRow by `saveLast`.
  const rows = history.map((row) => mapValues(row, Number) as MetricsRow);
  return { state: { ...state, top, history: rows }, warning: found.warning };
}

/**
 * Fills parameters from a checkpoint folder (`…/checkpoints/best`, `…/last` or `…/epoch-0012`).
 *
 * @throws CheckpointError when it is missing or damaged, or a parameter has another shape.
 */
export async function loadWeights(folder: string, parameters: readonly Parameter[]): Promise<void> {
  const found = await readNewest<unknown>(folder);
  // With nothing there, reading says so.
  const { tensors } = found ?? (await readTensorFolder<unknown>(folder));
  assignParameters(folder, parameters, tensors);
}

/**
 * The checkpoint in `folder`, else the one before it, which then takes its place: the next write
 * must not drop the only good one in favour of a damaged one.
 */
async function readNewest<S>(
  folder: string,
): Promise<(TensorFolder<S> & { readonly warning: string | null }) | null> {
  const previous = `${folder}.previous`;
  let problem = `Expected a checkpoint in "${folder}". Received: no such folder.`;
  if (existsSync(folder)) {
    try {
      return { ...(await readTensorFolder<S>(folder)), warning: null };
    } catch (error) {
      if (!(error instanceof CheckpointError) || !existsSync(previous)) throw error;
      problem = error.message;
    }
  } else if (!existsSync(previous)) {
    return null;
  }
  const earlier = await readTensorFolder<S>(previous);
  await rm(folder, { recursive: true, force: true });
  await rename(previous, folder);
  return { ...earlier, warning: `${problem} Going on from the checkpoint before it.` };
}

/** How parameters go into a folder of tensors. */
export function storedParameters(parameters: readonly Parameter[]): StoredTensor[] {
  return parameters.map(({ name, variable }) => ({
    name,
    shape: variable.shape,
    // Checked when the run began.
    dtype: variable.dtype as 'float32' | 'int32',
    read: () => variable.data<'float32' | 'int32'>(),
  }));
}

/** Changes nothing unless everything fits. */
function assignParameters(
  folder: string,
  parameters: readonly Parameter[],
  tensors: ReadonlyMap<string, NamedArray>,
): void {
  for (const { name, variable } of parameters) {
    const saved = tensors.get(name);
    if (saved?.shape.join() !== variable.shape.join()) {
      throw new CheckpointError(
        `Expected the checkpoint in "${folder}" to hold parameter "${name}" of shape ` +
          `[${variable.shape.join()}]. Received: ` +
          `${saved ? `shape [${saved.shape.join()}]` : 'no such parameter'}. ` +
          'Resume with the model the run was started with.',
        folder,
      );
    }
  }
  for (const { name, variable } of parameters) {
    // Present: looked up in the loop above.
    const { data, shape } = tensors.get(name) as NamedArray;
    tf.tidy(() => variable.assign(tf.tensor(data, [...shape], variable.dtype)));
  }
}

function checkIdentity(
  folder: string,
  expected: RunState['identity'],
  saved: RunState['identity'],
): void {
  for (const key of Object.keys(expected) as (keyof RunState['identity'])[]) {
    if (expected[key] !== saved[key]) {
      throw new CheckpointError(
        `Expected the checkpoint in "${folder}" to be of a run with ${key} ${expected[key]}. ` +
          `Received: ${saved[key]}. Resume with the settings the run was started with.`,
        folder,
      );
    }
  }
}

function mapValues<A, R>(
  record: Readonly<Record<string, A>>,
  change: (value: A) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
