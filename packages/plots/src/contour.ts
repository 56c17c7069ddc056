/** A piece of a contour line, in cell units: x to the east, y to the south, cell centres at halves. */
export type Segment = readonly [x1: number, y1: number, x2: number, y2: number];

/**
 * The line where a field passes through `level`, as unordered pieces (marching squares).
 *
 * Squares with a `NaN` corner have no line: it ends at the coast.
 *
 * @param values `[H,W]`, `NaN` where missing
 */
export function contour(
  values: ArrayLike<number>,
  width: number,
  height: number,
  level: number,
): Segment[] {
  const segments: Segment[] = [];
  for (let row = 0; row + 1 < height; row++) {
    for (let column = 0; column + 1 < width; column++) {
      const at = row * width + column;
      // Corners clockwise from the north-west.
      const corners = [at, at + 1, at + width + 1, at + width].map(
        (i) => (values[i] ?? NaN) - level,
      );
      if (corners.some(Number.isNaN)) continue;
      const points = crossings(corners).map(([x, y]) => [column + 0.5 + x, row + 0.5 + y] as const);
      for (let p = 0; p + 1 < points.length; p += 2) {
        const [a, b] = [points[p], points[p + 1]];
        if (a && b) segments.push([...a, ...b]);
      }
    }
  }
  return segments;
}

/** Where the sides of a unit square are crossed, in pairs that belong together. */
function crossings(corners: readonly number[]): (readonly [number, number])[] {
  const [nw = 0, ne = 0, se = 0, sw = 0] = corners;
  const between = (a: number, b: number) => a / (a - b);
  const north = nw > 0 !== ne > 0 ? ([between(nw, ne), 0] as const) : null;
  const east = ne > 0 !== se > 0 ? ([1, between(ne, se)] as const) : null;
  const south = sw > 0 !== se > 0 ? ([between(sw, se), 1] as const) : null;
  const west = nw > 0 !== sw > 0 ? ([0, between(nw, sw)] as const) : null;
  if (north && east && south && west) {
    // A saddle: the mean of the corners tells which pairs of sides the line joins.
    const joined = nw > 0 === nw + ne + se + sw > 0;
    return joined ? [north, east, south, west] : [north, west, south, east];
  }
  return [north, east, south, west].filter((point) => point !== null);
}
