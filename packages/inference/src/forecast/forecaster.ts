import type { ConvLstm } from '@arctic/model-convlstm';
import * as tf from '@tensorflow/tfjs-core';
import { forecastTensors } from '../tensors.js';
import { createInputBuilder, type SeriesFields } from './inputs.js';
import type { ForecastSeries } from './series.js';

/** The forecast of one issue day (an index of the series), [L,N] 0..1; cells outside the active ones mean nothing. */
export async function forecastOn(
  model: ConvLstm,
  series: SeriesFields,
  issue: number,
): Promise<Float32Array> {
  return (await createForecaster(model, series))(issue);
}

/** Forecasts of one series by issue day; keeps the climatological fields of the days it has seen. */
export function createForecaster(
  model: ConvLstm,
  series: SeriesFields,
): (issue: number) => Promise<Float32Array> {
  const { inputSteps, outputSteps } = model.config;
  const steps = { inputSteps, outputSteps };
  const builder = createInputBuilder(series, steps);
  const crop = { row: 0, column: 0, height: series.height, width: series.width };
  return async (issue) => {
    const batch = forecastTensors(builder.build([{ issue, crop }]), 1, steps);
    const forecast = model.forecast(batch);
    const values = (await forecast.data()) as Float32Array; // the forecast is float32
    tf.dispose([forecast, batch]);
    return values;
  };
}

/** The field of a day with NaN where it was not observed. */
export function observation(series: ForecastSeries, index: number): Float32Array {
  const cells = series.height * series.width;
  const start = index * cells;
  return series.sic
    .slice(start, start + cells)
    .map((v, i) => (series.observed[start + i] ? v : NaN));
}
