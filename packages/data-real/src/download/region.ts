import { DataRealError } from '../errors.js';

/** West, south, east, north in degrees; west > east crosses the dateline. */
export type Region = readonly [west: number, south: number, east: number, north: number];

/** @throws DataRealError `InvalidOption` */
export function checkRegion(region: readonly number[]): Region {
  const [west = NaN, south = NaN, east = NaN, north = NaN] = region;
  const isLongitude = (value: number) => value >= -180 && value <= 180;
  const isBox =
    region.length === 4 &&
    isLongitude(west) &&
    isLongitude(east) &&
    west !== east &&
    south >= -90 &&
    north <= 90 &&
    south < north;
  if (isBox) return [west, south, east, north];
  throw new DataRealError(
    'InvalidOption',
    `Expected a region as west, south, east, north in degrees (west greater than east across the dateline). Received: ${JSON.stringify(region)}. Write it like -30, 70, 10, 85.`,
  );
}

/** The region as WKT polygons, cut at the dateline. */
export function regionWkt([west, south, east, north]: Region): string {
  const ring = (from: number, to: number) =>
    `((${from} ${south},${to} ${south},${to} ${north},${from} ${north},${from} ${south}))`;
  return west < east
    ? `POLYGON${ring(west, east)}`
    : `MULTIPOLYGON(${ring(west, 180)},${ring(-180, east)})`;
}
