import { cutPath } from './cut-path.js';
import {
  signedArea,
  type Geometry,
  type LineString,
  type MultiLineString,
  type MultiPoint,
  type MultiPolygon,
  type Point,
  type Polygon,
  type Position,
  type Ring,
} from './geometry.js';
import { joinPieces } from './join-pieces.js';
import { untangleRings } from './untangle-rings.js';
import { pathProjector, type PathProjector } from './project-path.js';

export interface ToLonLatOptions {
  /**
   * How far lines that are straight in degrees may leave those that are straight in the CRS, m (a
   * thousandth of the length of short ones at most); vertices are added for it. @default 10
   */
  readonly toleranceM?: number;
}

/** Digits of GeoJSON: 1e-6 degrees, a decimetre. */
const PER_DEGREE = 1e6;

/**
 * A geometry in longitude and latitude (WGS84), as GeoJSON (RFC 7946) wants it: cut at the
 * antimeridian, round the poles closed along ±90°, outer rings counter-clockwise, holes clockwise,
 * rounded to 1e-6 degrees. Lines and polygons come as multiple ones, empty where nothing is left
 * after rounding.
 *
 * @param geometry in units of the CRS; rings in any direction.
 * @throws RasterError `UnsupportedFormat` for an unknown CRS, `InvalidValue` for positions off its map
 */
export function toLonLat(geometry: Point, crs: string, options?: ToLonLatOptions): Point;
export function toLonLat(geometry: MultiPoint, crs: string, options?: ToLonLatOptions): MultiPoint;
export function toLonLat(
  geometry: LineString | MultiLineString,
  crs: string,
  options?: ToLonLatOptions,
): MultiLineString;
export function toLonLat(
  geometry: Polygon | MultiPolygon,
  crs: string,
  options?: ToLonLatOptions,
): MultiPolygon;
export function toLonLat(geometry: Geometry, crs: string, options?: ToLonLatOptions): Geometry;
export function toLonLat(geometry: Geometry, crs: string, options: ToLonLatOptions = {}): Geometry {
  const project = pathProjector(crs, options.toleranceM ?? 10);
  const point = (position: Position): Position =>
    project([position]).map(({ lon, lat }) => rounded([lon, lat]))[0] ?? position;
  switch (geometry.type) {
    case 'Point':
      return { type: 'Point', coordinates: point(geometry.coordinates) };
    case 'MultiPoint':
      return { type: 'MultiPoint', coordinates: geometry.coordinates.map(point) };
    case 'LineString':
      return { type: 'MultiLineString', coordinates: projectLine(geometry.coordinates, project) };
    case 'MultiLineString':
      return {
        type: 'MultiLineString',
        coordinates: geometry.coordinates.flatMap((line) => projectLine(line, project)),
      };
    case 'Polygon':
      return { type: 'MultiPolygon', coordinates: projectPolygon(geometry.coordinates, project) };
    case 'MultiPolygon':
      return {
        type: 'MultiPolygon',
        coordinates: geometry.coordinates.flatMap((rings) => projectPolygon(rings, project)),
      };
  }
}

function projectLine(line: readonly Position[], project: PathProjector): readonly Position[][] {
  const [first] = line;
  const last = line.at(-1);
  const closed = line.length > 2 && first?.[0] === last?.[0] && first?.[1] === last?.[1];
  return cutPath(project(line), closed)
    .pieces.map(tidied)
    .filter((piece) => piece.length > 1);
}

function projectPolygon(polygon: readonly Ring[], project: PathProjector): readonly Ring[][] {
  const whole: Ring[] = [];
  const pieces: (readonly Position[])[] = [];
  polygon.forEach((ring, i) => {
    const turned = signedArea(ring) > 0 === (i === 0) ? ring : ring.toReversed();
    const cut = cutPath(project(turned), true);
    (cut.whole ? whole : pieces).push(...cut.pieces);
  });
  const rings = [...whole, ...joinPieces(pieces)].map(tidied);
  const all = (pieces.length > 0 ? untangleRings(rings) : rings)
    .map((ring) => ({ ring, area: signedArea(ring) }))
    .filter(({ ring, area }) => ring.length > 3 && area !== 0);
  const polygons = all.filter(({ area }) => area > 0).map(({ ring }) => [ring]);
  for (const { ring, area } of all) if (area < 0) outerOf(polygons, ring)?.push(ring);
  return polygons;
}

/** The polygon round a hole. */
function outerOf(polygons: readonly Ring[][], hole: Ring): Ring[] | undefined {
  if (polygons.length < 2) return polygons[0];
  // A corner of the hole may touch its outer ring; the middle of a side does not.
  const [[ax, ay], [bx, by]] = [hole[0] ?? [0, 0], hole[1] ?? [0, 0]];
  const middle: Position = [(ax + bx) / 2, (ay + by) / 2];
  return polygons.find(([outer]) => outer && isInside(middle, outer));
}

function isInside([x, y]: Position, ring: Ring): boolean {
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1] ?? [0, 0];
    const [bx, by] = ring[i] ?? [0, 0];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

/** Rounded, without positions that are the same as the one before. */
function tidied(line: readonly Position[]): Position[] {
  const out: Position[] = [];
  for (const position of line) {
    const next = rounded(position);
    const last = out.at(-1);
    if (last?.[0] !== next[0] || last[1] !== next[1]) out.push(next);
  }
  return out;
}

function rounded([x, y]: Position): Position {
  // Adding zero makes -0 to 0.
  return [Math.round(x * PER_DEGREE) / PER_DEGREE + 0, Math.round(y * PER_DEGREE) / PER_DEGREE + 0];
}
