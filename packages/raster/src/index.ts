/**
 * The array that passes between sea-ice packages, and the readers and writers of raster files.
 *
 * @example
 * ```ts
 * import { dayNumber, readCube, readGeoTiff, readImage, resizeImage, writePng } from '@arctic/raster';
 *
 * const image = await readImage('scene.png');
 * await writePng('small.png', resizeImage(image, 128, 128, 'area'));
 *
 * const cube = await readCube('sea_ice_concentration.zarr', { from: '2016-01-01' });
 * cube.days[0] === dayNumber('2016-01-01');
 * ```
 */
export type { Image } from './image.js';
export { readImage, writePng } from './image-file.js';
export { resizeImage, type ResizeMethod } from './resize.js';
export type { ByteRaster, Raster, RasterFrame, Transform, ValueRaster } from './raster.js';
export { readGeoTiff, type ReadGeoTiffOptions, type Window } from './geotiff.js';
export type { GridInfo, SicAttributes, SicCube, SicFlags } from './sic-cube.js';
export { readCube, type ReadCubeOptions } from './read-cube.js';
export { writeCube, type CubeProgress, type WriteCubeOptions } from './write-cube.js';
export { readNpy, writeNpy, type NpyArray, type NpyData } from './npy.js';
export { replaceFolder, writeFileAtomic } from './atomic-file.js';
export { dayNumber, isoDate } from './dates.js';
export { isRasterError, RasterError, type RasterErrorTag } from './errors.js';
