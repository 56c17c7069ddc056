import '@tensorflow/tfjs-backend-cpu';
import { createConvLstm, presets, type ConvLstmInputs } from '@arctic/model-convlstm';
import * as tf from '@tensorflow/tfjs-core';

const SIDE = 16; // cells: the sizes compare alike on larger grids

/** History of open water and ice side by side, with persistence as the forecast to improve on. */
function inputs(inputSteps: number, outputSteps: number): ConvLstmInputs {
  const day = tf.concat([tf.zeros([SIDE, SIDE / 2]), tf.fill([SIDE, SIDE / 2], 0.9)], 1);
  const past = tf.stack(Array.from({ length: inputSteps }, () => day));
  const reference = tf.stack(Array.from({ length: outputSteps }, () => day));
  return {
    past: tf.reshape(past, [1, inputSteps, SIDE, SIDE, 1]),
    future: tf.reshape(reference, [1, outputSteps, SIDE, SIDE, 1]),
    reference: tf.reshape(reference, [1, outputSteps, SIDE, SIDE]),
  };
}

console.log(`grid ${SIDE} x ${SIDE}, in plain JavaScript`);
for (const [name, preset] of Object.entries(presets)) {
  const model = createConvLstm(preset, { seed: 1 });
  const { inputSteps, outputSteps } = model.config;
  const started = performance.now();
  const forecast = tf.tidy(() => model.forecast(inputs(inputSteps, outputSteps)));
  const milliseconds = performance.now() - started;
  const mean = tf.tidy(() => tf.mean(forecast).dataSync()[0] ?? NaN);
  console.log(
    `${name.padEnd(8)}${String(model.store.count()).padStart(8)} parameters, ` +
      `${inputSteps} days in, ${outputSteps} out: ${milliseconds.toFixed(0)} ms, ` +
      `mean concentration ${mean.toFixed(2)}`,
  );
  forecast.dispose();
  model.dispose();
}
