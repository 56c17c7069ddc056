import type * as tf from '@tensorflow/tfjs-core';
import { NonFiniteError } from './errors.js';
import type { FitResult, TrainEvent } from './events.js';
import { finishEpoch } from './finish-epoch.js';
import type { FitOptions } from './options.js';
import { resolveOptions } from './resolve-options.js';
import { endRun, nextRate, startRun, stopReason } from './run.js';
import type { TrainTask } from './task.js';
import { trainStep } from './train-step.js';

/**
 * Trains, telling what happens as it happens; the weights are in the task's parameters at the end.
 *
 * Training goes on only while events are taken: leaving the loop that takes them ends it, without
 * a word and without a checkpoint, as a kill would. To stop in order, use `signal`.
 *
 * With the same task, seed and backend, a run that was interrupted and resumed ends with exactly
 * the weights of one that was not.
 *
 * @throws OptionsError before anything is done, when options and task do not fit.
 * @throws NonFiniteError when loss or gradient is NaN or infinite.
 * @throws CheckpointError when a checkpoint cannot be written or read.
 * @example
 * for await (const event of fit(task, options)) {
 *   if (event.kind === 'epoch') report(event.metrics);
 * }
 */
export async function* fit<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  options: FitOptions,
): AsyncGenerator<TrainEvent, FitResult, void> {
  const run = await startRun(task, resolveOptions(task, options));
  const { config, state, checkpoints } = run;
  const { stepsPerEpoch, now } = config;
  try {
    yield* run.opening;
    let epochStartedAt = now();
    let reason = stopReason(run);
    while (reason === null) {
      const startedAt = now();
      const { indices, rng } = run.order.batch(state.step);
      const batch = await task.trainBatch(indices, rng);
      const dataSeconds = (now() - startedAt) / 1000;

      const learningRate = nextRate(run);
      const { loss, gradientNorm } = await trainStep(
        task,
        batch,
        run.optimizer,
        learningRate,
        config,
      );
      const epoch = state.epoch + 1;
      const step = state.step + 1;
      if (!Number.isFinite(loss)) throw new NonFiniteError('loss', loss, step, epoch, indices);
      if (!Number.isFinite(gradientNorm)) {
        throw new NonFiniteError('gradient', gradientNorm, step, epoch, indices);
      }

      state.step = step;
      state.running.loss += loss * indices.length;
      state.running.samples += indices.length;
      state.running.norm += gradientNorm;
      state.running.steps += 1;
      yield {
        kind: 'batch',
        epoch,
        batch: step - state.epoch * stepsPerEpoch,
        step,
        loss,
        gradientNorm,
        learningRate,
        batchSize: indices.length,
        seconds: (now() - startedAt) / 1000,
        dataSeconds,
      };

      if (step === epoch * stepsPerEpoch) {
        yield* finishEpoch(run, learningRate, epochStartedAt);
        epochStartedAt = now();
      } else if (checkpoints.due(state, 'step')) {
        yield* checkpoints.saveLast(state);
      }
      reason = stopReason(run);
    }

    yield* checkpoints.saveLast(state);
    if (reason !== 'completed') yield stopped(reason, state);
    const result = await endRun(run, reason);
    yield { kind: 'end', result };
    return result;
  } finally {
    run.dispose();
  }
}

function stopped(
  reason: Exclude<FitResult['reason'], 'completed'>,
  { epoch, step }: { readonly epoch: number; readonly step: number },
): TrainEvent {
  const messages = {
    'early-stopping': `No improvement any more: stopped after epoch ${epoch}.`,
    'time-limit': `The time is up: stopped after step ${step}; the run can be resumed.`,
    aborted: `Asked to stop: stopped after step ${step}; the run can be resumed.`,
  };
  return { kind: 'stopped', reason, epoch, step, message: messages[reason] };
}
