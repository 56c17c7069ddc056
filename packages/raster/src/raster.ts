import type { NdArray } from 'ndarray';

/**
 * An affine map from pixel to CRS coordinates, in GDAL's order
 * [x0, dx, rx, y0, ry, dy], metres or degrees as the CRS has it:
 * `x = x0 + column * dx + row * rx`, `y = y0 + column * ry + row * dy`.
 * (x0, y0) is the outer corner of the first pixel (pixel is area), also where the file said point.
 */
export type Transform = readonly [number, number, number, number, number, number];

/** A pixel whose place is known: row and column count from the outer corner of the first pixel. */
export interface ControlPoint {
  readonly row: number;
  readonly column: number;
  /** In the units of the CRS: degrees east and north for `EPSG:4326`. */
  readonly x: number;
  readonly y: number;
}

/**
 * What every raster carries beside its values.
 *
 * Invariants: rows run from north to south and columns from west to east (rx = ry = 0, dx > 0,
 * dy < 0 where there is a transform); pixels are areas; `mask` has one entry per pixel; no value
 * stands for missing except NaN in `values` rasters and mask 0 in both kinds.
 */
export interface RasterFrame {
  /** [H,W], 1 where every band has a value, 0 where something is missing. */
  readonly mask: Uint8Array;
  /** `EPSG:3413`, WKT or a PROJ string (see `parseCrs`); null where the file names none. */
  readonly crs: string | null;
  /** North-up: rx = ry = 0, dx > 0, dy < 0. Null where the file has no position. */
  readonly transform: Transform | null;
  /** Days since 1970-01-01 UTC (see `dayNumber`), with a fraction for hours; null where unknown. */
  readonly time: number | null;
  /** UDUNITS text such as `1` or `dB`; null where unknown. */
  readonly units: string | null;
  /** The number that stood for missing in the file, and stands for it again when written. */
  readonly nodata: number | null;
}

/** Measured values; missing is NaN, and `mask` is 0 exactly where some band is NaN. */
export interface ValueRaster extends RasterFrame {
  readonly kind: 'values';
  /** [H,W,C] float32 or float64, rows north first, bands last, contiguous; scale applied. */
  readonly array: NdArray<Float32Array> | NdArray<Float64Array>;
}

/** 8-bit colours or classes, which have no NaN: missing is in `mask` alone. */
export interface ByteRaster extends RasterFrame {
  readonly kind: 'bytes';
  /** [H,W,C] uint8, rows north first, bands last (alpha taken out into `mask`), contiguous. */
  readonly array: NdArray<Uint8Array>;
}

/** An array with its place on earth; `kind` says of what dtype it is. */
export type Raster = ValueRaster | ByteRaster;

/** A rectangle of pixels, rows counted from the north. */
export interface Window {
  /** First row. */
  readonly row: number;
  /** First column. */
  readonly column: number;
  /** Rows, at least 1. */
  readonly height: number;
  /** Columns, at least 1. */
  readonly width: number;
}
