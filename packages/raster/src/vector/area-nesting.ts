interface Box {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/**
 * For each ring of a polygon, how many of the others hold it: even for land (outer rings, islands
 * in holes), odd for holes. The direction of rings is not trusted: files often have it wrong.
 *
 * @param rings [x0, y0, …] each, continuous longitudes on one turn (see `unwrapRings`); rings may
 * touch but not cross.
 */
export function nestingDepths(rings: readonly Float64Array[]): number[] {
  const boxes = rings.map(boxOf);
  return rings.map((ring, i) => {
    let depth = 0;
    rings.forEach((other, j) => {
      const [inner, outer] = [boxes[i], boxes[j]];
      if (i === j || !inner || !outer || !holds(outer, inner)) return;
      // Two copies of one ring: the later one counts as inside.
      if (holds(inner, outer) && i < j && other.length === ring.length) return;
      if (ringHoldsRing(other, ring)) depth += 1;
    });
    return depth;
  });
}

/** Whether the first vertex of `inner` that is not on `outer` lies inside it. */
function ringHoldsRing(outer: Float64Array, inner: Float64Array): boolean {
  for (let i = 0; i < inner.length; i += 2) {
    const side = pointInRing(outer, inner[i] ?? 0, inner[i + 1] ?? 0);
    if (side !== 'on') return side === 'in';
  }
  return true;
}

function pointInRing(ring: Float64Array, x: number, y: number): 'in' | 'out' | 'on' {
  let inside = false;
  let x1 = ring.at(-2) ?? 0;
  let y1 = ring.at(-1) ?? 0;
  for (let i = 0; i < ring.length; i += 2) {
    const x2 = ring[i] ?? 0;
    const y2 = ring[i + 1] ?? 0;
    const side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1);
    const between = (x1 <= x ? x <= x2 : x2 <= x) && (y1 <= y ? y <= y2 : y2 <= y);
    if (side === 0 && between) return 'on';
    if (y1 > y !== y2 > y && side > 0 === y2 > y1) inside = !inside;
    x1 = x2;
    y1 = y2;
  }
  return inside ? 'in' : 'out';
}

function boxOf(ring: Float64Array): Box {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const x = ring[i] ?? 0;
    const y = ring[i + 1] ?? 0;
    if (x < west) west = x;
    if (x > east) east = x;
    if (y < south) south = y;
    if (y > north) north = y;
  }
  return { west, east, south, north };
}

function holds(outer: Box, inner: Box): boolean {
  return (
    outer.west <= inner.west &&
    outer.east >= inner.east &&
    outer.south <= inner.south &&
    outer.north >= inner.north
  );
}
