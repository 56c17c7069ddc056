import type * as tf from '@tensorflow/tfjs-core';
import { earlyStoppingStep, improves } from './early-stopping.js';
import { OptionsError } from './errors.js';
import type { MetricsRow, TrainEvent } from './events.js';
import { plateauStep } from './plateau.js';
import { emptySums } from './run-state.js';
import type { Run } from './run.js';

/** Validates, keeps the books and writes checkpoints after the last step of an epoch. */
export async function* finishEpoch<B extends tf.TensorContainer>(
  { task, config, state, checkpoints }: Run<B>,
  learningRate: number,
  epochStartedAt: number,
): AsyncGenerator<TrainEvent, void> {
  const { running } = state;
  const scores = await task.validate();
  const epoch = state.epoch + 1;
  const row: MetricsRow = {
    epoch,
    step: state.step,
    learning_rate: learningRate,
    train_loss: running.loss / running.samples,
    gradient_norm: running.norm / running.steps,
    ...scores,
  };
  const name = config.monitor?.name ?? ('val_loss' in scores ? 'val_loss' : 'train_loss');
  const mode = config.monitor?.mode ?? 'min';
  const score = metricOf(row, name);
  state.epoch = epoch;
  state.history.push(row);
  state.running = emptySums();
  yield {
    kind: 'epoch',
    epoch,
    metrics: row,
    seconds: (config.now() - epochStartedAt) / 1000,
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
  if (improves(score, state.best?.score ?? null, mode)) {
    const previous = state.best?.score ?? null;
    state.best = { epoch, step: state.step, score };
    yield { kind: 'improved', epoch, name, score, previous };
    // Before `last`: a `last` must never speak of a best that is not there.
    yield* checkpoints.saveBest(state.best);
  }
  if (checkpoints.due(state, 'epoch')) yield* checkpoints.saveLast(state);
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
