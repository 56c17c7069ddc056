import { describe, expect, it } from 'vitest';
import { checkSchedule } from '../src/check-schedule.js';
import { isTrainerError, type Schedule } from '../src/index.js';

/** What is said of settings that the types, or only their values, do not allow. */
function complaint(schedule: object): string | null {
  try {
    checkSchedule(schedule as Schedule);
    return null;
  } catch (error) {
    if (!isTrainerError(error, 'Options')) throw error;
    return error.message;
  }
}

describe('checkSchedule', () => {
  it.each<Schedule>([
    { kind: 'constant', warmupSteps: 3 },
    { kind: 'cosine', warmupEpochs: 0.5, minLearningRate: 0, per: 'epoch' },
    { kind: 'cosine-restarts', cycleEpochs: 2, cycleFactor: 1.5 },
    { kind: 'step', everySteps: 10, factor: 0.1 },
    { kind: 'multi-step', milestoneEpochs: [3, 6], factor: 0.1 },
    { kind: 'exponential', factor: 0.9 },
    { kind: 'one-cycle', phases: 3, momentum: { low: 0.8, high: 0.9 } },
    { kind: 'plateau' },
  ])('takes %o', (schedule) => {
    expect(complaint(schedule)).toBeNull();
  });

  it.each<[string, object]>([
    ['warmupSteps to be a whole number from 0', { kind: 'constant', warmupSteps: -1 }],
    ['warmupEpochs', { kind: 'constant', warmupEpochs: NaN }],
    ['Received: both', { kind: 'constant', warmupEpochs: 1, warmupSteps: 1 }],
    ['minLearningRate', { kind: 'cosine', minLearningRate: -1 }],
    ['everySteps or everyEpochs. Received: neither', { kind: 'step', factor: 0.1 }],
    ['everyEpochs', { kind: 'step', everyEpochs: 0, factor: 0.1 }],
    ['everySteps', { kind: 'step', everySteps: 0, factor: 0.1 }],
    ['factor', { kind: 'step', everySteps: 1, factor: 0 }],
    ['milestone', { kind: 'multi-step', milestoneSteps: [1, -1], factor: 0.1 }],
    ['Received: neither', { kind: 'multi-step', factor: 0.1 }],
    ['factor', { kind: 'multi-step', milestoneSteps: [1], factor: -1 }],
    ['factor', { kind: 'exponential', factor: 0 }],
    ['cycleSteps', { kind: 'cosine-restarts', cycleSteps: 0 }],
    ['cycleEpochs', { kind: 'cosine-restarts', cycleEpochs: -1 }],
    ['cycleFactor', { kind: 'cosine-restarts', cycleSteps: 2, cycleFactor: 0.5 }],
    ['minLearningRate', { kind: 'cosine-restarts', cycleSteps: 2, minLearningRate: -1 }],
    ['Received: neither', { kind: 'cosine-restarts' }],
    ['riseShare', { kind: 'one-cycle', riseShare: 2 }],
    ['from 0 to 0.5', { kind: 'one-cycle', riseShare: 0.6, phases: 3 }],
    ['startDivisor', { kind: 'one-cycle', startDivisor: 0 }],
    ['endDivisor', { kind: 'one-cycle', endDivisor: 0 }],
    ['momentum.low', { kind: 'one-cycle', momentum: { low: -1, high: 0.9 } }],
    ['momentum.high', { kind: 'one-cycle', momentum: { low: 0.8, high: 1 } }],
    ['below 1', { kind: 'plateau', factor: 1 }],
    ['patience', { kind: 'plateau', patience: -1 }],
    ['cooldown', { kind: 'plateau', cooldown: 0.5 }],
    ['threshold', { kind: 'plateau', threshold: -1 }],
    ['minLearningRate', { kind: 'plateau', minLearningRate: -1 }],
    ['Received: linear', { kind: 'linear' }],
  ])('expects %s', (message, schedule) => {
    expect(complaint(schedule)).toContain(message);
  });
});
