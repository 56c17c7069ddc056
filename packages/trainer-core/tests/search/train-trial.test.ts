import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consume, fit, trainTrial, type TrialJob, type TrialReport } from '../../src/index.js';
import { useCpuBackend, useTemporaryFolder } from '../setup.js';
import { createTinyTask } from '../tiny-task.js';

useCpuBackend();
const temporary = useTemporaryFolder();

const options = {
  batchSize: 8,
  seed: 1,
  optimizer: { kind: 'adamw', learningRate: 0.05 },
  schedule: { kind: 'cosine' },
} as const;
const job = (budget: number, resume: boolean): TrialJob => ({
  trial: 1,
  settings: {},
  budget,
  maxBudget: 4,
  seed: 1,
  folder: join(temporary(), 'trial'),
  resume,
});

async function train(budget: number, resume: boolean, stopAfter = Infinity) {
  const task = createTinyTask();
  const controller = new AbortController();
  const reports: TrialReport[] = [];
  const report = (r: TrialReport) => {
    reports.push(r);
    if (r.budget >= stopAfter) controller.abort();
  };
  const end = await trainTrial(task, options, job(budget, resume), {
    report,
    signal: controller.signal,
  });
  const weights = task.weights();
  task.dispose();
  return { end, weights, reports: reports.map((r) => r.budget) };
}

describe('trainTrial', () => {
  it('halts at its budget; going on, it is the training that was never halted', async () => {
    const task = createTinyTask();
    await consume(fit(task, { ...options, epochs: 4 }));
    expect(await train(1, false)).toMatchObject({ end: 'done', reports: [1] });
    expect(await train(3, true)).toMatchObject({ end: 'done', reports: [1, 2, 3] });
    expect(await train(3, true)).toMatchObject({ end: 'done', reports: [1, 2, 3] });
    const last = await train(4, true);
    expect(last.weights).toEqual(task.weights());
    expect(last.reports).toEqual([1, 2, 3, 4]);
    task.dispose();
  });

  it('says when it was stopped before its budget', async () => {
    expect(await train(4, false, 2)).toMatchObject({ end: 'stopped', reports: [1, 2] });
    expect(await train(4, true)).toMatchObject({ end: 'done', reports: [1, 2, 3, 4] });
  });
});
