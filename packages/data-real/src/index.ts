/**
 * Real sea-ice data, decoded: what sources there are, and each of them as one regular cube.
 *
 * @example
 * ```ts
 * import { importSource, openSource, sourceEntry } from '@arctic/data-real';
 *
 * sourceEntry('nsidc-0081').citation;
 * const cube = await openSource({
 *   source: 'nsidc-0081',
 *   input: 'north_20150101-20170731.tar.gz',
 *   from: '2016-01-01',
 *   to: '2016-03-31',
 * });
 * cube.days.length; // 91
 * await importSource({ source: 'nsidc-0051', input: 'MONTHLY', output: 'climatology.zarr' });
 * ```
 */
export {
  catalogue,
  sourceEntry,
  type SourceEntry,
  type SourceKind,
  type SourceName,
  type SourceProduct,
} from './catalogue.js';
export { seaIceGrid, type SeaIceGridName } from './grids.js';
export { ARCTIC_REGIONS, readRegionMask, type RegionMask } from './region-mask.js';
export { polarStereographicGrid, type Hemisphere, type PolarGrid } from './polar-stereographic.js';
export {
  importSource,
  openSource,
  type ImportProgress,
  type ImportSourceOptions,
  type OpenSourceOptions,
} from './open-source.js';
export type { FieldKind } from './series/sic-field.js';
export { fillInTime, fillPoleHole } from './series/fill.js';
export { openModis, type ModisFile } from './modis/open-modis.js';
export type { ModisFamily, ModisProduct } from './modis/modis-product.js';
export {
  openSentinel1,
  type OpenSentinel1Options,
  type Sentinel1File,
} from './sentinel/sentinel-1.js';
export { geolocate, type GeolocationGrid } from './sentinel/geolocation.js';
export { openSentinel2 } from './sentinel/sentinel-2.js';
export { openProduct } from './products/open-product.js';
export { isChart } from './charts/is-chart.js';
export { openChart, type OpenChartOptions } from './charts/open-chart.js';
export type { ConcentrationRange } from './charts/concentration.js';
export type {
  ChartAttribute,
  ChartCodes,
  ChartPolygon,
  CodeName,
  CodeScheme,
  IceChart,
} from './charts/ice-chart.js';
export { iceFractions, type IceFractions } from './charts/ice-fractions.js';
export { ICE_STAGES, type IceStage } from './charts/stages.js';
export { chartSummary, type ChartSummary } from './charts/chart-summary.js';
export {
  CHART_CLASSES,
  classOfPolygon,
  type ChartClass,
  type ChartClassOptions,
} from './charts/chart-class.js';
export { rasteriseChart, type ChartGrid } from './charts/rasterise-chart.js';
export {
  downloadFile,
  type DownloadedFile,
  type DownloadFileOptions,
} from './download/download-file.js';
export {
  downloadSource,
  listSource,
  type DownloadProgress,
  type DownloadSourceOptions,
  type SourceQuery,
} from './download/download-source.js';
export type { RetryPolicy } from './download/backoff.js';
export type { Checksum } from './download/checksum.js';
export type { NetworkOptions } from './download/http-session.js';
export type { LoginName } from './download/login.js';
export type { RemoteFile } from './download/transfer.js';
export { readSeaIceIndexCsv, type ExtentRow } from './products/sea-ice-index-csv.js';
export { openRgbScene } from './rgb-scene.js';
export { cropCube } from './crop-cube.js';
export { classesByColour, COLOUR_RULE, type ColourPictures } from './imagery/colour-rule.js';
export { findScenes, type FindScenesOptions, type SceneFile } from './imagery/find-scenes.js';
export { labelSourceOf, type LabelSource } from './imagery/scene-labels.js';
export type { PatchesSummary } from './imagery/patch-folders.js';
export { writeScenePairs, type WriteScenePairsOptions } from './imagery/write-scene-pairs.js';
export { writeScenePatches, type WriteScenePatchesOptions } from './imagery/write-scene-patches.js';
export { DataRealError, isDataRealError, type DataRealErrorTag } from './errors.js';
