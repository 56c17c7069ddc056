import { RasterError } from '../errors.js';
import type { RasterVariable } from '../raster-file.js';
import { windowReader, type WindowReader } from './window-reader.js';
import { tornSamples } from './average.js';
import { blockFiller, type BlockFiller, type WarpWay } from './block.js';
import type { CellBox, Chunk } from './chunks.js';
import { assertGrid, type Grid } from './grid.js';
import { pointAt, type RowPoints } from './row-points.js';
import type { SourceWindow } from './source-window.js';

/** What a warp of a variable is to make, how, and of which step. */
export interface WarpRowsOptions extends Grid, WarpWay {
  /**
   * Place on each axis of the variable; those of rows and columns do not count.
   * @default 0 on every axis
   */
  readonly at?: readonly number[];
  /** Bytes of the source that are kept in memory, besides one window. @default 256 MiB */
  readonly cacheBytes?: number;
}

/** A variable on another grid, made as it is asked for. */
export interface WarpedRows {
  /** `Float32Array` or `Float64Array`: that of the variable's decoded values. */
  readonly dtype: 'float32' | 'float64';
  /**
   * [rowCount, width] decoded values of some target rows, NaN where missing.
   * @throws RasterError `WrongShape` outside the target, and what reading the variable throws
   */
  rows(firstRow: number, rowCount: number): Promise<Float32Array | Float64Array>;
}

/** Side of the boxes of target cells for which a window is read at once. */
const TILE = 256;

/** Points that are computed at once. */
const POINTS_AT_ONCE = 1 << 20;

/** Values of the largest window; cells that need a larger one are taken in smaller boxes. */
const WINDOW_VALUES = 1 << 24;

/**
 * A variable of an open file on another grid, row by row: only the windows of the source that the
 * asked rows need are read, so that neither has to fit in memory. The result can feed the writers.
 * As `warpRaster` otherwise.
 * @throws RasterError `InvalidValue` for a variable without a regular grid or an impossible target
 *
 * @example
 * const warped = warpRows(variable, { ...grid, method: 'nearest' });
 * const top = await warped.rows(0, 512); // [512, grid.width]
 */
export function warpRows(variable: RasterVariable, options: WarpRowsOptions): WarpedRows {
  const { at = [], cacheBytes = 256 * 1024 * 1024, height, width } = options;
  assertGrid(options);
  const reader = windowReader(variable, at, cacheBytes);
  const source = gridOfVariable(variable, reader);
  const { dtype } = reader;
  const filler = blockFiller(source, options, options, dtype === 'float32' ? 33 : 65);
  return {
    dtype,
    async rows(firstRow, rowCount) {
      if (!(firstRow >= 0 && rowCount >= 0 && firstRow + rowCount <= height)) {
        throw new RasterError(
          'WrongShape',
          `Expected rows inside 0 … ${height - 1}. Received: ${rowCount} rows from ${firstRow}. Cut them to the target.`,
        );
      }
      const size = rowCount * width;
      const out = (dtype === 'float32' ? new Float32Array(size) : new Float64Array(size)).fill(NaN);
      for (const chunk of filler.chunks) {
        const end = Math.min(firstRow + rowCount, chunk.firstRow + chunk.rows);
        const step = Math.max(1, Math.min(TILE, Math.floor(POINTS_AT_ONCE / chunk.columns)));
        for (let row = Math.max(firstRow, chunk.firstRow); row < end; row += step) {
          const band = { ...chunk, firstRow: row, rows: Math.min(step, end - row) };
          const points = filler.pointsOf(band);
          for (let column = 0; column < chunk.columns; column += TILE) {
            const box = {
              ...band,
              firstColumn: chunk.firstColumn + column,
              columns: Math.min(TILE, chunk.columns - column),
            };
            await fillBox(filler, reader, points, chunk, box, { out, firstRow, width });
          }
        }
      }
      return out;
    },
  };
}

interface Output {
  readonly out: Float32Array | Float64Array;
  readonly firstRow: number;
  readonly width: number;
}

