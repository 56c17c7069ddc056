import '@tensorflow/tfjs-backend-cpu';
import { createConvLstm } from '@arctic/model-convlstm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { FUTURE_CHANNELS, PAST_CHANNELS, forecastOn } from '@arctic/inference';
import { evaluateForecaster } from '../../src/forecast/evaluate.js';
import { makeCube, makeSeries } from '../../../../tools/make-cube.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const ISSUES = [380, 395, 410];

function setUp() {
  const cube = makeCube({ from: '2015-01-01', days: 420 });
  cube.sic[396 * 64 + 11] = NaN; // a target that was not observed
  const series = makeSeries(cube, { trainingDays: 370 });
  const model = createConvLstm(
    {
      inputSteps: 4,
      outputSteps: 2,
      hiddenChannels: [2],
      patchSize: 2,
      inputChannels: PAST_CHANNELS.length,
      futureChannels: FUTURE_CHANNELS.length,
    },
    { seed: 1 },
  );
  return { series, model };
}

describe('evaluateForecaster', () => {
  it('scores an untrained model as the reference that it starts from, on the same cells', async () => {
    const { series, model } = setUp();
    const before = tf.memory().numTensors;
    const done: number[] = [];
    const { test, baselines, skill } = await evaluateForecaster(model, series, ISSUES, 1, (n) =>
      done.push(n),
    );
    expect(done).toEqual([1, 2, 3]);
    expect(Object.keys(baselines)).toEqual([
      'persistence',
      'climatology',
      'anomalyPersistence',
      'dampedAnomalyPersistence',
    ]);
    expect(test.n).toBe(3);
    for (const lead of [0, 1]) {
      expect(test.leads[lead]?.rmse).toBeCloseTo(
        baselines['dampedAnomalyPersistence']?.leads[lead]?.rmse ?? NaN,
        5,
      );
      expect(skill['dampedAnomalyPersistence']?.[lead]?.skill).toBeCloseTo(0, 4);
    }
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('makes persistence from the newest day and leaves out what was not observed', async () => {
    const { series, model } = setUp();
    const { baselines } = await evaluateForecaster(model, series, [395], 1, () => undefined);
    let sum = 0;
    let n = 0;
    for (let i = 0; i < 64; i++) {
      if (!series.active[i] || i === 11) continue;
      sum += ((series.sic[395 * 64 + i] ?? NaN) - (series.sic[396 * 64 + i] ?? NaN)) ** 2;
      n++;
    }
    expect(baselines['persistence']?.leads[0]?.rmse).toBeCloseTo(Math.sqrt(sum / n), 6);
    model.dispose();
  });

  it('predicts what it is judged by', async () => {
    const { series, model } = setUp();
    const [first, second] = [
      await forecastOn(model, series, 395),
      await forecastOn(model, series, 395),
    ];
    expect(first).toEqual(second);
    expect(first).toHaveLength(2 * 64);
    expect(first.every((v) => v >= 0 && v <= 1)).toBe(true);
    model.dispose();
  });
});
