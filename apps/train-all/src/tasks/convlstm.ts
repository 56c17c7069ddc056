import type { ConvLstm } from '@arctic/model-convlstm';
import { shareOf, type TrainTask, type WorkerPool } from '@arctic/trainer-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type ForecastBatch,
  type ForecastSeries,
  type Steps,
  createInputBuilder,
  forecastTensors,
  weighLeads,
} from '@arctic/inference';
import type * as feeding from '../feeding/convlstm-worker.js';
import { batchRequest } from '../feeding/open-feeder.js';
import { spread } from '../spread.js';

/** Issue days as indices of the series. */
export interface ForecastSplits {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/** Cases that the validation loss is computed on after each epoch, evenly spread: it has to be quick. */
const VALIDATION_CASES = 12;
/** Training cases that the reference's error is estimated from. */
const REFERENCE_CASES = 40;

/**
 * Training the forecaster on patches that the feeder draws. The loss and `val_loss` are the mean over the leads of
 * MSE ÷ MSE of damped anomaly persistence, so that every lead counts and 1 means "no better than the reference".
 *
 * @param leadWeights those of `leadWeightsOf`, which the feeder has too.
 */
export function convlstmTask(
  model: ConvLstm,
  feeder: WorkerPool<typeof feeding>,
  series: ForecastSeries,
  splits: ForecastSplits,
  leadWeights: readonly number[],
): TrainTask<ForecastBatch> {
  const { inputSteps, outputSteps } = model.config;
  const builder = createInputBuilder(series, { inputSteps, outputSteps });
  const whole = { row: 0, column: 0, height: series.height, width: series.width };
  // The masked loss is a weighted mean; with weights 1/(L·MSE) it has to be scaled back to a sum over leads.
  const scale = leadWeights.reduce((a, b) => a + b, 0);
  const validation = spread(splits.validation, VALIDATION_CASES);

  return {
    parameters: model.store.parameters,
    trainSize: splits.train.length,
    async trainBatch(indices, rngs) {
      const arrays = await feeder.run(batchRequest(indices, rngs));
      return forecastTensors(arrays, indices.length, model.config);
    },
    loss: (batch) => tf.mul(model.loss(model.forward(batch, true), batch), scale),
    lossWeight: ({ weights }) => tf.tidy(() => tf.sum<tf.Scalar>(weights)),
    async validate(request) {
      const squares = new Float64Array(outputSteps);
      const referenceSquares = new Float64Array(outputSteps);
      const cases = validation.slice(0, request.maxBatches);
      const mine = new Set(shareOf(cases, request));
      for (const issue of cases) {
        const arrays = builder.build([{ issue, crop: whole }]);
        addSquares(arrays.reference, arrays.target, arrays.weights, referenceSquares);
        if (!mine.has(issue)) continue;
        const batch = forecastTensors(weighLeads(arrays, leadWeights), 1, model.config);
        const forecast = model.forecast(batch);
        const values = await forecast.data();
        tf.dispose([forecast, batch]);
        addSquares(values, arrays.target, arrays.weights, squares);
      }
      const ratios = Array.from(squares, (sum, lead) => sum / (referenceSquares[lead] as number));
      const sum = ratios.reduce((a, b) => a + b, 0) / outputSteps;
      // The references are those of all cases, so the processes' parts add up to the whole.
      return { val_loss: { sum, weight: request.rank === 0 ? 1 : 0 } };
    },
  };
}

/** Adds the squared errors of [L,N] fields per lead. */
function addSquares(
  forecast: ArrayLike<number>,
  target: Float32Array,
  weights: Float32Array,
  sums: Float64Array,
): void {
  const cells = target.length / sums.length;
  for (let i = 0; i < target.length; i++) {
    if (!weights[i]) continue;
    const lead = Math.floor(i / cells);
    sums[lead] = (sums[lead] as number) + ((forecast[i] as number) - (target[i] as number)) ** 2;
  }
}

/** The weight of each lead: 1 ÷ (leads · MSE of damped anomaly persistence on training cases). */
export function leadWeightsOf(
  series: ForecastSeries,
  train: readonly number[],
  steps: Steps,
): number[] {
  const leads = steps.outputSteps;
  const builder = createInputBuilder(series, steps);
  const cells = series.height * series.width;
  const sums = new Float64Array(leads);
  const counts = new Float64Array(leads);
  for (const issue of spread(train, REFERENCE_CASES)) {
    for (let lead = 1; lead <= leads; lead++) {
      const forecast = builder.reference(issue, lead);
      const start = (issue + lead) * cells;
      for (let i = 0; i < cells; i++) {
        if (!series.active[i] || !series.observed[start + i]) continue;
        sums[lead - 1] =
          (sums[lead - 1] as number) +
          ((forecast[i] as number) - (series.sic[start + i] as number)) ** 2;
        counts[lead - 1] = (counts[lead - 1] as number) + 1;
      }
    }
  }
  const errors = Array.from(sums, (sum, lead) => sum / Math.max(1, counts[lead] as number));
  return errors.map((mse) => 1 / (leads * Math.max(mse, 1e-6)));
}
