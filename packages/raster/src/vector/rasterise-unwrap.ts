import { RasterError } from '../errors.js';

/** A ring whose longitudes run on without jumps. */
export interface UnwrappedRing {
  /** Degrees, [lon0, lat0, lon1, …], first point repeated at the end (360° further if round a pole). */
  readonly ring: Float64Array;
  /** 360 or −360 where the ring goes round a pole (multiples are possible), else 0. */
  readonly winding: number;
}

/** How near to ±180 a vertex counts as on the edge of the map: files keep about 1e-6 degrees. */
const SEAM_DEGREES = 1e-4;

/** Longitudes of files lie within two turns; latitudes may be over 90 by rounding. */
const FURTHEST = { lon: 720, lat: 90.001 } as const;

/**
 * A lon-lat ring with its longitudes made continuous, so that it can be densified, measured and
 * filled: an edge of more than 180° is one that crosses the dateline and takes the short way.
 *
 * An edge from −180 to 180 is ambiguous: part of a frame round the map (the short side of a band
 * −180..180, or the closing along 90° N) or a crossing at the dateline itself. It is the frame's
 * where the ring also runs along the ±180 meridian beside it and closes that way.
 *
 * @throws RasterError `InvalidValue` for coordinates that are no degrees.
 */
export function unwrapRing(ring: Float64Array): UnwrappedRing {
  assertDegrees(ring);
  const points = openLength(ring);
  const lon = (i: number): number => ring[2 * (((i % points) + points) % points)] ?? 0;
  const lat = (i: number): number => ring[2 * (((i % points) + points) % points) + 1] ?? 0;
  let ordinary = 0;
  let long = 0;
  const frame = new Set<number>();
  for (let i = 0; i < points; i++) {
    const step = lon(i + 1) - lon(i);
    if (onSeam(lon(i)) && onSeam(lon(i + 1)) && Math.abs(step) > 180) {
      const along =
        (onSeam(lon(i - 1)) && lon(i - 1) * lon(i) > 0 && lat(i - 1) !== lat(i)) ||
        (onSeam(lon(i + 2)) && lon(i + 2) * lon(i + 1) > 0 && lat(i + 2) !== lat(i + 1));
      if (along) {
        frame.add(i);
        long += step;
        continue;
      }
    }
    ordinary += shortWay(step);
  }
  // A ring that closes without its long edges does not need them.
  if (turns(ordinary + long) !== 0 && turns(ordinary) === 0) frame.clear();
  const out = new Float64Array(2 * points + 2);
  let current = lon(0);
  for (let i = 0; i <= points; i++) {
    out[2 * i] = current;
    out[2 * i + 1] = lat(i);
    const step = lon(i + 1) - lon(i);
    current += frame.has(i) ? step : shortWay(step);
  }
  const winding = turns((out[2 * points] ?? 0) - lon(0)) * 360;
  out[2 * points] = lon(0) + winding; // sums of steps leave a rest of 1e-13
  return { ring: out, winding };
}

/**
 * The lon-lat rings of a polygon with continuous longitudes, all on the turn of the first, and
 * rings round a pole closed along it (the pole of the hemisphere that they lie in).
 *
 * @throws RasterError `InvalidValue` for coordinates that are no degrees.
 */
export function unwrapRings(rings: readonly Float64Array[]): Float64Array[] {
  const out: Float64Array[] = [];
  let middle: number | undefined;
  for (const original of rings) {
    if (original.length < 6) continue;
    const { ring, winding } = unwrapRing(original);
    const { low, high } = spanOf(ring);
    const centre = (low + high) / 2;
    middle ??= centre;
    const shifted = turned(ring, Math.round((middle - centre) / 360));
    out.push(winding === 0 ? shifted : closedAtPole(shifted));
  }
  return out;
}

/**
 * Copies of lon-lat rings, whole turns apart, wherever one touches [west, east]: a polygon that
 * runs beyond the edge of a map comes in again at the other, and one that laps over its own end
 * round the pole is right where an odd number of copies lie.
 */
export function repeatRings(
  rings: readonly Float64Array[],
  west: number,
  east: number,
): Float64Array[] {
  return rings.flatMap((ring) => {
    const { low, high } = spanOf(ring);
    const copies: Float64Array[] = [];
    for (let turn = Math.ceil((west - high) / 360); low + 360 * turn <= east; turn++) {
      copies.push(turned(ring, turn));
    }
    return copies;
  });
}

/** 90 or −90: the pole that a ring round one of them holds. */
function poleOf(ring: Float64Array): 90 | -90 {
  let sum = 0;
  for (let i = 1; i < ring.length; i += 2) sum += ring[i] ?? 0;
  return sum >= 0 ? 90 : -90;
}

function closedAtPole(ring: Float64Array): Float64Array {
  const pole = poleOf(ring);
  return Float64Array.from([...ring, ring.at(-2) ?? 0, pole, ring[0] ?? 0, pole]);
}

function turned(ring: Float64Array, turns: number): Float64Array {
  return turns === 0 ? ring : ring.map((value, i) => (i % 2 === 0 ? value + 360 * turns : value));
}

/** Smallest and largest longitude. */
function spanOf(ring: Float64Array): { readonly low: number; readonly high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < ring.length; i += 2) {
    const x = ring[i] ?? 0;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  return { low, high };
}

/** Points of a ring without the repeated last one. */
function openLength(ring: Float64Array): number {
  const points = ring.length >> 1;
  const closed = points > 1 && ring[0] === ring[2 * points - 2] && ring[1] === ring[2 * points - 1];
  return closed ? points - 1 : points;
}

function assertDegrees(ring: Float64Array): void {
  for (let i = 0; i < ring.length; i++) {
    const value = ring[i] ?? 0;
    if (Math.abs(value) <= (i % 2 === 0 ? FURTHEST.lon : FURTHEST.lat)) continue;
    throw new RasterError(
      'InvalidValue',
      `expected longitudes and latitudes in degrees. Received: ${value}. Check the CRS of the polygons.`,
    );
  }
}

function onSeam(lon: number): boolean {
  return Math.abs(Math.abs(lon) - 180) < SEAM_DEGREES;
}

function shortWay(step: number): number {
  return step > 180 || step < -180 ? step - 360 * Math.round(step / 360) : step;
}

function turns(degrees: number): number {
  return Math.round(degrees / 360);
}
