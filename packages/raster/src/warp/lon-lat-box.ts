import { RasterError } from '../errors.js';

/** A box of longitudes and latitudes, degrees; west above east crosses the dateline. */
export interface LonLatBox {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Points along each edge: arcs of parallels then miss their bulge by metres at most. */
const EDGE_POINTS = 4096;

/** Points along each axis inside. */
const INNER_POINTS = 64;

/** @throws RasterError `InvalidValue` for a box that is none */
export function assertBox(box: LonLatBox): void {
  const { west, south, east, north } = box;
  const isSound =
    [west, east].every((longitude) => longitude >= -360 && longitude <= 360) &&
    south >= -90 &&
    north <= 90 &&
    south < north &&
    west !== east;
  if (isSound) return;
  throw new RasterError(
    'InvalidValue',
    `Expected a box of degrees: south < north within -90 … 90, west to east (west above east crosses the dateline). Received: west ${west}, south ${south}, east ${east}, north ${north}. Use -180 and 180 for all longitudes.`,
  );
}

/** Degrees of longitude that a box spans. */
export function boxWidth({ west, east }: LonLatBox): number {
  return east > west ? Math.min(360, east - west) : east + 360 - west;
}

/** Whether a point lies in a box. */
export function isInBox(box: LonLatBox, longitude: number, latitude: number): boolean {
  const along = longitude - box.west;
  const turned = along - 360 * Math.floor(along / 360);
  return latitude >= box.south && latitude <= box.north && turned <= boxWidth(box);
}

/** Points of a box: dense on its edges, a lattice inside. Longitudes are not wrapped. */
export function boxPoints(box: LonLatBox): readonly [Float64Array, Float64Array] {
  const { west, south, north } = box;
  const width = boxWidth(box);
  const xs: number[] = [];
  const ys: number[] = [];
  const put = (x: number, y: number): void => {
    xs.push(west + x * width);
    ys.push(south + y * (north - south));
  };
  for (let i = 0; i <= EDGE_POINTS; i++) {
    const part = i / EDGE_POINTS;
    put(part, 0);
    put(part, 1);
    put(0, part);
    put(1, part);
  }
  for (let i = 1; i < INNER_POINTS; i++) {
    for (let j = 1; j < INNER_POINTS; j++) put(i / INNER_POINTS, j / INNER_POINTS);
  }
  return [Float64Array.from(xs), Float64Array.from(ys)];
}
