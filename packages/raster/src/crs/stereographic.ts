import { conformalToGeodetic, thirdFlattening } from './auxiliary-latitude.js';
import { scaleAtPole } from './identify.js';
import type { CrsParameters } from './parameters.js';
import type { Projection } from './projection.js';

/** Polar stereographic on the ellipsoid (Snyder 1987, chapter 21), `lat_0` = ±90. */
export function polarStereographic(crs: CrsParameters): Projection {
  const { a, b } = crs;
  const { lat_0 = 90, lon_0 = 0, x_0 = 0, y_0 = 0 } = crs.values;
  const side = Math.sign(lat_0);
  const meridian = (lon_0 * Math.PI) / 180;
  const e = Math.sqrt(Math.max(0, 1 - (b / a) ** 2));
  // Distance from the pole is `radius` times the tangent of half the conformal colatitude.
  const radius = (2 * a * scaleAtPole(crs)) / Math.sqrt((1 + e) ** (1 + e) * (1 - e) ** (1 - e));
  const toGeodetic = conformalToGeodetic(thirdFlattening(crs));
  return {
    forward(longitude, latitude, out) {
      const phi = side * latitude;
      // The other pole lies at infinity.
      if (!(phi > -Math.PI / 2 + 1e-10) || phi > Math.PI / 2 + 1e-9) {
        out[0] = NaN;
        out[1] = NaN;
        return;
      }
      const es = e * Math.sin(phi);
      const t = Math.tan(Math.PI / 4 - phi / 2) * Math.exp(e * Math.atanh(es));
      const rho = radius * t;
      const theta = longitude - meridian;
      out[0] = x_0 + rho * Math.sin(theta);
      out[1] = y_0 - side * rho * Math.cos(theta);
    },
    inverse(x, y, out) {
      const dx = x - x_0;
      const dy = side * (y_0 - y);
      const t = Math.sqrt(dx * dx + dy * dy) / radius;
      const norm = 1 / (1 + t * t);
      const chi = Math.PI / 2 - 2 * Math.atan(t);
      out[0] = meridian + (dx === 0 && dy === 0 ? 0 : Math.atan2(dx, dy));
      out[1] = side * toGeodetic(chi, (1 - t * t) * norm, 2 * t * norm);
    },
  };
}

/**
 * Stereographic about any other point: the sphere's formulas on conformal latitudes
 * (Snyder 1987, equations 21-24 and following).
 */
export function obliqueStereographic(crs: CrsParameters): Projection {
  const { a, b } = crs;
  const { lat_0 = 0, lon_0 = 0, k = 1, x_0 = 0, y_0 = 0 } = crs.values;
  const meridian = (lon_0 * Math.PI) / 180;
  const e = Math.sqrt(Math.max(0, 1 - (b / a) ** 2));
  const toGeodetic = conformalToGeodetic(thirdFlattening(crs));
  const conformal = (phi: number): number =>
    Math.atan(Math.sinh(Math.asinh(Math.tan(phi)) - e * Math.atanh(e * Math.sin(phi))));
  const phi0 = (lat_0 * Math.PI) / 180;
  const chi0 = conformal(phi0);
  const sin0 = Math.sin(chi0);
  const cos0 = Math.cos(chi0);
  // Diameter of the sphere on which scale at the centre is k.
  const size = (2 * a * k * Math.cos(phi0)) / (Math.sqrt(1 - (e * Math.sin(phi0)) ** 2) * cos0);
  return {
    forward(longitude, latitude, out) {
      const chi = conformal(latitude);
      const theta = longitude - meridian;
      const sine = Math.sin(chi);
      const cosine = Math.cos(chi);
      const along = cosine * Math.cos(theta);
      const nearness = 1 + sin0 * sine + cos0 * along;
      // The opposite point lies at infinity.
      const scale = nearness > 1e-12 ? size / nearness : NaN;
      out[0] = x_0 + scale * cosine * Math.sin(theta);
      out[1] = y_0 + scale * (cos0 * sine - sin0 * along);
    },
    inverse(x, y, out) {
      const dx = (x - x_0) / size;
      const dy = (y - y_0) / size;
      const square = dx * dx + dy * dy;
      const perRho = 2 / (1 + square);
      const cosC = (1 - square) / (1 + square);
      const east = dx * perRho;
      const north = cosC * cos0 - dy * perRho * sin0;
      const sine = cosC * sin0 + dy * perRho * cos0;
      const cosine = Math.sqrt(east * east + north * north);
      out[0] = meridian + Math.atan2(east, north);
      out[1] = toGeodetic(Math.atan2(sine, cosine), sine, cosine);
    },
  };
}
