// A network of one's own learns to forecast sea ice: node train.mjs [--stop-after EPOCHS] [--run FOLDER]
import process from 'node:process';
import { parseArgs } from 'node:util';
import { fieldErrors, iceEdgeError } from '@arctic/metrics';
import {
  consume,
  csvLogger,
  fit,
  loadWeights,
  RESUMABLE_EXIT_CODE,
  stopOnSignals,
} from '@arctic/trainer-core';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { caseInto, CELLS, HISTORY, LEAD, makeDays, SIDE } from './data.mjs';
import { createUNet, edgeLoss } from './network.mjs';

const EPOCHS = 6;
const { values: options } = parseArgs({
  options: {
    'stop-after': { type: 'string', default: String(EPOCHS) },
    run: { type: 'string', default: 'runs/unet' },
  },
});
const stopAfter = Number(options['stop-after']);

await tf.setBackend('wasm');
const train = makeDays(1, 2);
const validation = makeDays(2, 1);
const test = makeDays(3, 1);
const { store, forward } = createUNet({ days: HISTORY, width: 8, seed: 1 });

/** Cases of some issue days as tensors, some of them mirrored. */
function batchOf(days, issues, flips = []) {
  const part = (array, n) => array.subarray((n * array.length) / issues.length);
  const inputs = new Float32Array(issues.length * CELLS * HISTORY);
  const [targets, oceans] = [0, 0].map(() => new Float32Array(issues.length * CELLS));
  issues.forEach((issue, n) => {
    const out = { input: part(inputs, n), target: part(targets, n), ocean: part(oceans, n) };
    caseInto(days, { issue, flip: flips[n] }, out);
  });
  const shape = [issues.length, SIDE, SIDE];
  return {
    x: tf.tensor(inputs, [...shape, HISTORY]),
    target: tf.tensor(targets, [...shape, 1]),
    ocean: tf.tensor(oceans, [...shape, 1]),
  };
}

/** The forecast [B,H,W,1]: the newest day and the change that the network sees coming. */
const forecastOf = (x) =>
  tf.tidy(() => tf.add(tf.slice(x, [0, 0, 0, HISTORY - 1], [-1, -1, -1, 1]), forward(x)));

/** Errors over every tenth day, of the network and of persistence. */
async function judge(days) {
  const sums = { model: 0, persistence: 0, modelEdge: 0, persistenceEdge: 0, cases: 0 };
  const scored = { mask: days.ocean };
  for (let issue = 0; issue < days.count; issue += 10) {
    const batch = batchOf(days, [issue]);
    const forecast = tf.tidy(() => tf.clipByValue(forecastOf(batch.x), 0, 1));
    const fields = { model: await forecast.data(), persistence: days.day(issue + HISTORY - 1) };
    tf.dispose([batch, forecast]);
    const truth = days.day(issue + HISTORY - 1 + LEAD);
    for (const [name, field] of Object.entries(fields)) {
      sums[name] += fieldErrors(field, truth, scored).mse;
      sums[`${name}Edge`] += iceEdgeError(field, truth, { ...scored, area: days.area }).iiee;
    }
    sums.cases++;
  }
  return {
    rmse: Math.sqrt(sums.model / sums.cases),
    persistenceRmse: Math.sqrt(sums.persistence / sums.cases),
    edgeKm2: sums.modelEdge / sums.cases,
    persistenceEdgeKm2: sums.persistenceEdge / sums.cases,
  };
}

const task = {
  parameters: store.parameters,
  trainSize: train.count,
  // Mirrored or not, by the stream of each sample: the same after a resume.
  trainBatch: (indices, rngs) =>
    batchOf(
      train,
      indices,
      rngs.map((rng) => rng.next() < 0.5),
    ),
  loss: ({ x, ...truth }) => edgeLoss(forecastOf(x), truth),
  async validate() {
    const { rmse, edgeKm2 } = await judge(validation);
    return { val_rmse: rmse, val_edge_km2: edgeKm2 };
  },
};

const stop = stopOnSignals(process);
const halt = new AbortController();
const result = await consume(
  fit(task, {
    epochs: EPOCHS,
    batchSize: 8,
    stepsPerEpoch: 20,
    seed: 1,
    optimizer: { kind: 'adamw', learningRate: 5e-3 },
    schedule: { kind: 'cosine', warmupSteps: 10 },
    monitor: { name: 'val_rmse', mode: 'min' },
    runFolder: options.run,
    resume: true,
    signal: AbortSignal.any([stop.signal, halt.signal]),
  }),
  csvLogger(`${options.run}/metrics.csv`),
  (event) => {
    if (event.kind === 'resumed') console.log('goes on from its checkpoint');
    if (event.kind !== 'epoch') return;
    const { epoch, train_loss, val_rmse, val_edge_km2 } = event.metrics;
    const numbers = `loss ${train_loss.toFixed(5)}, RMSE ${val_rmse.toFixed(4)}`;
    console.log(`epoch ${epoch}: ${numbers}, ice edge off by ${Math.round(val_edge_km2)} km²`);
    if (epoch >= stopAfter && epoch < EPOCHS) halt.abort();
  },
);
stop.dispose();

if (result.reason === 'aborted') {
  console.log('stopped; start again to go on');
  if (!halt.signal.aborted) process.exitCode = RESUMABLE_EXIT_CODE;
} else {
  await loadWeights(`${options.run}/checkpoints/best`, store.parameters);
  const { rmse, persistenceRmse, edgeKm2, persistenceEdgeKm2 } = await judge(test);
  console.log(
    `test, ${LEAD} days ahead: RMSE ${rmse.toFixed(4)}, persistence ${persistenceRmse.toFixed(4)}; ` +
      `ice edge off by ${Math.round(edgeKm2)} km², persistence ${Math.round(persistenceEdgeKm2)} km²`,
  );
}
