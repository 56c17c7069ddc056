import { coordinateTransform, isGeographic } from '../crs/crs.js';
import type { BurnGrid } from './rasterise.js';
import { repeatRings, unwrapRing, unwrapRings } from './rasterise-unwrap.js';

type Project = (x: number, y: number) => readonly [number, number];

/** Halvings of one edge at most: 4,096 pieces. */
const DEEPEST = 12;

/** Edges of lon-lat rings are cut at least this often, degrees: longer ones can bend and come back. */
const LONGEST_DEGREES = 10;

/** How near to ±180 a longitude is the dateline: files are some 1e-6 degrees (0.1 m) off. */
const DATELINE_DEGREES = 1e-5;

/** Edges of polygons on a grid follow their course to within this part of a pixel. */
const TOLERANCE_PIXELS = 1e-4;

/**
 * Rings of one polygon on a grid, for `rasteriseInto`: projected and densified (see
 * `projectRings`), and on a lon-lat grid, whether it runs from −180 or from 0, with all parts
 * that it shows.
 *
 * @param crs of the rings.
 * @throws RasterError `UnsupportedFormat` for a CRS that is not understood, `InvalidValue` for
 * coordinates outside it.
 *
 * @example
 * ```ts
 * const grid = { crs: 'EPSG:3413', transform: [-3850000, 25000, 0, 5850000, 0, -25000], height: 448, width: 304 } as const;
 * const inside = new Uint8Array(448 * 304);
 * const cap = Float64Array.from([-180, 85, 180, 85, 180, 90, -180, 90]);
 * rasteriseInto(inside, grid, [{ rings: ringsOnGrid([cap], 'EPSG:4326', grid), value: 1 }]);
 * inside.reduce((sum, value) => sum + value); // 1476
 * ```
 */
export function ringsOnGrid(
  rings: readonly Float64Array[],
  crs: string,
  grid: BurnGrid & { readonly crs: string },
): Float64Array[] {
  const [west, dx, , , , dy] = grid.transform;
  const tolerance = TOLERANCE_PIXELS * Math.min(dx, -dy);
  const projected = projectRings(rings, { from: crs, to: grid.crs, tolerance });
  return isGeographic(grid.crs) ? repeatRings(projected, west, west + grid.width * dx) : projected;
}

/** Where polygons go; see `projectRings`. */
export interface ProjectRingsOptions {
  /** CRS of the rings. */
  readonly from: string;
  /** CRS of the result. */
  readonly to: string;
  /** Furthest that an edge may leave its true course, in units of `to`: a fraction of a pixel. */
  readonly tolerance: number;
}

/**
 * Rings of one polygon in another CRS. Their edges are straight lines in `from` (of a lon-lat
 * chart: on the plate carrée, the short way over the dateline, see `unwrapRing`), so they are
 * densified until they follow their course in `to`. In a lon-lat `to` longitudes are continuous,
 * possibly beyond ±180, and rings round a pole are closed along it.
 *
 * @param rings [x0, y0, x1, y1, …] each; degrees east and north where `from` is geographic.
 * @throws RasterError `UnsupportedFormat` for a CRS that is not understood, `InvalidValue` for
 * coordinates outside it.
 */
export function projectRings(
  rings: readonly Float64Array[],
  { from, to, tolerance }: ProjectRingsOptions,
): Float64Array[] {
  const round = isGeographic(to);
  if (from === to) return round ? unwrapRings(rings) : [...rings];
  const project = coordinateTransform(from, to);
  const spherical = isGeographic(from);
  const place: Project = spherical ? (x, y) => project(oneDateline(x), y) : project;
  const projected = rings.map((ring) => {
    if (ring.length < 6) return new Float64Array(0);
    const source = spherical ? unwrapRing(ring).ring : closedRing(ring);
    return densify(source, place, tolerance, spherical ? LONGEST_DEGREES : Infinity, round);
  });
  return round ? unwrapRings(projected) : projected;
}

/**
 * A longitude in −180..180, where 180 and what files round to it are −180: polygons split at the
 * dateline then share their edge, and no pixel between them is lost.
 */
function oneDateline(lon: number): number {
  const turned = lon - 360 * Math.round(lon / 360);
  return 180 - Math.abs(turned) < DATELINE_DEGREES ? -180 : turned;
}

function densify(
  ring: Float64Array,
  project: Project,
  tolerance: number,
  longest: number,
  round: boolean,
): Float64Array {
  const out: number[] = [];
  const push = (x: number, y: number): void => {
    // What has no place on the map, such as the other pole, is left out.
    if (Number.isFinite(x) && Number.isFinite(y)) out.push(x, y);
  };
  /** Points between (x1, y1) and (x2, y2), whose images are (u1, v1) and (u2, v2). */
  const between = (
    x1: number,
    y1: number,
    u1: number,
    v1: number,
    x2: number,
    y2: number,
    u2: number,
    v2: number,
    depth: number,
  ): void => {
    const x = (x1 + x2) / 2;
    const y = (y1 + y2) / 2;
    const [u, v] = project(x, y);
    const off = Math.max(Math.abs(offMiddle(u1, u, u2, round)), Math.abs((v1 + v2) / 2 - v));
    const short = Math.abs(x2 - x1) <= longest && Math.abs(y2 - y1) <= longest;
    if (depth >= DEEPEST || (short && off <= tolerance)) return;
    between(x1, y1, u1, v1, x, y, u, v, depth + 1);
    push(u, v);
    between(x, y, u, v, x2, y2, u2, v2, depth + 1);
  };
  let x1 = ring[0] ?? 0;
  let y1 = ring[1] ?? 0;
  let [u1, v1] = project(x1, y1);
  push(u1, v1);
  for (let i = 2; i < ring.length; i += 2) {
    const x2 = ring[i] ?? 0;
    const y2 = ring[i + 1] ?? 0;
    const [u2, v2] = project(x2, y2);
    between(x1, y1, u1, v1, x2, y2, u2, v2, 0);
    push(u2, v2);
    [x1, y1, u1, v1] = [x2, y2, u2, v2];
  }
  return Float64Array.from(out);
}

/** A ring with its first point repeated at the end. */
function closedRing(ring: Float64Array): Float64Array {
  if (ring[0] === ring.at(-2) && ring[1] === ring.at(-1)) return ring;
  return Float64Array.from([...ring, ring[0] ?? 0, ring[1] ?? 0]);
}

/** How far `u` is from the middle of `u1` and `u2`, round the globe where these are longitudes. */
function offMiddle(u1: number, u: number, u2: number, round: boolean): number {
  if (!round) return (u1 + u2) / 2 - u;
  const towards = (value: number) => value - 360 * Math.round((value - u) / 360);
  return (towards(u1) + towards(u2)) / 2 - u;
}
