/**
 * What the models see, as plain arrays: loads no TensorFlow, for threads that make batches.
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
export { normalised, type ChannelNormalisation, type Normalisation } from './normalise.js';