async function fillBox(
  filler: BlockFiller,
  reader: WindowReader,
  points: RowPoints,
  chunk: Chunk,
  box: CellBox,
  output: Output,
): Promise<void> {
  const place = neededWindow(filler, reader, points, chunk, box);
  if (!place) return;
  if (place.height * place.width > WINDOW_VALUES && (box.rows > 1 || box.columns > 1)) {
    const { rows, columns } = box;
    const half = rows >= columns ? Math.ceil(rows / 2) : Math.ceil(columns / 2);
    const parts =
      rows >= columns
        ? [
            { ...box, rows: half },
            { ...box, firstRow: box.firstRow + half, rows: rows - half },
          ]
        : [
            { ...box, columns: half },
            { ...box, firstColumn: box.firstColumn + half, columns: columns - half },
          ];
    for (const part of parts) await fillBox(filler, reader, points, chunk, part, output);
    return;
  }
  const data = await reader.read(place.firstRow, place.firstColumn, place.height, place.width);
  const window: SourceWindow = {
    ...place,
    data,
    mask: null,
    bands: 1,
    sourceHeight: reader.height,
    sourceWidth: reader.width,
    isRound: filler.map.isRound,
  };
  const offset = (box.firstRow - output.firstRow) * output.width + box.firstColumn;
  filler.fill(points, chunk, box, window, {
    data: output.out,
    mask: null,
    stride: output.width,
    offset,
  });
}

interface Place {
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly height: number;
  readonly width: number;
}

/** The part of the source that a box looks at; null where it lies outside. */
function neededWindow(
  { map, method }: BlockFiller,
  { height, width }: WindowReader,
  points: RowPoints,
  { scaleX, scaleY }: Chunk,
  box: CellBox,
): Place | null {
  const extra = method === 'average' ? 1 : 0;
  const torn = method === 'average' ? tornSamples(map, points, box, height, width) : null;
  const reachX = method === 'bilinear' ? Math.ceil(1 / scaleX) + 1 : 1;
  const reachY = method === 'bilinear' ? Math.ceil(1 / scaleY) + 1 : 1;
  let top = Infinity;
  let bottom = -Infinity;
  let left = Infinity;
  let right = -Infinity;
  // The same columns, counted from half a turn on: compact where the box lies across the seam.
  let leftHalf = Infinity;
  let rightHalf = -Infinity;
  const half = map.turn / 2;
  const include = (x: number, y: number): void => {
    if (!(Number.isFinite(x) && Number.isFinite(y))) return;
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    left = Math.min(left, x);
    right = Math.max(right, x);
    const turned = x < half ? x + map.turn : x;
    leftHalf = Math.min(leftHalf, turned);
    rightHalf = Math.max(rightHalf, turned);
  };
  for (let row = 0; row < box.rows + extra; row++) {
    const first = pointAt(points, box, row);
    for (let at = first; at < first + box.columns + extra; at++) {
      include(points.xs[at] as number, points.ys[at] as number); // points cover the box
    }
  }
  for (const { xs, ys } of torn ?? []) {
    for (let i = 0; i < xs.length; i++) include(xs[i] as number, ys[i] as number); // i is below both
  }
  const firstRow = Math.max(0, Math.floor(top) - reachY);
  const endRow = Math.min(height, Math.ceil(bottom) + reachY);
  if (!(firstRow < endRow)) return null;
  const rows = { firstRow, height: endRow - firstRow };
  if (map.isRound && Math.min(rightHalf - leftHalf, right - left) > half) {
    // Near a pole: cells may span the columns between any two that their corners show.
    return { ...rows, firstColumn: 0, width };
  }
  if (map.isRound && rightHalf - leftHalf < right - left) {
    const firstColumn = Math.floor(leftHalf) - reachX;
    const count = Math.ceil(rightHalf) + reachX - firstColumn;
    if (count < width) return { ...rows, firstColumn: firstColumn % width, width: count };
  }
  let firstColumn = Math.floor(left) - reachX;
  let endColumn = Math.ceil(right) + reachX;
  if (map.isRound && (firstColumn < 0 || endColumn > width)) {
    // A box beside the seam may look over it.
    const count = Math.min(width, endColumn - firstColumn);
    return { ...rows, firstColumn: ((firstColumn % width) + width) % width, width: count };
  }
  firstColumn = Math.max(0, firstColumn);
  endColumn = Math.min(width, endColumn);
  return firstColumn < endColumn ? { ...rows, firstColumn, width: endColumn - firstColumn } : null;
}

function gridOfVariable(variable: RasterVariable, { height, width }: WindowReader): Grid {
  const { crs = null, transform = null } = variable.placement ?? {};
  if (crs === null || transform === null) {
    throw new RasterError(
      'InvalidValue',
      `Expected a variable on a regular grid with a CRS. Received: ${variable.name} with ${crs === null ? 'no CRS' : 'no transform'}. Grid it first, or give it a placement.`,
    );
  }
  const grid = { crs, transform, height, width };
  assertGrid(grid);
  return grid;
}
