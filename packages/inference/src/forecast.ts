/**
 * The forecaster's part that runs in a browser too: inputs from a series, forecast, interval.
 *
 * @module
 */
export {
  createInputBuilder,
  FUTURE_CHANNELS,
  PAST_CHANNELS,
  weighLeads,
  type Crop,
  type ForecastArrays,
  type SeriesFields,
  type Steps,
} from './forecast/inputs.js';
export { createForecaster, forecastOn, observation } from './forecast/forecaster.js';
export {
  applyInterval,
  createIntervalFit,
  type ForecastInterval,
  type IntervalFit,
} from './forecast/interval.js';
export {
  prepareSeries,
  statisticsFromDaily,
  statisticsFromMonthly,
  uniformDamping,
  type DampingPeriod,
  type ForecastSeries,
  type Normal,
  type RecordYears,
} from './forecast/series.js';
export { forecastTensors, type ForecastBatch } from './tensors.js';
export { InferenceError, isInferenceError } from './errors.js';
