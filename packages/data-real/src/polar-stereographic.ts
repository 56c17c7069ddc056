import type { GridInfo, Transform } from '@arctic/raster';

/** Which pole. */
export type Hemisphere = 'north' | 'south';

/** One of NSIDC's 25 km polar stereographic grids with the place and size of its cells. */
export interface PolarGrid {
  readonly hemisphere: Hemisphere;
  readonly height: number;
  readonly width: number;
  readonly grid: GridInfo;
  /** [H,W] float64, latitude of the cell centre in degrees north. */
  readonly lat: Float64Array;
  /** [H,W] float64, longitude of the cell centre in degrees east, −180..180. */
  readonly lon: Float64Array;
  /** [H,W] float64, true area of the cell in km². */
  readonly area: Float64Array;
}

/** Hughes 1980 ellipsoid, as NSIDC states it. */
const SEMI_MAJOR_M = 6_378_273;
const ECCENTRICITY = 0.081816153;
const TRUE_SCALE_LAT = (70 * Math.PI) / 180;
const CELL_M = 25_000;

interface GridShape {
  readonly name: string;
  readonly crs: string;
  readonly height: number;
  readonly width: number;
  readonly transform: Transform;
}

const SHAPES: Readonly<Record<Hemisphere, GridShape>> = {
  north: {
    name: 'psn25',
    crs: 'EPSG:3411',
    height: 448,
    width: 304,
    transform: [-3_850_000, CELL_M, 0, 5_850_000, 0, -CELL_M],
  },
  south: {
    name: 'pss25',
    crs: 'EPSG:3412',
    height: 332,
    width: 316,
    transform: [-3_950_000, CELL_M, 0, 4_350_000, 0, -CELL_M],
  },
};

/** Rows and columns of the 25 km grid of a hemisphere. */
export function gridShape(hemisphere: Hemisphere): GridShape {
  return SHAPES[hemisphere];
}

/**
 * NSIDC's 25 km grid of a hemisphere: latitude, longitude and true area of every cell.
 *
 * The projection keeps true scale at 70° only; elsewhere a 25 km × 25 km cell covers 383 to 664 km²
 * of the northern grid, so that sums over cells need these areas. They are the map area over the
 * square of the scale factor at the cell's centre; NSIDC's own tables agree to their last digit.
 *
 * References: Snyder (1987), Map Projections, USGS Professional Paper 1395, pp. 157–163.
 *
 * @example
 * ```ts
 * const { lat, area } = polarStereographicGrid('north');
 * Math.round(area[234 * 304 + 154] ?? 0); // 664, beside the pole
 * lat.reduce((most, value) => Math.max(most, value)) > 89.8; // true
 * ```
 */
export function polarStereographicGrid(hemisphere: Hemisphere): PolarGrid {
  const { name, crs, height, width, transform } = SHAPES[hemisphere];
  const [x0, , , y0] = transform;
  const count = height * width;
  const lat = new Float64Array(count);
  const lon = new Float64Array(count);
  const area = new Float64Array(count);
  const sign = hemisphere === 'north' ? 1 : -1;
  const radiusOfT = (SEMI_MAJOR_M * parallelRadius(TRUE_SCALE_LAT)) / isometric(TRUE_SCALE_LAT);
  for (let row = 0; row < height; row++) {
    const y = y0 - (row + 0.5) * CELL_M;
    for (let column = 0; column < width; column++) {
      const x = x0 + (column + 0.5) * CELL_M;
      const i = row * width + column;
      const radius = Math.hypot(x, y);
      const phi = latitudeOf(radius / radiusOfT);
      const scale = radius / (SEMI_MAJOR_M * parallelRadius(phi));
      lat[i] = (sign * phi * 180) / Math.PI;
      // North: the −y axis lies along 45° W. South: the +y axis lies along 0°.
      const angle = (Math.atan2(x, -sign * y) * 180) / Math.PI - (hemisphere === 'north' ? 45 : 0);
      lon[i] = angle < -180 ? angle + 360 : angle;
      area[i] = (CELL_M / 1000) ** 2 / scale ** 2;
    }
  }
  return { hemisphere, height, width, grid: { name, crs, transform }, lat, lon, area };
}

/** Radius of a parallel over the semi-major axis. */
function parallelRadius(phi: number): number {
  return Math.cos(phi) / Math.sqrt(1 - (ECCENTRICITY * Math.sin(phi)) ** 2);
}

/** Snyder's t: proportional to the distance from the pole on the map. */
function isometric(phi: number): number {
  return Math.tan(Math.PI / 4 - phi / 2) / flattening(phi);
}

function flattening(phi: number): number {
  const s = ECCENTRICITY * Math.sin(phi);
  return ((1 - s) / (1 + s)) ** (ECCENTRICITY / 2);
}

/** The inverse of `isometric`; each round gains two digits or more, so six reach 1e-13 rad. */
function latitudeOf(t: number): number {
  let phi = Math.PI / 2 - 2 * Math.atan(t);
  for (let round = 0; round < 6; round++) phi = Math.PI / 2 - 2 * Math.atan(t * flattening(phi));
  return phi;
}
