/**
 * Rasters in, model-ready arrays out: splits by scene and by date, normalisation and class weights
 * from the training split, augmentation after the split, time windows, tiles, and the processed
 * folder that training reads.
 *
 * @example
 * ```ts
 * import { augmentSample, createGenerator, splitByScene, timeWindows } from '@arctic/preprocess';
 *
 * const scenes = Array.from({ length: 20 }, (_, i) => ({ id: `scene-${i}`, class: i % 2 }));
 * const split = splitByScene(scenes, { train: 0.7, val: 0.15, test: 0.15 }, 1);
 *
 * const images = [new Uint8Array(4 * 4 * 3).fill(100)]; // [H,W,C]
 * const masks = [new Uint8Array(4 * 4).fill(1)];
 * const sample = { height: 4, width: 4, channels: 3, images, masks };
 * const changed = augmentSample(sample, { cropSize: 2 }, createGenerator(7));
 *
 * const days = Array.from({ length: 40 }, (_, i) => 17_000 + i);
 * const starts = timeWindows({ days, inputSteps: 30, outputSteps: 7 }); // 0, 1, 2, 3
 * if (split.train.length !== 14 || changed.width !== 2 || starts.length !== 4) throw new Error();
 * ```
 *
 * @module
 */
export { isPreprocessError, PreprocessError } from './errors.js';
export type { PreprocessErrorTag } from './errors.js';
export { createGenerator } from './generator.js';
export type { Generator } from './generator.js';

// Splits and windows
export { DEFAULT_FRACTIONS, splitByScene, SPLITS } from './split-scenes.js';
export type { Scene, Split, SplitFractions } from './split-scenes.js';
export { splitByDate } from './split-dates.js';
export type { DateBlock, DateBlocks, DateSplit, DateSplitOptions } from './split-dates.js';
export { timeWindows } from './time-windows.js';
export type { TimeWindowOptions } from './time-windows.js';

// Statistics of the training split
export { channelStatistics, classWeights } from './statistics.js';
export type {
  ChannelStatistics,
  ChannelStatisticsOptions,
  ClassWeightOptions,
} from './statistics.js';

// Augmentation
export { augmentSample, drawGeometry } from './augment.js';
export type { AugmentOptions, Sample } from './augment.js';
export { applyGeometryInto, outputSize } from './geometry.js';
export type { Geometry, Size } from './geometry.js';

// Tiles
export { blendedRows, type BlendedRowsOptions, type RowReader } from './blended-rows.js';
export { blendTiles, createTileBlender, tiles } from './tiles.js';
export type { BlendOptions, Tile, TileBlender, TileOptions } from './tiles.js';

// The processed folder
export { preprocessImagery } from './imagery.js';
export type { ClassifierStats, PreprocessImagesOptions, PreprocessProgress } from './imagery.js';
export { preprocessChangePairs } from './change-pairs.js';
export type { ChangeStats } from './change-pairs.js';
export { preprocessSequences } from './sequences.js';
export type { PreprocessSequencesOptions, SequenceInfo, SequenceStats } from './sequences.js';
export { loadProcessed, loadStats } from './load.js';
export type {
  ClassifierData,
  ConvlstmData,
  ProcessedData,
  ProcessedStats,
  SiameseData,
} from './load.js';
export type { SplitDatasetOptions } from './split-samples.js';
export type { Task } from './records.js';
