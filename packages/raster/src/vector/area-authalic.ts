/** WGS84. */
const SEMI_MAJOR_KM = 6378.137;
const FLATTENING = 1 / 298.257223563;
const E2 = FLATTENING * (2 - FLATTENING);
const E = Math.sqrt(E2);

const RADIANS = Math.PI / 180;

/** Edges are integrated in pieces of at most this many degrees of latitude. */
const PIECE_DEGREES = 5;

/** Gauss-Legendre nodes and weights of three points on −1..1: exact to degree 5. */
const NODE = Math.sqrt(3 / 5);
const WEIGHTS = [5 / 18, 4 / 9, 5 / 18] as const;

/**
 * Area on the WGS84 ellipsoid inside a closed lon-lat ring of continuous longitudes (see
 * `unwrapRings`), km², at least 0. Edges are straight lines on the plate carrée.
 *
 * By Green's theorem the area is ∮ q(φ) dλ · a²/2, where q is the authalic function (Snyder 1987,
 * eq. 3-12): exact along parallels and meridians, and to 1e-10 between, where the mean of q is
 * taken by quadrature.
 *
 * @param ring degrees, [lon0, lat0, lon1, lat1, …].
 */
export function lonLatRingArea(ring: Float64Array): number {
  // Measured from a latitude of the ring, small rings lose no digits.
  const zero = authalic(ring[1] ?? 0);
  let sum = 0;
  for (let i = 0; i + 3 < ring.length; i += 2) {
    const width = (ring[i + 2] ?? 0) - (ring[i] ?? 0);
    if (width !== 0) sum += width * (meanAuthalic(ring[i + 1] ?? 0, ring[i + 3] ?? 0) - zero);
  }
  return Math.abs(sum) * RADIANS * (SEMI_MAJOR_KM ** 2 / 2);
}

/** Mean of q along an edge from one latitude to the other, degrees. */
function meanAuthalic(from: number, to: number): number {
  if (from === to) return authalic(from);
  const pieces = Math.ceil(Math.abs(to - from) / PIECE_DEGREES);
  const step = (to - from) / pieces;
  let sum = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const middle = from + (piece + 0.5) * step;
    sum +=
      WEIGHTS[0] * authalic(middle - (NODE * step) / 2) +
      WEIGHTS[1] * authalic(middle) +
      WEIGHTS[2] * authalic(middle + (NODE * step) / 2);
  }
  return sum / pieces;
}

/** Snyder's q of a latitude in degrees. */
function authalic(latitude: number): number {
  const s = Math.sin(latitude * RADIANS);
  return (1 - E2) * (s / (1 - E2 * s * s) + Math.atanh(E * s) / E);
}
