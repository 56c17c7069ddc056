import {
  authalicRadius,
  authalicToGeodetic,
  geodeticToAuthalic,
  thirdFlattening,
} from './auxiliary-latitude.js';
import type { CrsParameters } from './parameters.js';
import type { Projection } from './projection.js';

/** Lambert azimuthal equal-area on the ellipsoid (Snyder 1987, chapter 24), every aspect. */
export function laea(crs: CrsParameters): Projection {
  const { lat_0 = 0, lon_0 = 0, x_0 = 0, y_0 = 0 } = crs.values;
  const meridian = (lon_0 * Math.PI) / 180;
  const n = thirdFlattening(crs);
  const toAuthalic = geodeticToAuthalic(n);
  const toGeodetic = authalicToGeodetic(n);
  const radius = authalicRadius(crs);
  const phi0 = (lat_0 * Math.PI) / 180;
  if (Math.abs(Math.abs(lat_0) - 90) < 1e-9) {
    const side = Math.sign(lat_0);
    return {
      forward(longitude, latitude, out) {
        const phi = side * latitude;
        const xi = toAuthalic(phi, Math.sin(phi), Math.cos(phi));
        const rho = 2 * radius * Math.sin((Math.PI / 2 - xi) / 2);
        const theta = longitude - meridian;
        out[0] = x_0 + rho * Math.sin(theta);
        out[1] = y_0 - side * rho * Math.cos(theta);
      },
      inverse(x, y, out) {
        const dx = x - x_0;
        const dy = side * (y_0 - y);
        const half = Math.sqrt(dx * dx + dy * dy) / (2 * radius);
        // Half the colatitude has a sine of at most 1 on the disc of the earth; NaN outside.
        const other = Math.sqrt((1 - half) * (1 + half));
        const xi = Math.PI / 2 - 2 * Math.asin(half);
        out[0] = meridian + (dx === 0 && dy === 0 ? 0 : Math.atan2(dx, dy));
        out[1] = side * toGeodetic(xi, (other - half) * (other + half), 2 * half * other);
        if (Number.isNaN(other)) out[0] = NaN;
      },
    };
  }
  const xi0 = toAuthalic(phi0, Math.sin(phi0), Math.cos(phi0));
  const sin0 = Math.sin(xi0);
  const cos0 = Math.cos(xi0);
  const es = Math.max(0, 1 - (crs.b / crs.a) ** 2);
  // Stretches the disc so that scale is true in all directions at the centre.
  const stretch =
    (crs.a * Math.cos(phi0)) / Math.sqrt(1 - es * Math.sin(phi0) ** 2) / (radius * cos0);
  return {
    forward(longitude, latitude, out) {
      const xi = toAuthalic(latitude, Math.sin(latitude), Math.cos(latitude));
      const theta = longitude - meridian;
      const sine = Math.sin(xi);
      const cosine = Math.cos(xi);
      const along = cosine * Math.cos(theta);
      const nearness = 1 + sin0 * sine + cos0 * along;
      // The point opposite to the centre has no one place.
      const scale = nearness > 1e-12 ? radius * Math.sqrt(2 / nearness) : NaN;
      out[0] = x_0 + scale * stretch * cosine * Math.sin(theta);
      out[1] = y_0 + (scale / stretch) * (cos0 * sine - sin0 * along);
    },
    inverse(x, y, out) {
      const dx = (x - x_0) / stretch;
      const dy = (y - y_0) * stretch;
      const rho = Math.sqrt(dx * dx + dy * dy);
      const half = rho / (2 * radius);
      const other = Math.sqrt((1 - half) * (1 + half));
      const cosC = (other - half) * (other + half);
      // sin c / rho, which tends to 1 / radius at the centre.
      const perRho = other / radius;
      const up = dy * perRho;
      const sine = cosC * sin0 + up * cos0;
      const east = dx * perRho;
      const north = cosC * cos0 - up * sin0;
      const cosine = Math.sqrt(east * east + north * north);
      const xi = Math.atan2(sine, cosine);
      out[0] = meridian + Math.atan2(east, north);
      out[1] = toGeodetic(xi, sine, cosine);
      if (Number.isNaN(other)) out[0] = NaN;
    },
  };
}
