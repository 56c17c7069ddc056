/** A box in degrees, -180…180; it crosses the dateline where `west` lies above `east`. */
export interface Box {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/** Degrees to two decimals, -180…180. */
const round = (value: number) => Math.round(value * 100) / 100;

function wrap(longitude: number): number {
  const turned = ((((longitude + 180) % 360) + 360) % 360) - 180;
  return round(turned);
}

/** Degrees of longitude from the western edge to the eastern one, above 0, at most 360. */
export function widthOf({ west, east }: Box): number {
  return east > west ? Math.min(360, east - west) : east + 360 - west;
}

/**
 * The box between two corners of a drag.
 *
 * @param turn degrees of longitude that the pointer went round the pole, east positive: which of the two ways
 *   round is meant.
 */
export function boxOfDrag(
  from: readonly [longitude: number, latitude: number],
  to: readonly [longitude: number, latitude: number],
  turn: number,
): Box {
  const south = round(Math.min(from[1], to[1]));
  const north = round(Math.max(from[1], to[1]));
  if (Math.abs(turn) >= 360) return { west: -180, east: 180, south, north };
  const [west, east] = turn >= 0 ? [from[0], from[0] + turn] : [from[0] + turn, from[0]];
  const end = wrap(east);
  return { west: wrap(west), east: end === -180 ? 180 : end, south, north };
}

/** The way from one longitude to another that is at most half a turn, east positive. */
export function turnBetween(from: number, to: number): number {
  return ((((to - from + 180) % 360) + 360) % 360) - 180;
}

/** What is wrong with a box, as a sentence; null where it is one. */
export function faultOf({ west, east, south, north }: Box): string | null {
  if (![west, east, south, north].every(Number.isFinite)) return 'Give all four edges in degrees.';
  if (Math.abs(west) > 180 || Math.abs(east) > 180)
    return 'West and east: expected -180 to 180 degrees.';
  if (Math.abs(south) > 90 || Math.abs(north) > 90)
    return 'South and north: expected -90 to 90 degrees.';
  if (south >= north) return 'Expected the southern edge below the northern one.';
  if (west === east) return 'Expected a box of some width; -180 and 180 take all longitudes.';
  return null;
}

/** The corners of a box and points between them along its parallels, [lon, lat], a closed ring. */
export function outlineOf(box: Box): readonly (readonly [number, number])[] {
  const { west, south, north } = box;
  const width = widthOf(box);
  const steps = Math.max(2, Math.ceil(width));
  const along = Array.from({ length: steps + 1 }, (_, i) => west + (i / steps) * width);
  const ring = [
    ...along.map((longitude) => [longitude, south] as const),
    ...[...along].reverse().map((longitude) => [longitude, north] as const),
  ];
  const [first = [west, south] as const] = ring;
  return [...ring, first];
}
