import type { GridInfo } from '@arctic/raster';
import type { SourceName } from '../catalogue.js';
import type { Hemisphere } from '../polar-stereographic.js';

/** Whether a field holds one day or the mean of one month. */
export type FieldKind = 'daily' | 'monthly';

/** What a cell is in one step, as bits, so that a series can add them up. */
export const CELL = {
  /** Ocean with a value, or ocean that was not observed. */
  ocean: 1,
  coast: 2,
  land: 4,
  /** Outside the product, or a lake. */
  unused: 8,
  poleHole: 16,
  /** Ocean without an observation in this step; stands beside `ocean`. */
  missing: 32,
} as const;

/** The grid of a field. */
export interface FieldGrid extends GridInfo {
  readonly height: number;
  readonly width: number;
}

/** One day or month of concentration on a grid, its values read when asked for. */
export interface SicField {
  /** Path, or `archive:entry`, for messages. */
  readonly path: string;
  readonly source: SourceName;
  readonly kind: FieldKind;
  readonly hemisphere: Hemisphere;
  /** Days since 1970-01-01 UTC; of a month its first day. */
  readonly day: number;
  /** Satellite, lower case, such as f17; `multi` where several are merged or none is named. */
  readonly sensor: string;
  /** `nrt`, `v01`, `v1.1`, `v4`…; compared by number. */
  readonly version: string;
  /** Cells with a value; null where that is not known without reading them. */
  readonly observed: number | null;
  readonly grid: FieldGrid;
  /** [H,W] bytes as stored; of NSIDC's binary files alone. */
  readonly codes?: Uint8Array;
  /** Writes fractions 0..1 (NaN where there is none) and the bits of `CELL`, both [H,W]. */
  decodeInto(sic: Float32Array, cells: Uint8Array): Promise<void> | void;
}
