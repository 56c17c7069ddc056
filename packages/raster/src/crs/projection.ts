import proj4 from 'proj4';
import { reasonOf } from '../errors.js';
import { laea } from './laea.js';
import { unsupportedCrs, type CrsParameters } from './parameters.js';

import { projStringOf } from './proj-string.js';
import { obliqueStereographic, polarStereographic } from './stereographic.js';

/**
 * From longitude and latitude of the CRS's own datum (radians) to metres and back. Results go into
 * `out[0]` and `out[1]`, so that a point costs no allocation; NaN outside the domain.
 */
export interface Projection {
  forward(longitude: number, latitude: number, out: Float64Array): void;
  inverse(x: number, y: number, out: Float64Array): void;
}

/** The projection of a CRS; degrees of a geographic one are left to the caller. */
export function projectionOf(crs: CrsParameters): Projection {
  // Closed forms: exact at the pole, and many times as fast as proj4's.
  if (crs.projection === 'stere') {
    const { lat_0 = 0 } = crs.values;
    const polar = Math.abs(Math.abs(lat_0) - 90) < 1e-9;
    return polar ? polarStereographic(crs) : obliqueStereographic(crs);
  }
  if (crs.projection === 'laea') return laea(crs);
  return byProj4(crs);
}

function byProj4(crs: CrsParameters): Projection {
  const text = projStringOf({ ...crs, toWgs84: null, primeMeridian: 0 });
  let definition;
  try {
    definition = new proj4.Proj(text);
  } catch (cause) {
    throw unsupportedCrs(text, reasonOf(cause), cause);
  }
  const apply = (method: 'forward' | 'inverse', x: number, y: number, out: Float64Array) => {
    out[0] = NaN;
    out[1] = NaN;
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    try {
      const point = definition[method]({ x, y });
      if (!Number.isFinite(point?.x) || !Number.isFinite(point?.y)) return;
      out[0] = point.x;
      out[1] = point.y;
    } catch {
      // Points outside the domain are NaN, not errors.
    }
  };
  return {
    forward: (longitude, latitude, out) => apply('forward', longitude, latitude, out),
    inverse: (x, y, out) => apply('inverse', x, y, out),
  };
}
