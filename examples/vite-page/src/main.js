import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import { fromPretrained } from '@arctic/model-convlstm';
import * as tf from '@tensorflow/tfjs-core';
import { drawField, figureOf } from './draw.js';

const status = document.querySelector('#status');
const maps = document.querySelector('#maps');

/** The wanted backend, or plain JavaScript where it cannot start. */
async function chooseBackend() {
  const wanted = new URLSearchParams(location.search).get('backend') ?? 'webgl';
  if (!(await tf.setBackend(wanted).catch(() => false))) await tf.setBackend('cpu');
  await tf.ready();
}

/** Root of the mean squared error over the ocean. */
function rmse(field, truth, ocean) {
  const squares = truth.map((value, cell) => (ocean[cell] ? (field[cell] - value) ** 2 : 0));
  const cells = ocean.filter(Boolean).length;
  return Math.sqrt(squares.reduce((a, b) => a + b, 0) / cells);
}

async function run() {
  await chooseBackend();
  const base = new URL(import.meta.env.BASE_URL, location.href);
  const model = await fromPretrained(new URL('model/', base));
  const days = await (await fetch(new URL('days.json', base))).json();
  const { side, ocean, sic } = days;
  const { inputSteps, outputSteps } = model.config;
  const day = (t) => sic.slice(t * side ** 2, (t + 1) * side ** 2);

  const newest = day(inputSteps - 1);
  const started = performance.now();
  const forecast = tf.tidy(() => {
    const past = tf.tensor(sic.slice(0, inputSteps * side ** 2), [1, inputSteps, side, side, 1]);
    const field = tf.tensor(newest, [1, 1, side, side]);
    const reference = tf.tile(field, [1, outputSteps, 1, 1]);
    return model.forecast({ past, future: tf.expandDims(reference, 4), reference });
  });
  const values = await forecast.data();
  const milliseconds = Math.round(performance.now() - started);
  forecast.dispose();

  const errors = { forecast: 0, persistence: 0 };
  for (let lead = 1; lead <= outputSteps; lead++) {
    const truth = day(inputSteps - 1 + lead);
    const field = [...values.subarray((lead - 1) * side ** 2, lead * side ** 2)];
    const error = { forecast: rmse(field, truth, ocean), persistence: rmse(newest, truth, ocean) };
    for (const name of Object.keys(errors)) errors[name] += error[name] / outputSteps;
    const row = document.createElement('div');
    row.className = 'lead';
    row.append(
      figureOf(
        drawField(field, days),
        `forecast, day ${lead}: RMSE ${error.forecast.toFixed(3)}, persistence ${error.persistence.toFixed(3)}`,
      ),
      figureOf(drawField(truth, days), `truth, day ${lead}`),
    );
    maps.append(row);
  }
  status.textContent =
    `${outputSteps} days forecast on ${tf.getBackend()} in ${milliseconds} ms: ` +
    `RMSE ${errors.forecast.toFixed(3)}, persistence ${errors.persistence.toFixed(3)}`;
}

run().catch((error) => {
  status.textContent = `No forecast: ${error.message}`;
});
