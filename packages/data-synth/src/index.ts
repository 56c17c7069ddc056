/**
 * Generated sea-ice scenes with known truth.
 *
 * @example
 * ```ts
 * import { generateIceScene, writeIceImagery } from '@arctic/data-synth';
 *
 * const scene = generateIceScene({ seed: 7 });
 * scene.image.length === 256 * 256 * 3;
 *
 * await writeIceImagery({ folder: 'data/labeled_ice_imagery', samples: 100, seed: 1 });
 * ```
 */
export {
  generateIceScene,
  type IceScene,
  type IceSceneOptions,
  type IceSceneTruth,
} from './ice-scene.js';
export { ICE_CLASSES, type IceClass } from './scene/surface.js';
export type { CameraTruth } from './scene/camera.js';

export { generateSicSeries, type SicSeries, type SicSeriesOptions } from './sic-series.js';

export {
  generateChangePair,
  type ChangePair,
  type ChangePairOptions,
  type ChangePairTruth,
} from './change-pair.js';
export { CHANGE_KINDS, type ChangeKind } from './change/events.js';

export { writeIceImagery, type WriteIceImageryOptions } from './write/ice-imagery.js';
export { writeChangePairs, type WriteChangePairsOptions } from './write/change-pairs.js';
export {
  writeSicStore,
  yearsForWindows,
  type SicStoreSummary,
  type WriteSicStoreOptions,
} from './write/sic-store.js';
export type {
  ChangeManifest,
  ChangeSample,
  ImageryManifest,
  ImagerySample,
  ManifestHead,
  WriteProgress,
} from './write/manifest.js';

export { DataSynthError, isDataSynthError, type DataSynthErrorKind } from './errors.js';
