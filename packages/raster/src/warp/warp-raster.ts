import ndarray from 'ndarray';
import { RasterError } from '../errors.js';
import type { Raster } from '../raster.js';
import { blockFiller, type WarpWay } from './block.js';
import { assertGrid, type Grid } from './grid.js';
import type { SourceWindow, TargetBlock } from './source-window.js';

/** What a warp is to make, and how. */
export interface WarpOptions extends Grid, WarpWay {}

/** Cells that are worked on at once, so that coordinates take little memory. */
const CELLS_AT_ONCE = 1 << 18;

/**
 * The raster on another grid, possibly of another CRS, across dateline and poles. Missing values
 * take no part in interpolation and means; cells without any value are missing. Nearest and bilinear
 * agree with GDAL's warper (and so rasterio's) cell by cell; means weigh by exact overlap, where
 * GDAL takes the box between two corners of a cell.
 *
 * @param raster - with CRS and transform
 * @returns a raster of the same kind and dtype, [height, width, C]
 * @throws RasterError `InvalidValue` without a position or for an impossible grid,
 *   `UnsupportedFormat` for a CRS that is none
 *
 * @example
 * const onEase = warpRaster(raster, { crs: 'EPSG:6931', transform: [-9e6, 25e3, 0, 9e6, 0, -25e3],
 *   height: 720, width: 720, method: 'bilinear' });
 */
export function warpRaster(raster: Raster, options: WarpOptions): Raster {
  const { crs, transform, height, width } = options;
  assertGrid(options);
  const source = gridOfRaster(raster);
  const [sourceHeight = 0, sourceWidth = 0, bands = 1] = raster.array.shape;
  // One more than the values: what says missing.
  const bitsPerPixel = (raster.array.data.BYTES_PER_ELEMENT * 8 + 1) * bands;
  const filler = blockFiller(source, options, options, bitsPerPixel);
  const { data: values, offset } = raster.array;
  const window: SourceWindow = {
    data: values.subarray(offset, offset + sourceHeight * sourceWidth * bands),
    mask: raster.kind === 'bytes' ? raster.mask : null,
    bands,
    firstRow: 0,
    firstColumn: 0,
    height: sourceHeight,
    width: sourceWidth,
    sourceHeight,
    sourceWidth,
    isRound: filler.map.isRound,
  };
  const mask = new Uint8Array(height * width);
  const size = height * width * bands;
  const frame = {
    mask,
    crs,
    transform,
    time: raster.time,
    units: raster.units,
    nodata: raster.nodata,
  };
  const fill = (data: TargetBlock['data']): void => {
    for (const chunk of filler.chunks) {
      const rowsAtOnce = Math.max(1, Math.floor(CELLS_AT_ONCE / chunk.columns));
      const endRow = chunk.firstRow + chunk.rows;
      for (let firstRow = chunk.firstRow; firstRow < endRow; firstRow += rowsAtOnce) {
        const box = { ...chunk, firstRow, rows: Math.min(rowsAtOnce, endRow - firstRow) };
        const offset = firstRow * width + chunk.firstColumn;
        const block: TargetBlock = { data, mask, stride: width, offset };
        filler.fill(filler.pointsOf(box), chunk, box, window, block);
      }
    }
  };
  if (raster.kind === 'bytes') {
    const data = new Uint8Array(size);
    fill(data);
    return { ...frame, kind: 'bytes', array: ndarray(data, [height, width, bands]) };
  }
  if (raster.array.dtype === 'float64') {
    const data = new Float64Array(size).fill(NaN);
    fill(data);
    return { ...frame, kind: 'values', array: ndarray(data, [height, width, bands]) };
  }
  const data = new Float32Array(size).fill(NaN);
  fill(data);
  return { ...frame, kind: 'values', array: ndarray(data, [height, width, bands]) };
}

/** The grid of a raster. @throws RasterError `InvalidValue` for one without CRS or transform */
export function gridOfRaster(raster: Raster): Grid {
  const { crs, transform } = raster;
  const [height = 0, width = 0] = raster.array.shape;
  if (crs === null || transform === null) {
    throw new RasterError(
      'InvalidValue',
      `Expected a raster with CRS and transform. Received: ${crs === null ? 'no CRS' : 'no transform'}. Set them, e.g. { ...raster, crs: 'EPSG:3413', transform }.`,
    );
  }
  const grid = { crs, transform, height, width };
  assertGrid(grid);
  return grid;
}
