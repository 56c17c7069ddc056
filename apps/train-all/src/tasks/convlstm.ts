import type { ConvLstm } from '@arctic/model-convlstm';
import { shareOf, type Rng, type TrainTask } from '@arctic/trainer-core';
import * as tf from '@tensorflow/tfjs-core';
import { createCropSampler } from '../forecast/crops.js';
import { createInputBuilder } from '../forecast/inputs.js';
import type { ForecastSeries } from '../forecast/series.js';
import { spread } from '../spread.js';
import { forecastTensors, type ForecastBatch } from '../tensors.js';

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
 * Training the forecaster on patches of active ocean. The loss and `val_loss` are the mean over the leads of
 * MSE ÷ MSE of damped anomaly persistence, so that every lead counts and 1 means "no better than the reference".
 */
export function convlstmTask(
  model: ConvLstm,
  series: ForecastSeries,
  splits: ForecastSplits,
  cropSize: number,
): TrainTask<ForecastBatch> {
  const { inputSteps, outputSteps } = model.config;
  const builder = createInputBuilder(series, { inputSteps, outputSteps });
  const sampleCrop = createCropSampler(series.active, series.height, series.width, cropSize);
  const whole = { row: 0, column: 0, height: series.height, width: series.width };
  const leadWeights = referenceErrors(builder, series, splits.train, outputSteps).map(
    (mse) => 1 / (outputSteps * mse),
  );
  // The masked loss is a weighted mean; with weights 1/(L·MSE) it has to be scaled back to a sum over leads.
  const scale = leadWeights.reduce((a, b) => a + b, 0);
  const validation = spread(splits.validation, VALIDATION_CASES);

  return {
    parameters: model.store.parameters,
    trainSize: splits.train.length,
    trainBatch(indices, rngs) {
      // Any of eight turns: ice does not know which way the grid lies, and one series of a few years is little.
      const cases = indices.map((i, position) => {
        const rng = rngs[position] as Rng; // one for each sample
        const crop = sampleCrop(rng.next());
        const turn = Math.floor(rng.next() * 8);
        const symmetry = crop.height === crop.width ? turn : turn & 6;
        return { issue: splits.train[i] as number, crop: { ...crop, symmetry } }; // indices come from trainSize
      });
      return forecastTensors(builder.build(cases), cases.length, inputSteps, leadWeights);
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
        const batch = forecastTensors(arrays, 1, inputSteps, leadWeights);
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

/** The MSE of damped anomaly persistence per lead on training cases. */
function referenceErrors(
  builder: ReturnType<typeof createInputBuilder>,
  series: ForecastSeries,
  train: readonly number[],
  leads: number,
): number[] {
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
  return Array.from(sums, (sum, lead) => Math.max(sum / Math.max(1, counts[lead] as number), 1e-6));
}
