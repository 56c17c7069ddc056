import type * as tf from '@tensorflow/tfjs-core';
import { checkpointFolder, loadLast, setAside } from './checkpoint.js';
import { createCheckpointer, type Checkpointer } from './checkpointer.js';
import { createDataOrder, type DataOrder } from './data-order.js';
import type { FitResult, StopReason, TrainEvent } from './events.js';
import { createOptimizer, type Optimizer } from './optimizer.js';
import type { ResolvedOptions } from './resolve-options.js';
import { identityOf, startState, type RunState } from './run-state.js';
import { learningRateAt } from './schedules.js';
import type { TrainTask } from './task.js';

/** Everything that lives as long as a call of `fit`. */
export interface Run<B extends tf.TensorContainer> {
  readonly task: TrainTask<B>;
  readonly config: ResolvedOptions;
  readonly optimizer: Optimizer;
  readonly state: RunState;
  readonly order: DataOrder;
  readonly checkpoints: Checkpointer;
  /** On the clock of `config.now`. */
  readonly startedAt: number;
  /** What to tell first. */
  readonly opening: readonly TrainEvent[];
  dispose(): void;
}

/** A run from its first step, or from its last checkpoint. */
export async function startRun<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  config: ResolvedOptions,
): Promise<Run<B>> {
  const { runFolder, resume = false } = config;
  const startedAt = config.now();
  const optimizer = createOptimizer(task.parameters, config.optimizer);
  try {
    const resumed =
      runFolder !== undefined && resume
        ? await loadLast(runFolder, task.parameters, optimizer, identityOf(config))
        : null;
    if (runFolder !== undefined && !resume) await setAside(runFolder);
    const state = resumed?.state ?? startState(config);
    const checkpoints = createCheckpointer(config, task.parameters, optimizer, state.step);
    const opening: TrainEvent[] = [
      {
        kind: 'start',
        epochs: config.epochs,
        stepsPerEpoch: config.stepsPerEpoch,
        step: state.step,
        trainableValues: task.parameters.reduce(
          (sum, { trainable, variable }) => sum + (trainable ? variable.size : 0),
          0,
        ),
        history: [...state.history],
      },
    ];
    if (runFolder !== undefined && resumed !== null) {
      const { epoch, step } = state;
      const folder = checkpointFolder(runFolder, 'last');
      opening.push({ kind: 'resumed', folder, epoch, step, warning: resumed.warning });
    }
    return {
      task,
      config,
      optimizer,
      state,
      order: createDataOrder(config),
      checkpoints,
      startedAt,
      opening,
      dispose() {
        optimizer.dispose();
        checkpoints.dispose();
      },
    };
  } catch (error) {
    optimizer.dispose();
    throw error;
  }
}

/** The learning rate of the next step. */
export function nextRate<B extends tf.TensorContainer>({ config, state }: Run<B>): number {
  const { schedule, optimizer } = config;
  const base = schedule.kind === 'plateau' ? state.plateau.learningRate : optimizer.learningRate;
  return learningRateAt(schedule, base, state.step, config);
}

/** Why the run should end now, or null. */
export function stopReason<B extends tf.TensorContainer>(run: Run<B>): StopReason | null {
  const { config, state, startedAt } = run;
  const { patience } = config.earlyStopping ?? { patience: Infinity };
  if (state.step >= config.totalSteps) return 'completed';
  if (state.earlyStopping.wait >= patience) return 'early-stopping';
  if (config.signal?.aborted) return 'aborted';
  const seconds = (config.now() - startedAt) / 1000;
  return seconds >= (config.maxSeconds ?? Infinity) ? 'time-limit' : null;
}

/** Puts the best weights back if asked to, and sums up. */
export async function endRun<B extends tf.TensorContainer>(
  { config, state, checkpoints, startedAt }: Run<B>,
  reason: StopReason,
): Promise<FitResult> {
  const wanted = config.earlyStopping && config.earlyStopping.restoreBest !== false;
  return {
    reason,
    epochs: state.epoch,
    steps: state.step,
    best: state.best,
    restoredBest: wanted && state.best ? await checkpoints.restoreBest() : false,
    history: [...state.history],
    seconds: (config.now() - startedAt) / 1000,
  };
}
