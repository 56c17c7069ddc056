import { isGeographic } from '../crs/crs.js';
import { lonLatRingArea } from './area-authalic.js';
import { nestingDepths } from './area-nesting.js';
import { projectRings } from './rasterise-project.js';
import { unwrapRings } from './rasterise-unwrap.js';

/** Degrees (a centimetre) that an edge of a projected ring may leave its course in lon-lat. */
const TOLERANCE_DEGREES = 1e-7;

/**
 * True area of a polygon on the WGS84 ellipsoid, km². Edges are straight lines in the polygon's
 * own CRS: in lon-lat on the plate carrée, over the dateline the short way.
 *
 * @param rings [x0, y0, x1, y1, …] each: outer rings and holes in any order and direction, which
 * do not cross each other.
 * @throws RasterError `UnsupportedFormat` for a CRS that is not understood, `InvalidValue` for
 * coordinates outside it.
 *
 * @example
 * ```ts
 * const tile = Float64Array.from([0, 80, 10, 80, 10, 81, 0, 81, 0, 80]);
 * Math.round(polygonAreaKm2([tile], 'EPSG:4326')); // 20583
 * ```
 */
export function polygonAreaKm2(rings: readonly Float64Array[], crs: string): number {
  const lonLat =
    crs === 'EPSG:4326' || isGeographic(crs)
      ? unwrapRings(rings)
      : projectRings(rings, { from: crs, to: 'EPSG:4326', tolerance: TOLERANCE_DEGREES });
  const depths = lonLat.length > 1 ? nestingDepths(lonLat) : [0];
  return lonLat.reduce(
    (sum, ring, i) => sum + ((depths[i] ?? 0) % 2 === 0 ? 1 : -1) * lonLatRingArea(ring),
    0,
  );
}
