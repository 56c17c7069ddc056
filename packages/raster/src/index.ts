/**
 * The array that passes between sea-ice packages, and the readers and writers of raster files.
 *
 * @example
 * ```ts
 * import { dayNumber, readCube, readImage, resizeImage, writePng } from '@arctic/raster';
 *
 * const image = await readImage('scene.png');
 * await writePng('small.png', resizeImage(image, 128, 128, 'area'));
 *
 * const cube = await readCube('sea_ice_concentration.zarr', { from: '2012-01-01' });
 * cube.days[0] === dayNumber('2012-01-01'); // true
 * ```
 */
export type { Image } from './image.js';
export { readImage, writePng } from './image-file.js';
export { resizeImage, type ResizeMethod } from './resize.js';
export type {
  ByteRaster,
  ControlPoint,
  Raster,
  RasterFrame,
  Transform,
  ValueRaster,
  Window,
} from './raster.js';
export type {
  Attributes,
  AttributeValue,
  Block,
  Decoding,
  Placement,
  RasterFile,
  RasterFormat,
  RasterVariable,
  Region,
  StoredArray,
  StoredType,
} from './raster-file.js';
export { formatOf, openRaster, type KnownFormat } from './open-raster.js';
export { rasterOf, readRaster, readStoredPlane, type ReadRasterOptions } from './read-raster.js';
export { decodeStored, makeVariable, redecode, type VariableParts } from './make-variable.js';
export {
  cfOfCrs,
  coordinateTransform,
  crsOfCf,
  identifyCrs,
  isGeographic,
  proj4Of,
  wktOf,
} from './crs/crs.js';
export {
  rasteriseInto,
  type BurnArray,
  type BurnGrid,
  type BurnPolygon,
} from './vector/rasterise.js';
export { ringsOnGrid } from './vector/rasterise-project.js';
export { polygonAreaKm2 } from './vector/area.js';
export { contourLines } from './vector/contour-lines.js';
export {
  feature,
  featureCollection,
  type Feature,
  type FeatureCollection,
  type Geometry,
  type LineString,
  type MultiLineString,
  type MultiPoint,
  type MultiPolygon,
  type Point,
  type Polygon,
  type Position,
  type Properties,
  type Ring,
} from './vector/geometry.js';
export { polygonise, type ClassRegion, type PolygoniseOptions } from './vector/polygonise.js';
export { toLonLat, type ToLonLatOptions } from './vector/to-lon-lat.js';
export { writeGeoJson, type WriteGeoJsonOptions } from './vector/write-geojson.js';
export {
  cellAreas,
  gridOf,
  gridOfRaster,
  regionGrid,
  warpRaster,
  warpRows,
  windowOfRegion,
  type Grid,
  type LonLatBox,
  type WarpedRows,
  type WarpMethod,
  type WarpOptions,
  type WarpRowsOptions,
} from './warp/warp.js';
export type { OverviewResampling } from './geotiff/downsample.js';
export { writeGeoTiff, type WriteGeoTiffOptions } from './geotiff/write-geotiff.js';
export type { GeoTiffBand, GeoTiffSource } from './geotiff/write-source.js';
export { writeNetCdf, type WriteNetCdfOptions } from './netcdf/write-netcdf.js';
export { writeZarr, type WriteZarrOptions } from './zarr/write-zarr.js';
export type { GridDataset, GridVariable, WriteProgress, WrittenType } from './grid-dataset.js';
export { readNpz } from './npz/open-npz.js';
export type { GridInfo, SicAttributes, SicCube, SicFlags } from './sic-cube.js';
export { readCube, type ReadCubeOptions } from './read-cube.js';
export { writeCube, type CubeProgress, type WriteCubeOptions } from './write-cube.js';
export { readNpy, writeNpy, type NpyArray, type NpyData } from './npy.js';
export { replaceFolder, writeFileAtomic } from './atomic-file.js';
export { dayNumber, dayOf, isoDate } from './dates.js';
export { isRasterError, RasterError, type RasterErrorTag } from './errors.js';
