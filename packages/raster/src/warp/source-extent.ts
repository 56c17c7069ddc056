import type { CellBox } from './chunks.js';
import type { Grid } from './grid.js';
import type { PixelMap } from './pixel-map.js';

/** The part of the source's plane under a box of target cells, in source pixels. */
export interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Sampled points without an image. */
  readonly failed: number;
}

/** Points along each axis at which the extent is sampled. */
const STEPS = 21;

/**
 * The extent under a box, from points on its edges, or from a lattice of them where a pole lies on
 * the target or an edge has no image. Null where hardly any point has one.
 *
 * @param back - from source pixels to target pixels
 */
export function sourceExtent(
  map: PixelMap,
  back: PixelMap,
  source: Grid,
  box: CellBox,
  useLattice: boolean,
): Extent | null {
  if (!useLattice) {
    const found = boundsOf(map, edges(box));
    if (found.failed === 0) return rounded(found);
  }
  const found = boundsOf(map, lattice(box));
  if (found.failed > found.count - 5) return null;
  let { left, right, top, bottom } = found;
  // Where the way back from target to source fails, source points that fall on the box help.
  const [columns, rows] = lattice({
    firstRow: 0,
    firstColumn: 0,
    rows: source.height,
    columns: source.width,
  });
  const [us, vs] = [columns.slice(), rows.slice()];
  back.toSource(us, vs);
  for (let i = 0; i < us.length; i++) {
    const u = (us[i] as number) - box.firstColumn; // all four arrays are alike
    const v = (vs[i] as number) - box.firstRow;
    if (!(u >= 0 && u <= box.columns && v >= 0 && v <= box.rows)) continue;
    left = Math.min(left, columns[i] as number);
    right = Math.max(right, columns[i] as number);
    top = Math.min(top, rows[i] as number);
    bottom = Math.max(bottom, rows[i] as number);
  }
  return rounded({ left, right, top, bottom, failed: found.failed });
}

/** Bounds that are whole but for rounding are whole. */
function rounded({ left, right, top, bottom, failed }: Extent): Extent {
  const round = (value: number): number =>
    Math.abs(Math.round(value) - value) < 1e-6 ? Math.round(value) : value;
  return { left: round(left), right: round(right), top: round(top), bottom: round(bottom), failed };
}

type Points = readonly [Float64Array, Float64Array];

function boundsOf(map: PixelMap, [xs, ys]: Points): Extent & { readonly count: number } {
  map.toSource(xs, ys);
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  let failed = 0;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] as number; // i is below both lengths
    const y = ys[i] as number;
    if (Number.isFinite(x) && Number.isFinite(y)) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    } else failed++;
  }
  return { left, right, top, bottom, failed, count: xs.length };
}

function edges({ firstRow, firstColumn, rows, columns }: CellBox): Points {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    const x = firstColumn + (i / (STEPS - 1)) * columns;
    const y = firstRow + (i / (STEPS - 1)) * rows;
    xs.push(x, x, firstColumn, firstColumn + columns);
    ys.push(firstRow, firstRow + rows, y, y);
  }
  return [Float64Array.from(xs), Float64Array.from(ys)];
}

function lattice({ firstRow, firstColumn, rows, columns }: CellBox): Points {
  // The outermost cells are sampled in their middle too, as their edge may have no image.
  const parts = (cells: number): readonly number[] => [
    0.5 / cells,
    ...Array.from({ length: STEPS }, (_, i) => i / (STEPS - 1)),
    1 - 0.5 / cells,
  ];
  const across = parts(columns);
  const down = parts(rows);
  const xs = down.flatMap(() => across.map((part) => firstColumn + part * columns));
  const ys = down.flatMap((part) => across.map(() => firstRow + part * rows));
  return [Float64Array.from(xs), Float64Array.from(ys)];
}
