/**
 * Real sea-ice data, decoded: what sources there are, and each of them as one regular cube.
 *
 * @example
 * ```ts
 * import { importSource, openSource, sourceEntry } from '@arctic/data-real';
 *
 * sourceEntry('nsidc-0081').citation;
 * const cube = await openSource({ source: 'nsidc-0081', input: 'downloads', from: '2016-01-01' });
 * await importSource({ source: 'nsidc-0051', input: 'months.tar.gz', output: 'climatology.zarr' });
 * ```
 */
export { catalogue, sourceEntry, type SourceEntry, type SourceName } from './catalogue.js';
export { polarStereographicGrid, type Hemisphere, type PolarGrid } from './polar-stereographic.js';
export {
  importSource,
  openSource,
  type ImportProgress,
  type ImportSourceOptions,
  type OpenSourceOptions,
} from './open-source.js';
export { openRgbScene } from './rgb-scene.js';
export { DataRealError, isDataRealError, type DataRealErrorTag } from './errors.js';
