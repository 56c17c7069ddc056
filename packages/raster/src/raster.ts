import type { NdArray } from 'ndarray';

/**
 * An affine map from pixel to CRS coordinates, in GDAL's order
 * [x0, dx, rx, y0, ry, dy], metres or degrees as the CRS has it:
 * `x = x0 + column * dx + row * rx`, `y = y0 + column * ry + row * dy`.
 * (x0, y0) is the outer corner of the first pixel (pixel is area), also where the file said point.
 */
export type Transform = readonly [number, number, number, number, number, number];

/** What every raster carries beside its values. */
export interface RasterFrame {
  /** [H,W], 1 where every band has a value, 0 where something is missing. */
  readonly mask: Uint8Array;
  /** `EPSG:3413`, or WKT; null where the file names none, or gives only a projection's parameters. */
  readonly crs: string | null;
  /** North-up: rx = ry = 0, dx > 0, dy < 0. Null where the file has no position. */
  readonly transform: Transform | null;
  /** Day number since 1970-01-01 UTC (see `dayNumber`); null where unknown. */
  readonly time: number | null;
  /** UDUNITS text such as `1` or `dB`; null where unknown. */
  readonly units: string | null;
}

/** Measured values; missing is NaN, and `mask` is 0 exactly where some band is NaN. */
export interface ValueRaster extends RasterFrame {
  readonly kind: 'values';
  /** [H,W,C] float32, rows north first, bands last, contiguous; scale and offset not applied. */
  readonly array: NdArray<Float32Array>;
}

/** 8-bit colours or classes, which have no NaN: missing is in `mask` alone. */
export interface ByteRaster extends RasterFrame {
  readonly kind: 'bytes';
  /** [H,W,C] uint8, rows north first, bands last (alpha taken out into `mask`), contiguous. */
  readonly array: NdArray<Uint8Array>;
}

/** An array with its place on earth; `kind` says of what dtype it is. */
export type Raster = ValueRaster | ByteRaster;
