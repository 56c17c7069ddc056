import { PreprocessError } from './errors.js';
import { ramp, tiles, type Tile, type TileOptions } from './tiles.js';

/** A raster of predictions that is made tile by tile, from the top. */
export interface BlendedRowsOptions extends TileOptions {
  /** Values per pixel. */
  readonly channels: number;
  /** Values [h,w,C] of each tile of one row of tiles, in order; [C] counts for all of its pixels. */
  predict(row: readonly Tile[]): Promise<readonly ArrayLike<number>[]>;
}

/** Rows [rowCount,W,C] float32 from `firstRow` on: to be asked for from the top to the bottom. */
export type RowReader = (firstRow: number, rowCount: number) => Promise<Float32Array>;

/**
 * The same blend as {@link blendTiles} for rasters larger than memory: tiles are predicted when
 * their rows are asked for, and no more than one tile's height of rows is held.
 *
 * @throws PreprocessError `InvalidOption` for impossible sizes; the reader throws `WrongShape` where
 * rows are asked for out of order, or a prediction does not fit its tile.
 *
 * @example
 * ```ts
 * const rows = blendedRows({
 *   width: 40_000, height: 40_000, size: 256, overlap: 64, channels: 3,
 *   predict: async (row) => row.map((tile) => new Float32Array(tile.width * tile.height * 3)),
 * });
 * const first = await rows(0, 512); // [512, 40000, 3]
 * ```
 */
export function blendedRows(options: BlendedRowsOptions): RowReader {
  const { width, height, channels, overlap = 0, predict } = options;
  const rowsOfTiles = new Map<number, Tile[]>();
  for (const tile of tiles(options))
    rowsOfTiles.set(tile.y, [...(rowsOfTiles.get(tile.y) ?? []), tile]);
  const starts = [...rowsOfTiles.keys()];
  const held = Math.min(options.size, height);
  const sums = new Float32Array(held * width * channels);
  const weights = new Float32Array(held * width);
  let next = 0;
  let finished = 0;
  let processed = 0;

  const add = async (row: readonly Tile[]): Promise<void> => {
    const predictions = await predict(row);
    row.forEach((tile, i) => {
      const values = predictions[i];
      const perPixel = values?.length === tile.width * tile.height * channels;
      if (!values || (!perPixel && values.length !== channels)) {
        throw new PreprocessError(
          'WrongShape',
          `Expected ${tile.width}×${tile.height}×${channels} values for the tile at ${tile.x}, ${tile.y}. Received: ${values?.length ?? 'none'}.`,
        );
      }
      const across = ramp(tile.width, overlap);
      const down = ramp(tile.height, overlap);
      for (let y = 0; y < tile.height; y++) {
        const line = ((tile.y + y) % held) * width + tile.x;
        for (let x = 0; x < tile.width; x++) {
          const weight = (down[y] as number) * (across[x] as number);
          weights[line + x] = (weights[line + x] as number) + weight;
          for (let c = 0; c < channels; c++) {
            const to = (line + x) * channels + c;
            const from = perPixel ? (y * tile.width + x) * channels + c : c;
            const value = values[from] as number; // length checked
            sums[to] = (sums[to] as number) + weight * value;
          }
        }
      }
    });
  };

  return async (firstRow, rowCount) => {
    if (firstRow !== next || rowCount < 0 || firstRow + rowCount > height) {
      throw new PreprocessError(
        'WrongShape',
        `Expected rows from ${next} on, within ${height}. Received: ${rowCount} rows from ${firstRow}.`,
      );
    }
    const out = new Float32Array(rowCount * width * channels);
    for (; next < firstRow + rowCount; next++) {
      while (next >= finished) {
        await add(rowsOfTiles.get(starts[processed] ?? 0) ?? []);
        processed += 1;
        finished = starts[processed] ?? height;
      }
      const line = (next % held) * width;
      const to = (next - firstRow) * width;
      for (let x = 0; x < width; x++) {
        const weight = weights[line + x] as number;
        for (let c = 0; c < channels; c++)
          out[(to + x) * channels + c] = (sums[(line + x) * channels + c] as number) / weight;
      }
      weights.fill(0, line, line + width);
      sums.fill(0, line * channels, (line + width) * channels);
    }
    return out;
  };
}
