import type * as tf from '@tensorflow/tfjs-core';
import { consume } from '../consume.js';
import type { Callback } from '../events.js';
import { fit } from '../fit.js';
import type { FitOptions } from '../options.js';
import type { TrainTask } from '../task.js';
import type { TrialHooks, TrialJob } from './trial.js';

/**
 * Trains a trial up to its budget in epochs with `fit` and reports every epoch. Schedules are laid
 * out for the largest budget of the search, so that a trial which goes on is the same training as
 * one that was never halted. Keeps checkpoints in the job's folder.
 *
 * @param options Those of the training; number of epochs, folder and resume are the job's.
 * @returns `stopped` when the hooks' signal (or that of the options) was what ended it.
 */
export async function trainTrial<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  options: Omit<FitOptions, 'epochs' | 'runFolder' | 'resume'>,
  { budget, maxBudget, folder, resume }: TrialJob,
  { report, signal }: TrialHooks,
  ...callbacks: readonly Callback[]
): Promise<'done' | 'stopped'> {
  const enough = new AbortController();
  const signals = [signal, enough.signal, ...(options.signal ? [options.signal] : [])];
  const tell: Callback = (event) => {
    if (event.kind !== 'start' && event.kind !== 'epoch') return;
    const rows = event.kind === 'start' ? event.history : [event.metrics];
    for (const { epoch = NaN, ...scores } of rows) report({ budget: epoch, scores });
    if ((rows.at(-1)?.['epoch'] ?? 0) >= budget) enough.abort();
  };
  const events = fit(task, {
    ...options,
    epochs: maxBudget,
    runFolder: folder,
    resume,
    signal: AbortSignal.any(signals),
  });
  const { reason, epochs } = await consume(events, tell, ...callbacks);
  return reason === 'aborted' && epochs < budget ? 'stopped' : 'done';
}
