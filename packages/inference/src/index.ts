/**
 * Applies trained sea-ice models to data: forecasts from a series of days, class and change maps of
 * scenes of any size, and the files that they are given out as.
 *
 * @module
 */
export * from './forecast.js';
export { loadReference, saveReference, type SavedReference } from './forecast/reference-file.js';
export { loadInterval, saveInterval } from './forecast/interval-file.js';
export { metaField, modelKind, openModelFolder, type ModelKind } from './model-folder.js';
export { imageTensor } from './image-tensor.js';
export { normalised, type ChannelNormalisation, type Normalisation } from './normalise.js';
export { changeProbability, classProbabilities, type Images } from './maps/probabilities.js';
export {
  changeMap,
  expectSameGrid,
  NO_CHANGE_KNOWN,
  type ChangeMapOptions,
} from './maps/change-map.js';
export { classMap, classProbabilityMap, NO_CLASS, type ClassMapOptions } from './maps/class-map.js';
export { forecastMap } from './maps/forecast-map.js';
export { openScene, type Scene } from './maps/scene.js';
export {
  gridFor,
  writeMaps,
  writeMapsOnGrid,
  type MapFormat,
  type MapLayer,
  type TargetGrid,
} from './maps/write-maps.js';
