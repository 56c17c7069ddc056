/**
 * Coordinates, lines and dates: what of this package needs nothing of Node.js and runs in a browser too.
 *
 * @example
 * ```ts
 * import { contourLines, coordinateTransform } from '@arctic/raster/geometry';
 *
 * const toGrid = coordinateTransform('EPSG:4326', 'EPSG:3413');
 * toGrid(-45, 90); // [0, 0]
 * ```
 *
 * @module
 */
export { coordinateTransform } from './crs/coordinate-transform.js';
export { contourLines } from './vector/contour-lines.js';
export { dayNumber, isoDate } from './dates.js';
export type { MultiLineString, Position } from './vector/geometry.js';
export type { Transform } from './raster.js';
