import type * as tf from '@tensorflow/tfjs-core';
import { earlyStoppingStep, improves } from './early-stopping.js';
import { OptionsError } from './errors.js';
import type { MetricsRow, TrainEvent } from './events.js';
import type { Monitor } from './options.js';
import { plateauStep } from './plateau.js';
import { emptySums } from './run-state.js';
import type { Run } from './run.js';
import { validate } from './validate.js';

/** Validates, keeps the books and writes checkpoints after the last step of an epoch. */
export async function* finishEpoch<B extends tf.TensorContainer>(
  run: Run<B>,
  learningRate: number,
  epochStartedAt: number,
): AsyncGenerator<TrainEvent, void> {
  const { config, state, stopwatch } = run;
  const { running } = state;
  const scores = await validate(run, config.validationBatches);
  const epoch = state.epoch + 1;
  const row: MetricsRow = {
    epoch,
    step: state.step,
    learning_rate: learningRate,
    train_loss: running.loss / running.samples,
    gradient_norm: running.norm / running.steps,
    ...scores,
  };
  const { name, mode } = monitorOf(config.monitor, scores);
  const score = metricOf(row, name);
  state.epoch = epoch;
  state.history.push(row);
  state.running = emptySums();
  yield {
    kind: 'epoch',
    epoch,
    metrics: row,
    seconds: (config.now() - epochStartedAt) / 1000,
    time: stopwatch.lap(),
  };

  const { schedule, earlyStopping } = config;
  if (schedule.kind === 'plateau') {
    const from = state.plateau.learningRate;
    state.plateau = plateauStep(state.plateau, score, mode, schedule);
    const to = state.plateau.learningRate;
    if (to !== from) yield { kind: 'lr', epoch, from, to };
  }
  if (earlyStopping !== undefined) {
    const watched = metricOf(row, earlyStopping.monitor ?? name);
    const { mode: watchedMode = mode, minDelta } = earlyStopping;
    state.earlyStopping = earlyStoppingStep(state.earlyStopping, watched, watchedMode, minDelta);
  }
  yield* keepWeights(run, row, { name, mode });
  if (run.checkpoints.due(state, 'epoch')) yield* run.checkpoints.saveLast(state);
}

/** Keeps the weights of this epoch as the best and among the top, where they are; averages, where there are such. */
async function* keepWeights<B extends tf.TensorContainer>(
  { config, state, checkpoints, ema }: Run<B>,
  row: MetricsRow,
  { name, mode }: Monitor,
): AsyncGenerator<TrainEvent, void> {
  const { epoch } = row;
  const score = metricOf(row, name);
  const top = config.topK?.monitor ?? { name, mode };
  const kept = { epoch, step: state.step, score: metricOf(row, top.name) };
  ema?.swapIn();
  try {
    if (improves(score, state.best?.score ?? null, mode)) {
      const previous = state.best?.score ?? null;
      state.best = { epoch, step: state.step, score };
      yield { kind: 'improved', epoch, name, score, previous };
      // Before `last`: a `last` must never speak of a best that is not there.
      yield* checkpoints.saveBest(state.best);
    }
    yield* checkpoints.saveTop(state, kept, top.mode);
  } finally {
    ema?.swapOut();
  }
}

/** What decides which epoch is best, where nothing was said: `val_loss`, or `train_loss` without one. */
function monitorOf(
  monitor: Monitor | undefined,
  scores: Readonly<Record<string, number>>,
): Monitor {
  return monitor ?? { name: 'val_loss' in scores ? 'val_loss' : 'train_loss', mode: 'min' };
}

function metricOf(row: MetricsRow, name: string): number {
  const score = row[name];
  if (score === undefined) {
    throw new OptionsError(
      `Expected the monitored metric "${name}" among the results of an epoch. ` +
        `Received: ${Object.keys(row).join(', ')}. Return it from validate or monitor another.`,
    );
  }
  return score;
}
