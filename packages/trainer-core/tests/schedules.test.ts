import { describe, expect, it } from 'vitest';
import { learningRateAt, plateauStart, plateauStep, type Schedule } from '../src/index.js';
import { torchReference } from './torch-reference.js';

describe('the rates of PyTorch', () => {
  it.each<[string, Schedule]>([
    ['cosine', { kind: 'cosine', minLearningRate: 0.001 }],
    ['cosine-warmup', { kind: 'cosine', warmupSteps: 4 }],
    ['step', { kind: 'step', everyEpochs: 2, factor: 0.3 }],
    ['constant-warmup', { kind: 'constant', warmupSteps: 5 }],
  ])('%s', (name, schedule) => {
    const expected = torchReference.schedules[name] ?? [];
    const length = { totalSteps: 20, stepsPerEpoch: 3 };
    expected.forEach((rate, step) => {
      expect(learningRateAt(schedule, 0.1, step, length)).toBeCloseTo(rate, 9);
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

  it('does not count a score that is not finite as improvement on a plateau', () => {
    const options = { patience: 0, factor: 0.5 };
    expect(plateauStep(plateauStart(1), NaN, 'min', options).learningRate).toBe(0.5);
  });
});
