import * as tf from '@tensorflow/tfjs-core';
import { checkpointFolder, loadWeights, saveBest, saveLast } from './checkpoint.js';
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
  /** Puts the best weights back into the parameters; false when there are none. */
  restoreBest(): Promise<boolean>;
  dispose(): void;
}

/** @param step Step of the checkpoint that the run goes on from, 0 in a fresh run. */
export function createCheckpointer(
  config: ResolvedOptions,
  parameters: readonly Parameter[],
  optimizer: Optimizer,
  step: number,
): Checkpointer {
  const { runFolder, now } = config;
  const { epochs = 1, seconds = 300, minSeconds } = config.checkpointEvery ?? {};
  let savedStep = step;
  let savedAt = now();
  let writeSeconds = 0;
  let inMemory: tf.Tensor[] = [];

  async function timed(
    which: 'best' | 'last',
    folder: string,
    at: number,
    write: () => Promise<number>,
  ): Promise<CheckpointEvent> {
    const began = now();
    const bytes = await write();
    return {
      kind: 'checkpoint',
      which,
      folder: checkpointFolder(folder, which),
      step: at,
      bytes,
      seconds: (now() - began) / 1000,
    };
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
      const event = await timed('last', runFolder, state.step, () =>
        saveLast(runFolder, parameters, optimizer, state),
      );
      savedStep = state.step;
      savedAt = now();
      writeSeconds = event.seconds;
      yield event;
    },
    async *saveBest(best) {
      if (runFolder !== undefined) {
        yield await timed('best', runFolder, best.step, () =>
          saveBest(runFolder, parameters, best),
        );
      } else if (config.earlyStopping && config.earlyStopping.restoreBest !== false) {
        tf.dispose(inMemory);
        inMemory = parameters.map(({ variable }) => tf.keep(tf.clone(variable)));
      }
    },
    async restoreBest() {
      if (runFolder !== undefined) {
        await loadWeights(checkpointFolder(runFolder, 'best'), parameters);
        return true;
      }
      inMemory.forEach((tensor, i) => parameters[i]?.variable.assign(tensor));
      return inMemory.length > 0;
    },
    dispose: () => tf.dispose(inMemory),
  };
}
