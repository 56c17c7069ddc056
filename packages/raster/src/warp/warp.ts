export { cellAreas } from './cell-areas.js';
export type { Grid, WarpMethod } from './grid.js';
export { gridOf } from './grid-of.js';
export type { LonLatBox } from './lon-lat-box.js';
export { regionGrid, windowOfRegion } from './region.js';
export { gridOfRaster, warpRaster, type WarpOptions } from './warp-raster.js';
export { warpRows, type WarpedRows, type WarpRowsOptions } from './warp-rows.js';
