import type { Position } from './geometry.js';
import type { Vertex } from './project-path.js';

/** Parts of a line between -180 and 180 degrees, which begin and end where it was cut. */
export interface CutPath {
  readonly pieces: readonly (readonly Position[])[];
  /** Whether it was cut nowhere. */
  readonly whole: boolean;
}

/** A straight part of a line that stays on its side of the antimeridian. */
type Segment = readonly [from: Position, to: Position];

/** Vertices this near to the antimeridian, in degrees, lie on it. */
const ON_LINE = 1e-9;

/**
 * Cuts a line where it passes the antimeridian or a pole. What runs along the antimeridian has its
 * left on the map: +180 northwards, -180 southwards.
 *
 * @param closed whether the last vertex is the first again; the pieces at both are then one.
 */
export function cutPath(vertices: readonly Vertex[], closed: boolean): CutPath {
  const segments: Segment[] = [];
  for (let i = 1; i < vertices.length; i++) {
    const a = vertices[i - 1];
    const b = vertices[i];
    if (a && b) segments.push(...segmentsBetween(a, b));
  }
  const pieces: Position[][] = [];
  for (const [from, to] of segments) {
    const end = pieces.at(-1)?.at(-1);
    if (end && same(end, from)) pieces.at(-1)?.push(to);
    else pieces.push([from, to]);
  }
  const [first] = pieces;
  const last = pieces.at(-1);
  if (!closed || !first || !last || !joins(last, first)) return { pieces, whole: false };
  if (first === last) return { pieces, whole: true };
  return { pieces: [[...last, ...first.slice(1)], ...pieces.slice(1, -1)], whole: false };
}

function segmentsBetween(a: Vertex, b: Vertex): readonly Segment[] {
  if (a.pole && b.pole) return [];
  const north = b.lat > a.lat ? 180 : -180;
  const onA = isOnLine(a);
  const onB = isOnLine(b);
  if (a.pole || b.pole || (onA && onB)) {
    const other = a.pole ? b : a;
    const lon = isOnLine(other) ? north : other.lon;
    return [
      [
        [lon, a.lat],
        [lon, b.lat],
      ],
    ];
  }
  const fromLon = onA ? Math.sign(b.lon) * 180 : a.lon;
  const toLon = onB ? Math.sign(a.lon) * 180 : b.lon;
  if (Math.abs(toLon - fromLon) <= 180) {
    return [
      [
        [fromLon, a.lat],
        [toLon, b.lat],
      ],
    ];
  }
  const side = Math.sign(fromLon) * 180;
  const part = (side - fromLon) / (toLon + 2 * side - fromLon);
  const lat = a.lat + part * (b.lat - a.lat);
  return [
    [
      [fromLon, a.lat],
      [side, lat],
    ],
    [
      [-side, lat],
      [toLon, b.lat],
    ],
  ];
}

function isOnLine({ lon, pole }: Vertex): boolean {
  return !pole && Math.abs(lon) >= 180 - ON_LINE;
}

function same(a: Position, b: Position): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function joins(last: readonly Position[], first: readonly Position[]): boolean {
  const end = last.at(-1);
  const start = first[0];
  return end !== undefined && start !== undefined && same(end, start);
}
