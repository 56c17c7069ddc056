import type * as tf from '@tensorflow/tfjs-core';
import { checkpointFolder, loadLast, setAside } from './checkpoint.js';
import { createCheckpointer, type Checkpointer } from './checkpointer.js';
import { createDataOrder, type DataOrder } from './data-order.js';
import { createEma, type Ema } from './ema.js';
import { CheckpointError } from './errors.js';
import type { FitResult, StopReason, TrainEvent } from './events.js';
import { createFeed, type Feed } from './feed.js';
import { createOptimizer, type Optimizer } from './optimizer.js';
import type { ResolvedOptions } from './resolve-options.js';
import { identityOf, startState, type RunState } from './run-state.js';
import { learningRateAt, momentumAt } from './schedules.js';
import { shareWeights } from './share-weights.js';
import { createStopwatch, type Stopwatch } from './stopwatch.js';
import type { TrainTask } from './task.js';

/** Everything that lives as long as a call of `fit`. */
export interface Run<B extends tf.TensorContainer> {
  readonly task: TrainTask<B>;
  readonly config: ResolvedOptions;
  readonly optimizer: Optimizer;
  /** Averages of the weights, where they are wanted. */
  readonly ema: Ema | null;
  readonly state: RunState;
  readonly order: DataOrder;
  readonly feed: Feed<B>;
  readonly checkpoints: Checkpointer;
  readonly stopwatch: Stopwatch;
  /** On the clock of `config.now`. */
  readonly startedAt: number;
  /** What to tell first. */
  readonly opening: readonly TrainEvent[];
  dispose(): Promise<void>;
}

/** A run from its first step, or from its last checkpoint. */
export async function startRun<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  config: ResolvedOptions,
): Promise<Run<B>> {
  const { runFolder, epochs, stepsPerEpoch, totalSteps } = config;
  const startedAt = config.now();
  const optimizer = createOptimizer(task.parameters, config.optimizer);
  const ema = config.ema ? createEma(task.parameters, config.ema) : null;
  const release = () => {
    optimizer.dispose();
    ema?.dispose();
  };
  try {
    const resumed = await openFolder(task, config, optimizer, ema);
    const state = resumed?.state ?? startState(config);
    const checkpoints = createCheckpointer(config, task.parameters, optimizer, ema, state.step);
    const opening: TrainEvent[] = [
      {
        kind: 'start',
        epochs,
        stepsPerEpoch,
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
    const order = createDataOrder(config);
    const feed = createFeed(task, order, config, state.step, totalSteps);
    return {
      ...{ task, config, optimizer, ema, state, order, feed, checkpoints, startedAt, opening },
      stopwatch: createStopwatch(),
      async dispose() {
        await feed.dispose();
        release();
        checkpoints.dispose();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** What the run folder holds of this run, or null; every process gets the same weights. */
async function openFolder<B extends tf.TensorContainer>(
  { parameters }: TrainTask<B>,
  config: ResolvedOptions,
  optimizer: Optimizer,
  ema: Ema | null,
) {
  const { runFolder, resume = false, communicator } = config;
  const load = () =>
    runFolder !== undefined && resume
      ? loadLast(runFolder, parameters, optimizer, ema, identityOf(config))
      : null;
  // The first process moves folders about where that is needed; the others find them in their places.
  let resumed = communicator.rank === 0 ? await load() : null;
  if (communicator.rank === 0 && runFolder !== undefined && !resume) await setAside(runFolder);
  communicator.barrier();
  if (communicator.rank > 0) resumed = await load();
  const step = resumed?.state.step ?? 0;
  const first = Float64Array.of(step);
  communicator.broadcastInto(first);
  if (first[0] !== step) {
    throw new CheckpointError(
      `Expected every process to read the checkpoint of step ${first[0]}. Received: step ${step} in ` +
        `process ${communicator.rank}. The run folder has to be one that all processes share.`,
      runFolder ?? null,
    );
  }
  if (communicator.size > 1 && resumed === null) await shareWeights(parameters, communicator);
  return resumed;
}

/** The learning rate of the next step. */
export function nextRate<B extends tf.TensorContainer>({ config, state }: Run<B>): number {
  const { schedule, optimizer } = config;
  const base = schedule.kind === 'plateau' ? state.plateau.learningRate : optimizer.learningRate;
  return learningRateAt(schedule, base, state.step, config);
}

/** Why the run should end now, or null. */
function stopReason<B extends tf.TensorContainer>(run: Run<B>): StopReason | null {
  const { config, state, startedAt } = run;
  const { patience } = config.earlyStopping ?? { patience: Infinity };
  if (state.step >= config.totalSteps) return 'completed';
  if (state.earlyStopping.wait >= patience) return 'early-stopping';
  if (config.signal?.aborted) return 'aborted';
  const seconds = (config.now() - startedAt) / 1000;
  return seconds >= (config.maxSeconds ?? Infinity) ? 'time-limit' : null;
}

/** The momentum of the next step, where the schedule moves it. */
export function nextMomentum<B extends tf.TensorContainer>({
  config,
  state,
}: Run<B>): number | undefined {
  return momentumAt(config.schedule, state.step, config);
}

/** The same for all processes: what one of them is told, all have to do. */
export function agreedStopReason<B extends tf.TensorContainer>(run: Run<B>): StopReason | null {
  const { communicator } = run.config;
  const reason = stopReason(run);
  if (communicator.size === 1 || reason === 'completed' || reason === 'early-stopping')
    return reason;
  const wanted = Float64Array.of(Number(reason === 'aborted'), Number(reason === 'time-limit'));
  communicator.allReduceInto(wanted);
  return wanted[0] ? 'aborted' : wanted[1] ? 'time-limit' : null;
}

/** Puts the best weights back if asked to, and sums up. */
export async function endRun<B extends tf.TensorContainer>(
  { config, state, checkpoints, startedAt, stopwatch }: Run<B>,
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
    time: stopwatch.total(),
  };
}
