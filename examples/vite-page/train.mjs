// A tiny forecaster for the page: trained on generated ice, saved to public/model, with days it never saw.
import { mkdirSync, writeFileSync } from 'node:fs';
import { generateSicSeries } from '@arctic/data-synth';
import { createConvLstm } from '@arctic/model-convlstm';
import { consume, fit } from '@arctic/trainer-core';
import * as tf from '@tensorflow/tfjs';

const SIDE = 32; // of the page's maps, cells
const CROP = 16; // of the training windows: the model runs on grids of any size
const model = createConvLstm(
  { inputSteps: 3, outputSteps: 3, hiddenChannels: [4], patchSize: 4 },
  { seed: 1 },
);
const { inputSteps, outputSteps } = model.config;
const DAYS = inputSteps + outputSteps;

/** A series with zeros where there is no value, and which cells count. */
function makeDays(weatherSeed, years) {
  const options = { seed: 1, weatherSeed, years, height: SIDE, width: SIDE, missingDayShare: 0 };
  const { sic, ocean, days } = generateSicSeries(options);
  return { sic: sic.map((value) => value || 0), ocean, count: days.length };
}

/** The square of CROP cells at a row and a column of a field. */
const crop = (field, row, column) =>
  Array.from({ length: CROP }, (_, i) => {
    const from = (row + i) * SIDE + column;
    return [...field.subarray(from, from + CROP)];
  });

/** Inputs and targets of windows of DAYS days, at a place of its own each. */
function batchOf({ sic, ocean }, starts, rngs) {
  const windows = starts.map((start, n) => {
    const [row, column] = [0, 1].map(() => Math.floor((SIDE - CROP + 1) * rngs[n].next()));
    const day = (t) => sic.subarray((start + t) * SIDE ** 2, (start + t + 1) * SIDE ** 2);
    const fields = Array.from({ length: DAYS }, (_, t) => crop(day(t), row, column));
    const newest = Array.from({ length: outputSteps }, () => fields[inputSteps - 1]);
    const sea = Array.from({ length: outputSteps }, () => crop(ocean, row, column));
    return { fields, newest, sea };
  });
  return tf.tidy(() => {
    const stack = (name) => tf.tensor4d(windows.map((window) => window[name]));
    const [fields, reference] = [stack('fields'), stack('newest')];
    const [past, target] = tf.split(fields, [inputSteps, outputSteps], 1);
    return {
      past: tf.expandDims(past, 4),
      future: tf.expandDims(reference, 4),
      reference,
      target,
      weights: stack('sea'),
    };
  });
}

const train = makeDays(1, 2);
const task = {
  parameters: model.store.parameters,
  trainSize: train.count - DAYS,
  trainBatch: (indices, rngs) => batchOf(train, indices, rngs),
  loss: ({ target, weights, ...inputs }) =>
    model.loss(model.forward(inputs, true), { target, weights }),
  validate: async () => ({}),
};
const options = {
  epochs: 4,
  stepsPerEpoch: 20,
  batchSize: 4,
  seed: 1,
  optimizer: { kind: 'adamw', learningRate: 1e-2 },
  schedule: { kind: 'cosine', warmupSteps: 5 },
};
await consume(fit(task, options), (event) => {
  if (event.kind === 'epoch')
    console.log(`epoch ${event.epoch}: loss ${event.metrics.train_loss.toFixed(5)}`);
});

mkdirSync('public', { recursive: true });
await model.save({ folder: 'public/model' });
const { sic, ocean } = makeDays(2, 1);
const rounded = (field) => Array.from(field, (value) => Math.round(1000 * value) / 1000);
const first = 150; // the pack retreats
writeFileSync(
  'public/days.json',
  JSON.stringify({
    side: SIDE,
    ocean: [...ocean],
    sic: rounded(sic.subarray(first * SIDE ** 2, (first + DAYS) * SIDE ** 2)),
  }),
);
console.log(`public/: a model of ${model.store.count()} parameters, ${DAYS} days`);
