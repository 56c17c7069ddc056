import { coordinateTransform, isGeographic, parseCrs, transformInto } from '../crs/crs.js';
import { RasterError } from '../errors.js';
import { assertGrid, type Grid } from './grid.js';
import { rangeOf } from './region.js';

/** Points along each edge of the source, and along each axis inside. */
const EDGE_POINTS = 400;
const INNER_POINTS = 41;

/**
 * A grid of square cells in another CRS that covers a grid, with cells about as large as the
 * source's (along the diagonal, as GDAL chooses them) unless a size is given. Geographic grids of
 * sources round a pole hold it and all longitudes; those across the dateline run on beyond 180.
 * Azimuthal polar CRSs take the source's part on their side of the equator.
 *
 * @param options.pixelSize - units of the CRS: metres, or degrees
 * @throws RasterError `InvalidValue` where the CRS shows nothing of the source
 *
 * @example
 * const grid = gridOf(source, 'EPSG:6931', { pixelSize: 25_000 });
 */
export function gridOf(
  source: Grid,
  crs: string,
  options: { readonly pixelSize?: number } = {},
): Grid {
  assertGrid(source);
  const part = onItsSide(source, crs);
  const [left, right, bottom, top] = boundsIn(part, crs);
  const diagonal = Math.hypot(right - left, top - bottom) / Math.hypot(part.width, part.height);
  const size = options.pixelSize ?? diagonal;
  const fits = size > 0 && Number.isFinite(size) && right > left && top > bottom;
  if (!fits) {
    throw new RasterError(
      'InvalidValue',
      `Expected a grid that ${crs} shows, and a pixel size above 0. Received: bounds ${left} … ${right}, ${bottom} … ${top}, pixel size ${size}. Choose another CRS or size.`,
    );
  }
  // A chosen size must cover everything; a suggested one fits to the nearest cell.
  const count = (length: number): number =>
    Math.max(
      1,
      options.pixelSize === undefined
        ? Math.floor(length / size + 0.5)
        : Math.ceil(length / size - 1e-6),
    );
  return {
    crs,
    transform: [left, size, 0, top, 0, -size],
    height: count(top - bottom),
    width: count(right - left),
  };
}

/** The rows of a geographic source on the side of the equator that a polar CRS shows. */
function onItsSide(source: Grid, crs: string): Grid {
  const side = poleOf(crs);
  if (side === 0 || !isGeographic(source.crs)) return source;
  const [x0, dx, , y0, , dy] = source.transform;
  const equator = Math.round(-y0 / dy);
  if (equator <= 0 || equator >= source.height) return source;
  return side > 0
    ? { ...source, height: equator }
    : {
        ...source,
        height: source.height - equator,
        transform: [x0, dx, 0, y0 + equator * dy, 0, dy],
      };
}

/** 1 and -1 for azimuthal projections about a pole, 0 for others. */
function poleOf(crs: string): number {
  const { projection, values } = parseCrs(crs);
  const isAzimuthal = ['stere', 'laea', 'aeqd', 'ortho', 'gnom'].includes(projection);
  const { lat_0 = 0 } = values;
  return isAzimuthal && Math.abs(lat_0) === 90 ? Math.sign(lat_0) : 0;
}

function boundsIn(source: Grid, crs: string): readonly [number, number, number, number] {
  const [xs, ys] = outline(source);
  const [ix, iy] = inside(source);
  const side = poleOf(crs);
  const toLonLat = transformInto(source.crs, 'EPSG:4326');
  toLonLat(xs, ys);
  toLonLat(ix, iy);
  if (isGeographic(crs)) return lonLatBounds(source, xs, ys, iy);
  for (const [longitudes, latitudes] of [
    [xs, ys],
    [ix, iy],
  ] as const) {
    for (let i = 0; side !== 0 && i < latitudes.length; i++) {
      if ((latitudes[i] as number) * side < -1e-9) longitudes[i] = NaN; // i is below its length
    }
    transformInto('EPSG:4326', crs)(longitudes, latitudes);
  }
  const [left, right] = merged(rangeOf(xs), rangeOf(ix));
  const [bottom, top] = merged(rangeOf(ys), rangeOf(iy));
  return [left, right, bottom, top];
}

function lonLatBounds(
  source: Grid,
  longitudes: Float64Array,
  latitudes: Float64Array,
  inner: Float64Array,
): readonly [number, number, number, number] {
  const [south, north] = merged(rangeOf(latitudes), rangeOf(inner));
  const poles = [90, -90].map((pole) => holds(source, pole));
  const [holdsNorth = false, holdsSouth = false] = poles;
  if (holdsNorth || holdsSouth) {
    return [-180, 180, holdsSouth ? -90 : south, holdsNorth ? 90 : north];
  }
  if (isGeographic(source.crs)) {
    const [x0, dx] = source.transform;
    return [x0, x0 + source.width * dx, south, north];
  }
  // Along the outline, longitudes go on without jumps.
  let last = NaN;
  const unrolled = longitudes.map((longitude) => {
    if (!Number.isFinite(longitude)) return NaN;
    last = Number.isNaN(last) ? longitude : longitude - 360 * Math.round((longitude - last) / 360);
    return last;
  });
  const [west, east] = rangeOf(unrolled);
  if (!(east - west < 360)) return [-180, 180, south, north];
  const turns = 360 * Math.floor((west + 180) / 360);
  return [west - turns, east - turns, south, north];
}

function holds({ crs, transform, height, width }: Grid, latitude: number): boolean {
  if (isGeographic(crs)) return false;
  const [x0, dx, , y0, , dy] = transform;
  const [x, y] = coordinateTransform('EPSG:4326', crs)(0, latitude);
  const column = (x - x0) / dx;
  const row = (y - y0) / dy;
  return column >= 0 && column <= width && row >= 0 && row <= height;
}

function outline({ transform, height, width }: Grid): readonly [Float64Array, Float64Array] {
  const [x0, dx, , y0, , dy] = transform;
  const xs = new Float64Array(4 * EDGE_POINTS);
  const ys = new Float64Array(4 * EDGE_POINTS);
  for (let i = 0; i < EDGE_POINTS; i++) {
    const part = i / EDGE_POINTS;
    const corners = [
      [part, 0],
      [1, part],
      [1 - part, 1],
      [0, 1 - part],
    ] as const;
    corners.forEach(([u, v], edge) => {
      xs[edge * EDGE_POINTS + i] = x0 + u * width * dx;
      ys[edge * EDGE_POINTS + i] = y0 + v * height * dy;
    });
  }
  return [xs, ys];
}

function inside({ transform, height, width }: Grid): readonly [Float64Array, Float64Array] {
  const [x0, dx, , y0, , dy] = transform;
  const count = INNER_POINTS * INNER_POINTS;
  const part = (i: number): number => (i + 0.5) / INNER_POINTS;
  return [
    Float64Array.from({ length: count }, (_, i) => x0 + part(i % INNER_POINTS) * width * dx),
    Float64Array.from(
      { length: count },
      (_, i) => y0 + part(Math.floor(i / INNER_POINTS)) * height * dy,
    ),
  ];
}

function merged(
  [a, b]: readonly [number, number],
  [c, d]: readonly [number, number],
): readonly [number, number] {
  return [Math.min(a, c), Math.max(b, d)];
}
