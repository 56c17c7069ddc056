import { isGeographic, transformInto } from '../crs/crs.js';
import type { Grid } from './grid.js';

/** The way from pixel coordinates of a target to those of a source. */
export interface PixelMap {
  /** Columns of the source in 360° of longitude; 0 where the source is not geographic. */
  readonly turn: number;
  /** Whether the source goes all the way round, so that its last column borders on its first. */
  readonly isRound: boolean;
  /**
   * Overwrites target columns and rows (fractions from the outer corner of the first cell) with
   * those of the source. Not cut to the source; NaN where a point has no image.
   */
  toSource(columns: Float64Array, rows: Float64Array): void;
}

/** Builds the map once; it is used block by block. */
export function pixelMap(source: Grid, target: Grid): PixelMap {
  const [sx0, sdx, , sy0, , sdy] = source.transform;
  const [tx0, tdx, , ty0, , tdy] = target.transform;
  const transform = transformInto(target.crs, source.crs);
  const turn = isGeographic(source.crs) ? 360 / sdx : 0;
  return {
    turn,
    isRound: turn > 0 && Math.abs(turn - source.width) < 0.5,
    toSource(columns, rows) {
      for (let i = 0; i < columns.length; i++) {
        columns[i] = tx0 + (columns[i] as number) * tdx; // i is below both lengths
        rows[i] = ty0 + (rows[i] as number) * tdy;
      }
      transform(columns, rows);
      for (let i = 0; i < columns.length; i++) {
        const column = ((columns[i] as number) - sx0) / sdx; // as above
        // Sources may run 0 … 360 or -180 … 180: one turn holds every longitude once.
        const isOff = turn > 0 && (column < 0 || column > turn);
        columns[i] = isOff ? column - turn * Math.floor(column / turn) : column;
        rows[i] = ((rows[i] as number) - sy0) / sdy;
      }
    },
  };
}
