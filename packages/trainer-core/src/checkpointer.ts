import { rm } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import {
  checkpointFolder,
  loadWeights,
  saveLast,
  saveWeights,
  type Resumable,
} from './checkpoint.js';
import { improves } from './early-stopping.js';
import type { Best, TrainEvent } from './events.js';
import type { Optimizer } from './optimizer.js';
import type { ResolvedOptions } from './resolve-options.js';
import type { RunState } from './run-state.js';
import type { Parameter } from './task.js';

type CheckpointEvent = Extract<TrainEvent, { kind: 'checkpoint' }>;

/** Decides when checkpoints are written and keeps the best weights. */
export interface Checkpointer {
  /** Whether `last` should be written now. */
  due(state: RunState, at: 'step' | 'epoch'): boolean;
  /** Writes `last`, unless nothing happened since it was. */
  saveLast(state: RunState): AsyncGenerator<CheckpointEvent, void>;
  /** Keeps the present weights as the best: in the run folder or, without one, in memory. */
  saveBest(best: Best): AsyncGenerator<CheckpointEvent, void>;
  /** Keeps the present weights if they are among the k best, and lets the worst go. */
  saveTop(state: RunState, epoch: Best, mode: 'min' | 'max'): AsyncGenerator<CheckpointEvent, void>;
  /** Puts the best weights back into the parameters; false when there are none. */
  restoreBest(): Promise<boolean>;
  dispose(): void;
}

/** @param step Step of the checkpoint that the run goes on from, 0 in a fresh run. */
export function createCheckpointer(
  config: ResolvedOptions,
  parameters: readonly Parameter[],
  optimizer: Optimizer,
  averages: Resumable | null,
  step: number,
): Checkpointer {
  const { runFolder, now, communicator, topK } = config;
  const { epochs = 1, seconds = 300, minSeconds } = config.checkpointEvery ?? {};
  // Where there are several processes, the first writes for all.
  const writes = communicator.rank === 0;
  let savedStep = step;
  let savedAt = now();
  let writeSeconds = 0;
  let inMemory: tf.Tensor[] = [];

  async function timed(
    which: CheckpointEvent['which'],
    folder: string,
    at: number,
    write: () => Promise<number>,
  ): Promise<CheckpointEvent> {
    const began = now();
    const bytes = await write();
    return { kind: 'checkpoint', which, folder, step: at, bytes, seconds: (now() - began) / 1000 };
  }

  return {
    due(state, at) {
      const passed = (now() - savedAt) / 1000;
      if (passed >= seconds) return true;
      return (
        at === 'epoch' && state.epoch % epochs === 0 && passed >= (minSeconds ?? 20 * writeSeconds)
      );
    },
    async *saveLast(state) {
      if (runFolder === undefined || state.step === savedStep) return;
      savedStep = state.step;
      savedAt = now();
      if (!writes) return;
      const event = await timed('last', checkpointFolder(runFolder, 'last'), state.step, () =>
        saveLast(runFolder, parameters, optimizer, averages, state),
      );
      savedAt = now();
      writeSeconds = event.seconds;
      yield event;
    },
    async *saveBest(best) {
      if (runFolder !== undefined) {
        if (!writes) return;
        const folder = checkpointFolder(runFolder, 'best');
        yield await timed('best', folder, best.step, () => saveWeights(folder, parameters, best));
      } else if (config.earlyStopping && config.earlyStopping.restoreBest !== false) {
        tf.dispose(inMemory);
        inMemory = parameters.map(({ variable }) => tf.keep(tf.clone(variable)));
      }
    },
    async *saveTop(state, epoch, mode) {
      if (topK === undefined || runFolder === undefined || !Number.isFinite(epoch.score)) return;
      const place = state.top.findIndex(({ score }) => improves(epoch.score, score, mode));
      const at = place < 0 ? state.top.length : place;
      if (at >= topK.k) return;
      const all = [...state.top.slice(0, at), epoch, ...state.top.slice(at)];
      if (writes) {
        const folder = checkpointFolder(runFolder, epoch.epoch);
        yield await timed('top', folder, epoch.step, () => saveWeights(folder, parameters, epoch));
        for (const { epoch: worst } of all.slice(topK.k)) {
          await rm(checkpointFolder(runFolder, worst), { recursive: true, force: true });
        }
      }
      state.top = all.slice(0, topK.k);
    },
    async restoreBest() {
      if (runFolder !== undefined) {
        communicator.barrier();
        await loadWeights(checkpointFolder(runFolder, 'best'), parameters);
        return true;
      }
      inMemory.forEach((tensor, i) => parameters[i]?.variable.assign(tensor));
      return inMemory.length > 0;
    },
    dispose: () => tf.dispose(inMemory),
  };
}
