/** x and y in the units of a CRS, or degrees east and north. */
export type Position = readonly [x: number, y: number];

export interface Point {
  readonly type: 'Point';
  readonly coordinates: Position;
}

export interface MultiPoint {
  readonly type: 'MultiPoint';
  readonly coordinates: readonly Position[];
}

export interface LineString {
  readonly type: 'LineString';
  readonly coordinates: readonly Position[];
}

export interface MultiLineString {
  readonly type: 'MultiLineString';
  readonly coordinates: readonly (readonly Position[])[];
}

/** The outer ring, counter-clockwise with y upwards, then its holes, clockwise; rings are closed. */
export interface Polygon {
  readonly type: 'Polygon';
  readonly coordinates: readonly Ring[];
}

export interface MultiPolygon {
  readonly type: 'MultiPolygon';
  readonly coordinates: readonly (readonly Ring[])[];
}

/** A closed line: the last position is the first again. */
export type Ring = readonly Position[];

/** The geometries of GeoJSON (RFC 7946), except collections. */
export type Geometry = Point | MultiPoint | LineString | MultiLineString | Polygon | MultiPolygon;

export type Properties = Readonly<Record<string, string | number | boolean | null>>;

export interface Feature<G extends Geometry = Geometry, P extends Properties = Properties> {
  readonly type: 'Feature';
  readonly geometry: G;
  readonly properties: P;
}

export interface FeatureCollection<F extends Feature = Feature> {
  readonly type: 'FeatureCollection';
  readonly features: readonly F[];
}

/** A geometry with what is known about it. */
export function feature<G extends Geometry, P extends Properties>(
  geometry: G,
  properties: P,
): Feature<G, P> {
  return { type: 'Feature', geometry, properties };
}

/** Features as one GeoJSON object. */
export function featureCollection<F extends Feature>(features: readonly F[]): FeatureCollection<F> {
  return { type: 'FeatureCollection', features };
}

/** Area inside a ring in the plane, positive where it runs counter-clockwise (y upwards). */
export function signedArea(ring: Ring): number {
  // About the first position: distances keep more digits than coordinates.
  const [x0, y0] = ring[0] ?? [0, 0];
  let twice = 0;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1] ?? [x0, y0];
    const [bx, by] = ring[i] ?? [x0, y0];
    twice += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return twice / 2;
}
