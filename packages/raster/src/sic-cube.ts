import type { Transform } from './raster.js';

/** The grid that a cube lies on. */
export interface GridInfo {
  /** Short name, e.g. `psn25` or `synthetic-25km`. */
  readonly name: string;
  /** `EPSG:3411`, WKT, or null for a grid that is nowhere on earth. */
  readonly crs: string | null;
  /** GDAL order, metres, pixel is area, north-up; null for a grid without a position. */
  readonly transform: Transform | null;
}

/** Facts about a cube, stored as JSON with it. */
export interface SicAttributes {
  /** Name of the source, e.g. `nsidc-0081` or `synthetic`. */
  readonly source: string;
  /** Whether the values were generated. */
  readonly synthetic: boolean;
  /** Anything else that JSON can hold. */
  readonly [name: string]: unknown;
}

/** Why cells have no value: classes of the surface and counts per step. */
export interface SicFlags {
  /** [H,W] uint8: 0 ocean, 1 coast, 2 land, 3 unused (outside the product). */
  readonly surface: Uint8Array;
  /** [T] int32: ocean cells without an observation in that step, the pole hole not counted. */
  readonly missing: Int32Array;
}

/** Sea-ice concentration over time on one grid. Axes: T steps, H rows (north first), W columns. */
export interface SicCube {
  /** [T,H,W] float32, fraction 0..1; NaN where missing (land, coast, pole hole, no observation). */
  readonly sic: Float32Array;
  /** [T] int32, days since 1970-01-01 UTC, strictly increasing; a month is named by its first day. */
  readonly days: Int32Array;
  /** [H,W] uint8, 1 where the cell is ocean (never land or coast), 0 elsewhere. */
  readonly ocean: Uint8Array;
  /** [H,W] float32, true area of the cell in km². */
  readonly area: Float32Array;
  /** [H,W] uint8, 1 where the satellites' pole hole covers an ocean cell in at least one step. */
  readonly poleHole?: Uint8Array;
  readonly flags?: SicFlags;
  /**
   * [T,H,W] uint8, how a value came about: 0 observed (or missing still), 1 filled in time, 2 filled
   * under the pole hole. Absent where nothing was filled.
   */
  readonly filled?: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly grid: GridInfo;
  readonly attrs: SicAttributes;
}
