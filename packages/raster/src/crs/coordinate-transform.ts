import proj4 from 'proj4';
import { datumById } from './datums.js';
import { parseCrs } from './parse-crs.js';
import type { CrsParameters } from './parameters.js';
import { projectionOf, type Projection } from './projection.js';
import { projStringOf } from './proj-string.js';

const RADIANS = Math.PI / 180;
const TURN = 2 * Math.PI;

/** Transforms one point into `out[0]` and `out[1]`. */
type PointTransform = (x: number, y: number, out: Float64Array) => void;

/**
 * The function that takes a point from one CRS to another, each `EPSG:n`, WKT or a PROJ string.
 * Coordinates are easting and northing in metres, or longitude (-180 … 180) and latitude in degrees.
 * NaN where a point has no image; no point throws.
 *
 * Datums without a known relation (Hughes 1980, NSIDC's sphere) share latitudes and longitudes with
 * WGS 84, as in PROJ.
 * @throws RasterError `UnsupportedFormat` for texts that are no CRS
 *
 * @example
 * const toGrid = coordinateTransform('EPSG:4326', 'EPSG:3413');
 * const [x, y] = toGrid(-45, 70); // [0, -2187…]
 */
export function coordinateTransform(
  from: string,
  to: string,
): (x: number, y: number) => readonly [number, number] {
  const apply = pointTransform(from, to);
  const out = new Float64Array(2);
  return (x, y) => {
    apply(x, y, out);
    return [out[0] as number, out[1] as number]; // two elements long
  };
}

/**
 * As `coordinateTransform`, for arrays of points, which are overwritten: `xs[i]`, `ys[i]`.
 * @throws RasterError `UnsupportedFormat` for texts that are no CRS
 */
export function transformInto(
  from: string,
  to: string,
): (xs: Float64Array, ys: Float64Array) => void {
  const apply = pointTransform(from, to);
  const out = new Float64Array(2);
  return (xs, ys) => {
    for (let i = 0; i < xs.length; i++) {
      apply(xs[i] as number, ys[i] as number, out); // as many ys as xs
      xs[i] = out[0] as number;
      ys[i] = out[1] as number;
    }
  };
}

function pointTransform(from: string, to: string): PointTransform {
  const source = parseCrs(from);
  const target = parseCrs(to);
  if (needsDatumShift(source, target)) return byProj4(source, target);
  const inverse = lonLatOf(source);
  const forward = projectedOf(target);
  return (x, y, out) => {
    inverse(x, y, out);
    forward(out[0] as number, out[1] as number, out);
  };
}

/** To longitude and latitude in radians. */
function lonLatOf(crs: CrsParameters): PointTransform {
  if (crs.projection !== 'longlat') {
    const projection: Projection = projectionOf(crs);
    return projection.inverse;
  }
  return (x, y, out) => {
    out[0] = x * RADIANS;
    // A degree beyond the pole is no place; rounding of cell edges is.
    out[1] = Math.abs(y) <= 90 + 1e-9 ? Math.max(-90, Math.min(90, y)) * RADIANS : NaN;
  };
}

/** From longitude and latitude in radians. */
function projectedOf(crs: CrsParameters): PointTransform {
  if (crs.projection !== 'longlat') return projectionOf(crs).forward;
  return (longitude, latitude, out) => {
    const wrapped =
      longitude > Math.PI || longitude < -Math.PI
        ? longitude - TURN * Math.round(longitude / TURN)
        : longitude;
    out[0] = wrapped / RADIANS;
    out[1] = latitude / RADIANS;
  };
}

function needsDatumShift(source: CrsParameters, target: CrsParameters): boolean {
  const shifted = (crs: CrsParameters) =>
    (crs.toWgs84?.some((part) => part !== 0) ?? false) || crs.primeMeridian !== 0;
  if (!shifted(source) && !shifted(target)) return false;
  return !(
    source.primeMeridian === target.primeMeridian &&
    source.toWgs84?.join() === target.toWgs84?.join() &&
    datumById(source.datum) === datumById(target.datum)
  );
}

function byProj4(source: CrsParameters, target: CrsParameters): PointTransform {
  const { forward } = proj4(projStringOf(source), projStringOf(target));
  return (x, y, out) => {
    out[0] = NaN;
    out[1] = NaN;
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    try {
      const [east = NaN, north = NaN] = forward([x, y]);
      out[0] = east;
      out[1] = north;
    } catch {
      // Points outside the domain are NaN, not errors.
    }
  };
}
