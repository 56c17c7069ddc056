import { setImmediate as nextTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { NonFiniteError } from './errors.js';
import type { FitResult, TrainEvent } from './events.js';
import { nextParts } from './feed.js';
import { finishEpoch } from './finish-epoch.js';
import { trainedIn } from './freeze.js';
import { createLeakGuard } from './leak-guard.js';
import type { FitOptions } from './options.js';
import { resolveOptions } from './resolve-options.js';
import { agreedStopReason, endRun, nextMomentum, nextRate, startRun, type Run } from './run.js';
import { saveOffence } from './save-offence.js';
import type { TrainTask } from './task.js';
import { trainStep } from './train-step.js';
import { validate } from './validate.js';

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
 *   if (event.kind === 'epoch') console.log(event.metrics);
 * }
 */
export async function* fit<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  options: FitOptions,
): AsyncGenerator<TrainEvent, FitResult, void> {
  const run = await startRun(task, resolveOptions(task, options));
  const { stopwatch, config } = run;
  let result: FitResult | undefined;
  try {
    for await (const event of train(run)) {
      if (event.kind === 'checkpoint') stopwatch.add('checkpoint', event.seconds);
      if (event.kind === 'end') result = event.result;
      const told = config.now();
      yield event;
      stopwatch.add('callbacks', (config.now() - told) / 1000);
    }
  } finally {
    await run.dispose();
  }
  return result as FitResult; // the last event
}

async function* train<B extends tf.TensorContainer>(run: Run<B>): AsyncGenerator<TrainEvent, void> {
  const { task, config, state, checkpoints, optimizer, ema } = run;
  const { stepsPerEpoch, communicator, now } = config;
  const leakOf = createLeakGuard(config.leakGuard ?? 20);
  yield* run.opening;
  if (config.sanityValidation && state.step === 0) {
    yield { kind: 'sanity', scores: await validate(run, config.sanityValidation) };
  }
  let epochStartedAt = now();
  let reason = agreedStopReason(run);
  while (reason === null) {
    // Native kernels block: messages and signals come in between steps.
    await nextTurn();
    const startedAt = now();
    const epoch = state.epoch + 1;
    const step = state.step + 1;
    const learningRate = nextRate(run);
    let dataSeconds = 0;
    const parts = nextParts(run.feed, config.accumulate, async () => {
      const began = now();
      const part = await run.feed.take();
      dataSeconds += (now() - began) / 1000;
      return part;
    });
    const trained = trainedIn(epoch, task.parameters, config.freeze);
    const momentum = nextMomentum(run);
    const how = { optimizer, learningRate, momentum, trained, limits: config, communicator };
    const { loss, gradientNorm } = await trainStep(task, parts, how);
    if (!Number.isFinite(loss)) throw await offence(run, 'loss', loss, learningRate);
    if (!Number.isFinite(gradientNorm)) {
      throw await offence(run, 'gradient', gradientNorm, learningRate);
    }
    ema?.update();

    const length = run.order.batchLength(state.step);
    state.step = step;
    state.running.loss += loss * length;
    state.running.samples += length;
    state.running.norm += gradientNorm;
    state.running.steps += 1;
    const seconds = (now() - startedAt) / 1000;
    run.stopwatch.add('data', dataSeconds);
    run.stopwatch.add('step', seconds - dataSeconds);
    yield {
      kind: 'batch',
      epoch,
      batch: step - state.epoch * stepsPerEpoch,
      step,
      loss,
      gradientNorm,
      learningRate,
      batchSize: length,
      seconds,
      dataSeconds,
    };
    const leak = leakOf(tf.memory().numTensors);
    if (leak !== null) yield { kind: 'leak', step, ...leak };

    if (step === epoch * stepsPerEpoch) {
      yield* finishEpoch(run, learningRate, epochStartedAt);
      epochStartedAt = now();
    } else if (checkpoints.due(state, 'step')) {
      yield* checkpoints.saveLast(state);
    }
    reason = agreedStopReason(run);
  }

  yield* checkpoints.saveLast(state);
  if (reason !== 'completed') yield stopped(reason, state);
  yield { kind: 'end', result: await endRun(run, reason) };
}

async function offence<B extends tf.TensorContainer>(
  run: Run<B>,
  quantity: 'loss' | 'gradient',
  value: number,
  learningRate: number,
): Promise<NonFiniteError> {
  const { state, order } = run;
  const what = {
    quantity,
    value,
    step: state.step + 1,
    epoch: state.epoch + 1,
    indices: order.batch(state.step).indices,
  };
  const error = (folder: string | null) =>
    new NonFiniteError(what.quantity, value, what.step, what.epoch, what.indices, folder);
  // What went wrong in the step is told, even if it cannot be saved.
  const folder = await saveOffence(run, error(null), learningRate).catch(() => null);
  return error(folder);
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
