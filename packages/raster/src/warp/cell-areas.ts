import { parseCrs, transformInto } from '../crs/crs.js';
import { authalicRadius, geodeticToAuthalic, thirdFlattening } from '../crs/auxiliary-latitude.js';
import type { CrsParameters } from '../crs/parameters.js';
import { assertGrid, type Grid } from './grid.js';

const RADIANS = Math.PI / 180;

/** Projections that keep areas, on sphere and ellipsoid alike. */
const EQUAL_AREA: ReadonlySet<string> = new Set(['laea', 'cea', 'aea', 'sinu']);

/**
 * The true areas of a grid's cells on the ellipsoid of its CRS, exact to about 1e-9 for cells of
 * tens of kilometres.
 *
 * @returns [height, width] km², NaN for cells that lie beside the earth
 * @throws RasterError `InvalidValue` for an impossible grid, `UnsupportedFormat` for a CRS that is none
 *
 * @example
 * const km2 = cellAreas({ crs: 'EPSG:6931', transform: [-9e6, 25e3, 0, 9e6, 0, -25e3],
 *   height: 720, width: 720 }); // 625 everywhere
 */
export function cellAreas(grid: Grid): Float64Array {
  assertGrid(grid);
  const crs = parseCrs(grid.crs);
  if (crs.projection === 'longlat') return zonalAreas(grid, crs);
  return EQUAL_AREA.has(crs.projection) ? equalAreas(grid) : surfaceAreas(grid, crs);
}

/** Cells between two parallels: exact. */
function zonalAreas({ transform, height, width }: Grid, crs: CrsParameters): Float64Array {
  const [, dx, , y0, , dy] = transform;
  const areas = new Float64Array(height * width);
  const toAuthalic = geodeticToAuthalic(thirdFlattening(crs));
  const perSine = (authalicRadius(crs) / 1000) ** 2 * dx * RADIANS;
  const sineAt = (row: number): number => {
    const phi = Math.max(-90, Math.min(90, y0 + row * dy)) * RADIANS;
    return Math.sin(toAuthalic(phi, Math.sin(phi), Math.cos(phi)));
  };
  for (let row = 0; row < height; row++) {
    const area = perSine * (sineAt(row) - sineAt(row + 1));
    // Rows beyond a pole are none.
    areas.fill(area > 0 ? area : NaN, row * width, (row + 1) * width);
  }
  return areas;
}

function equalAreas({ crs, transform, height, width }: Grid): Float64Array {
  const [x0, dx, , y0, , dy] = transform;
  const areas = new Float64Array(height * width);
  const toLonLat = transformInto(crs, geographicOf(crs));
  const xs = new Float64Array(width);
  const ys = new Float64Array(width);
  const area = (dx * -dy) / 1e6;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      xs[column] = x0 + (column + 0.5) * dx;
      ys[column] = y0 + (row + 0.5) * dy;
    }
    toLonLat(xs, ys);
    for (let column = 0; column < width; column++) {
      areas[row * width + column] = Number.isFinite(ys[column]) ? area : NaN;
    }
  }
  return areas;
}

/**
 * Cells as quadrilaterals on the authalic sphere, where areas are those of the ellipsoid. Edges
 * bend away from great circles: the error of whole cells is four times that of quarters, and so
 * the two together give the limit (Richardson).
 */
function surfaceAreas(grid: Grid, crs: CrsParameters): Float64Array {
  const { height, width } = grid;
  const areas = new Float64Array(height * width);
  const radius = authalicRadius(crs) / 1000;
  const pointsOf = spherePoints(grid, crs);
  let top = pointsOf(0);
  for (let row = 0; row < height; row++) {
    const middle = pointsOf(row + 0.5);
    const bottom = pointsOf(row + 1);
    for (let column = 0; column < width; column++) {
      const k = 2 * column;
      const whole = quadArea(top, bottom, k, k + 2);
      const quarters =
        quadArea(top, middle, k, k + 1) +
        quadArea(top, middle, k + 1, k + 2) +
        quadArea(middle, bottom, k, k + 1) +
        quadArea(middle, bottom, k + 1, k + 2);
      areas[row * width + column] = radius * radius * ((4 * quarters - whole) / 3);
    }
    top = bottom;
  }
  return areas;
}

/** Unit vectors [2 width + 1, 3] of the points half a cell apart along a line of the grid. */
function spherePoints(
  { crs: text, transform, width }: Grid,
  crs: CrsParameters,
): (row: number) => Float64Array {
  const [x0, dx, , y0, , dy] = transform;
  const toLonLat = transformInto(text, geographicOf(text));
  const toAuthalic = geodeticToAuthalic(thirdFlattening(crs));
  return (row) => {
    const count = 2 * width + 1;
    const xs = Float64Array.from({ length: count }, (_, i) => x0 + (i / 2) * dx);
    const ys = new Float64Array(count).fill(y0 + row * dy);
    toLonLat(xs, ys);
    const points = new Float64Array(3 * count);
    for (let i = 0; i < count; i++) {
      const lambda = (xs[i] as number) * RADIANS; // i is below count
      const phi = (ys[i] as number) * RADIANS;
      const xi = toAuthalic(phi, Math.sin(phi), Math.cos(phi));
      points[3 * i] = Math.cos(xi) * Math.cos(lambda);
      points[3 * i + 1] = Math.cos(xi) * Math.sin(lambda);
      points[3 * i + 2] = Math.sin(xi);
    }
    return points;
  };
}

/** Area on the unit sphere between points k and m of two lines. */
function quadArea(upper: Float64Array, lower: Float64Array, k: number, m: number): number {
  return triangleArea(upper, m, upper, k, lower, k) + triangleArea(lower, m, upper, m, lower, k);
}

/** Area of a spherical triangle (Van Oosterom and Strackee 1983), exact for small ones too. */
function triangleArea(
  p: Float64Array,
  i: number,
  q: Float64Array,
  j: number,
  r: Float64Array,
  k: number,
): number {
  const ax = p[3 * i] as number; // points lie on their lines
  const ay = p[3 * i + 1] as number;
  const az = p[3 * i + 2] as number;
  const bx = q[3 * j] as number;
  const by = q[3 * j + 1] as number;
  const bz = q[3 * j + 2] as number;
  const cx = r[3 * k] as number;
  const cy = r[3 * k + 1] as number;
  const cz = r[3 * k + 2] as number;
  // Differences first: products of near unit vectors would cancel.
  const [ux, uy, uz] = [bx - ax, by - ay, bz - az];
  const [vx, vy, vz] = [cx - ax, cy - ay, cz - az];
  const triple = ax * (uy * vz - uz * vy) + ay * (uz * vx - ux * vz) + az * (ux * vy - uy * vx);
  const dots =
    ax * bx + ay * by + az * bz + bx * cx + by * cy + bz * cz + cx * ax + cy * ay + cz * az;
  return 2 * Math.atan2(Math.abs(triple), 1 + dots);
}

/** Longitudes and latitudes of the CRS's own ellipsoid. */
function geographicOf(text: string): string {
  const { a, b } = parseCrs(text);
  return `+proj=longlat +a=${a} +b=${b}`;
}
