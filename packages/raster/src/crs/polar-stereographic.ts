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
