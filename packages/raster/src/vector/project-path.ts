import { coordinateTransform, isGeographic } from '../crs/crs.js';
import { RasterError } from '../errors.js';
import type { Position } from './geometry.js';

/** A place in degrees; the longitude of a pole means nothing. */
export interface Vertex {
  readonly lon: number;
  readonly lat: number;
  readonly pole: boolean;
}

/** Projects a line of straight parts to degrees, with vertices between where it bends there. */
export type PathProjector = (path: readonly Position[]) => readonly Vertex[];

/** A pole in the units of the projected CRS. */
interface Pole {
  readonly x: number;
  readonly y: number;
  readonly lat: 90 | -90;
}

/** Lines that pass a pole within a metre pass through it. */
const POLE_RADIUS_M = 1;

/** Most halvings of a part: less than a metre is left of a whole map then. */
const DEEPEST = 24;

/** Longest turn of a vertex to the next, in degrees, and most it may be aside halfway. */
const LONGEST_TURN = 90;
const MOST_ASIDE = 45;

const METRES_PER_DEGREE = 111_195;

/** No tolerance is finer, metres: rounding to 1e-6 degrees is coarser. */
const FINEST_M = 0.01;

/**
 * @param toleranceM how far a straight line in degrees may leave the projected one, metres; a
 * thousandth of the length of short parts at most.
 * @throws RasterError `UnsupportedFormat` for an unknown CRS
 */
export function pathProjector(crs: string, toleranceM: number): PathProjector {
  const toDegrees = coordinateTransform(crs, 'EPSG:4326');
  const geographic = isGeographic(crs);
  const poles = geographic ? [] : polesOf(crs);
  const project = (position: Position): Vertex => {
    const [x, y] = position;
    const pole = poles.find((one) => Math.hypot(x - one.x, y - one.y) < POLE_RADIUS_M);
    if (pole) return { lon: 0, lat: pole.lat, pole: true };
    const [lon, lat] = toDegrees(x, y);
    if (Number.isFinite(lon) && Math.abs(lat) < 90 + 1e-9) {
      return { lon: shortest(lon), lat: Math.max(-90, Math.min(90, lat)), pole: false };
    }
    throw new RasterError(
      'InvalidValue',
      `Expected positions that ${crs} maps to longitude and latitude. Received: ${x}, ${y}. Cut the geometry to the extent of its grid.`,
    );
  };
  const refine = (
    [a, from]: readonly [Position, Vertex],
    [b, to]: readonly [Position, Vertex],
    tolerance: number,
    depth: number,
    out: Vertex[],
  ): void => {
    const middle: Position = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const halfway = project(middle);
    if (depth < DEEPEST && !halfway.pole && isBent(from, halfway, to, tolerance)) {
      refine([a, from], [middle, halfway], tolerance, depth + 1, out);
      refine([middle, halfway], [b, to], tolerance, depth + 1, out);
    } else {
      out.push(to);
    }
  };
  return (path) => {
    const out: Vertex[] = path.slice(0, 1).map(project);
    for (let i = 1; i < path.length; i++) {
      const a = path[i - 1] ?? [0, 0];
      const b = path[i] ?? [0, 0];
      const length = geographic ? Infinity : Math.hypot(b[0] - a[0], b[1] - a[1]);
      const tolerance = Math.max(FINEST_M, Math.min(toleranceM, length / 1000));
      const stops = [a, ...poles.flatMap((pole) => passed(pole, a, b)), b];
      for (let k = 1; k < stops.length; k++) {
        const from = stops[k - 1] ?? a;
        const to = stops[k] ?? b;
        refine([from, project(from)], [to, project(to)], tolerance, 0, out);
      }
    }
    return out;
  };
}

/** Whether the middle of a projected line lies off the middle of the line in degrees. */
function isBent(from: Vertex, halfway: Vertex, to: Vertex, toleranceM: number): boolean {
  const narrow = METRES_PER_DEGREE * Math.cos((halfway.lat * Math.PI) / 180);
  if (from.pole || to.pole) {
    // It comes to the pole along the meridian of its other end.
    const aside = shortest(halfway.lon - (from.pole ? to : from).lon);
    return Math.abs(aside) * narrow > toleranceM;
  }
  const turn = shortest(to.lon - from.lon);
  const aside = Math.abs(shortest(halfway.lon - from.lon - turn / 2));
  const off = Math.abs(halfway.lat - (from.lat + to.lat) / 2);
  return (
    Math.abs(turn) > LONGEST_TURN ||
    aside > MOST_ASIDE ||
    Math.max(off * METRES_PER_DEGREE, aside * narrow) > toleranceM
  );
}

/** The poles that a projected CRS shows at one place. */
function polesOf(crs: string): readonly Pole[] {
  const toProjected = coordinateTransform('EPSG:4326', crs);
  return ([90, -90] as const).flatMap((lat) => {
    // Where a pole is drawn as a line or a circle, two meridians end apart.
    const [x, y] = toProjected(0, lat);
    const [otherX, otherY] = toProjected(120, lat);
    const apart = Math.hypot(x - otherX, y - otherY);
    return apart < POLE_RADIUS_M ? [{ x, y, lat }] : [];
  });
}

/** The pole, where the line from `a` to `b` passes it between its ends. */
function passed({ x, y }: Pole, a: Position, b: Position): readonly Position[] {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const length = Math.hypot(dx, dy);
  const along = ((x - a[0]) * dx + (y - a[1]) * dy) / length;
  const aside = Math.abs((x - a[0]) * dy - (y - a[1]) * dx) / length;
  const between = along > POLE_RADIUS_M && along < length - POLE_RADIUS_M;
  return between && aside < POLE_RADIUS_M ? [[x, y]] : [];
}

/** An angle in degrees, from -180 to below 180. */
export function shortest(degrees: number): number {
  const turn = (degrees + 180) % 360;
  return (turn < 0 ? turn + 360 : turn) - 180;
}
