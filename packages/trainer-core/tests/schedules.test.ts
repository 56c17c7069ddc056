import { describe, expect, it } from 'vitest';
import {
  learningRateAt,
  momentumAt,
  plateauStart,
  plateauStep,
  type Schedule,
} from '../src/index.js';
import { torchReference } from './torch-reference.js';

describe('the rates of PyTorch', () => {
  it.each<[string, Schedule, totalSteps?: number]>([
    ['cosine', { kind: 'cosine', minLearningRate: 0.001 }],
    ['cosine-warmup', { kind: 'cosine', warmupSteps: 4 }],
    ['cosine-warmup', { kind: 'cosine', warmupEpochs: 4 / 3 }],
    ['cosine-epochs', { kind: 'cosine', per: 'epoch' }, 21],
    ['cosine-restarts', { kind: 'cosine-restarts', cycleSteps: 6, minLearningRate: 0.002 }],
    ['cosine-restarts', { kind: 'cosine-restarts', cycleEpochs: 2, minLearningRate: 0.002 }],
    ['cosine-restarts-longer', { kind: 'cosine-restarts', cycleSteps: 3, cycleFactor: 2 }],
    [
      'cosine-restarts-epochs',
      { kind: 'cosine-restarts', cycleEpochs: 2, cycleFactor: 2, per: 'epoch' },
    ],
    ['step', { kind: 'step', everyEpochs: 2, factor: 0.3 }],
    ['step-steps', { kind: 'step', everySteps: 4, factor: 0.3 }],
    ['multi-step', { kind: 'multi-step', milestoneEpochs: [2, 3, 5], factor: 0.2 }],
    ['multi-step-steps', { kind: 'multi-step', milestoneSteps: [13, 2, 9, 9], factor: 0.2 }],
    ['exponential', { kind: 'exponential', factor: 0.7 }],
    ['exponential-steps', { kind: 'exponential', factor: 0.7, per: 'step' }],
    ['exponential-warmup', { kind: 'exponential', factor: 0.7, per: 'step', warmupEpochs: 2 }],
    ['one-cycle', { kind: 'one-cycle' }],
    [
      'one-cycle-linear',
      { kind: 'one-cycle', riseShare: 0.4, anneal: 'linear', startDivisor: 10, endDivisor: 100 },
    ],
    ['one-cycle-three', { kind: 'one-cycle', phases: 3 }],
    ['one-cycle-epochs', { kind: 'one-cycle', per: 'epoch' }, 21],
    ['constant-warmup', { kind: 'constant', warmupSteps: 5 }],
  ])('%s %o', (name, schedule, totalSteps = 20) => {
    const expected = torchReference.schedules[name] ?? [];
    const length = { totalSteps, stepsPerEpoch: 3 };
    expected.forEach((rate, step) => {
      expect(learningRateAt(schedule, 0.1, step, length)).toBeCloseTo(rate, 12);
    });
    expect(expected.length).toBeGreaterThan(0);
  });

  it.each(torchReference.plateaus)('plateau $options', ({ scores, rates, options }) => {
    let state = plateauStart(0.1);
    const received = scores.map((score) => {
      state = plateauStep(state, score, options.mode, {
        ...options,
        minLearningRate: options.min_lr,
        thresholdMode: options.threshold_mode ? 'absolute' : 'relative',
      });
      return state.learningRate;
    });
    received.forEach((rate, i) => expect(rate).toBeCloseTo(rates[i] ?? NaN, 12));
  });
});

describe('learningRateAt', () => {
  it('stays at the end of the cosine when a run is longer than planned', () => {
    const length = { totalSteps: 10, stepsPerEpoch: 5 };
    const schedule: Schedule = { kind: 'cosine', minLearningRate: 0.02 };
    expect(learningRateAt(schedule, 1, 12, length)).toBeCloseTo(0.02, 12);
  });

  it('has the one cycle in what the warm-up leaves, and stays at its end', () => {
    const length = { totalSteps: 25, stepsPerEpoch: 5 };
    const schedule: Schedule = { kind: 'one-cycle', warmupSteps: 5 };
    const expected = torchReference.schedules['one-cycle'] ?? [];
    const received = expected.map((_, i) => learningRateAt(schedule, 0.1, 5 + i, length));
    received.forEach((rate, i) => expect(rate).toBeCloseTo(expected[i] ?? NaN, 12));
    expect(learningRateAt(schedule, 0.1, 4, length)).toBe(0.1);
    expect(learningRateAt(schedule, 0.1, 40, length)).toBe(received.at(-1));
  });

  it('is a number where the rise of the one cycle has no length', () => {
    const length = { totalSteps: 2, stepsPerEpoch: 1 };
    // torch divides by 0 here.
    expect(learningRateAt({ kind: 'one-cycle', riseShare: 0.5 }, 1, 0, length)).toBe(1);
    for (const phases of [2, 3] as const) {
      const schedule: Schedule = { kind: 'one-cycle', phases };
      const rate = learningRateAt(schedule, 1, 0, { totalSteps: 1, stepsPerEpoch: 1 });
      expect(rate).toBeGreaterThan(0);
    }
  });

  it('takes lengths in parts of epochs as whole steps', () => {
    const length = { totalSteps: 100, stepsPerEpoch: 25 };
    // 0.28 · 25 is a little more than 7.
    const rate = learningRateAt({ kind: 'step', everyEpochs: 0.28, factor: 0.5 }, 1, 7, length);
    expect(rate).toBe(0.5);
  });

  it('does not count a score that is not finite as improvement on a plateau', () => {
    const options = { patience: 0, factor: 0.5 };
    expect(plateauStep(plateauStart(1), NaN, 'min', options).learningRate).toBe(0.5);
  });
});

describe('momentumAt', () => {
  const length = { totalSteps: 10, stepsPerEpoch: 5 };

  it('says nothing where the schedule has no momentum', () => {
    expect(momentumAt({ kind: 'cosine' }, 0, length)).toBeUndefined();
    expect(momentumAt({ kind: 'one-cycle' }, 0, length)).toBeUndefined();
  });

  it('is high at both ends, low at the full rate, and high in the warm-up', () => {
    const momentum = { low: 0.85, high: 0.95 };
    const schedule: Schedule = { kind: 'one-cycle', momentum };
    expect(momentumAt(schedule, 0, length)).toBeCloseTo(0.95, 12);
    expect(momentumAt(schedule, 2, length)).toBeCloseTo(0.85, 12);
    expect(momentumAt(schedule, 9, length)).toBeCloseTo(0.95, 12);
    expect(momentumAt({ ...schedule, warmupSteps: 3 }, 1, length)).toBeCloseTo(0.95, 12);
  });
});
