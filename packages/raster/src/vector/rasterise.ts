import type { Transform } from '../raster.js';

/** Arrays that polygons can be burnt into. */
export type BurnArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** The part of a grid that burning needs: rows from the north, `transform` without rotation. */
export interface BurnGrid {
  readonly height: number;
  readonly width: number;
  readonly transform: Transform;
}

/** A polygon in the coordinates of the grid. */
export interface BurnPolygon {
  /**
   * Outer rings and holes alike, x and y in turn ([x0, y0, x1, y1, …]), closed or not, in any
   * direction: a point is inside where a ray from it crosses the rings an odd number of times.
   */
  readonly rings: readonly Float64Array[];
  /** What its pixels get. */
  readonly value: number;
}

/** Crossings held at once (8 bytes each): bounds memory for huge polygons on huge grids. */
const CROSSINGS_AT_ONCE = 1 << 22;

/**
 * A gap in a polygon narrower than this is a crack between edges that are one but for rounding,
 * such as both sides of the dateline: on EPSG:3413 that runs right through pixel centres.
 */
const CRACK_PIXELS = 1e-6;

/**
 * Burns polygons into `out`, [H,W]. A pixel gets the value of the last polygon that holds its
 * centre, and keeps what it had where none does. This is the rule of GDAL (rasterio's
 * `features.rasterize` without `all_touched`).
 *
 * @param out row-major, `grid.height * grid.width` elements.
 */
export function rasteriseInto(
  out: BurnArray,
  grid: BurnGrid,
  polygons: Iterable<BurnPolygon>,
): void {
  for (const { rings, value } of polygons) {
    const scan = new PolygonScan(rings, grid);
    scan.fill((row, from, to) => {
      const start = row * grid.width;
      out.fill(value, start + from, start + to);
    });
  }
}

/** One polygon in pixel coordinates, scanned row by row; a class as its buffers have a life. */
class PolygonScan {
  readonly #rings: Float64Array[] = [];
  readonly #width: number;
  readonly #firstRow: number;
  readonly #endRow: number;

  constructor(rings: readonly Float64Array[], { height, width, transform }: BurnGrid) {
    const [x0, dx, , y0, , dy] = transform;
    this.#width = width;
    let top = Infinity;
    let bottom = -Infinity;
    for (const ring of rings) {
      const pixels = new Float64Array(ring.length);
      for (let i = 0; i + 1 < ring.length; i += 2) {
        const y = (at(ring, i + 1) - y0) / dy;
        pixels[i] = (at(ring, i) - x0) / dx;
        pixels[i + 1] = y;
        if (y < top) top = y;
        if (y > bottom) bottom = y;
      }
      this.#rings.push(pixels);
    }
    this.#firstRow = Math.max(0, rowBelow(top));
    this.#endRow = Math.min(height, rowBelow(bottom));
  }

  /** Calls `burn` with runs of pixels [from, to) that lie inside. */
  fill(burn: (row: number, from: number, to: number) => void): void {
    if (!(this.#endRow > this.#firstRow)) return;
    const counts = this.#crossingsPerRow();
    for (let first = this.#firstRow; first < this.#endRow;) {
      const offsets: number[] = [0];
      let total = 0;
      let end = first;
      while (end < this.#endRow) {
        const more = at(counts, end - this.#firstRow);
        if (total > 0 && total + more > CROSSINGS_AT_ONCE) break;
        total += more;
        end += 1;
        offsets.push(total);
      }
      if (total > 0) this.#fillRows(first, end, offsets, burn);
      first = end;
    }
  }

  #crossingsPerRow(): Int32Array {
    const steps = new Int32Array(this.#endRow - this.#firstRow + 1);
    this.#eachEdge(this.#firstRow, this.#endRow, (_x1, _y1, _x2, _y2, from, to) => {
      steps[from - this.#firstRow] = at(steps, from - this.#firstRow) + 1;
      steps[to - this.#firstRow] = at(steps, to - this.#firstRow) - 1;
    });
    for (let i = 1; i < steps.length; i++) steps[i] = at(steps, i) + at(steps, i - 1);
    return steps;
  }

  #fillRows(
    first: number,
    end: number,
    offsets: readonly number[],
    burn: (row: number, from: number, to: number) => void,
  ): void {
    const crossings = new Float64Array(offsets[end - first] ?? 0);
    const next = Int32Array.from(offsets);
    this.#eachEdge(first, end, (x1, y1, x2, y2, from, to) => {
      for (let row = from; row < to; row++) {
        const slot = at(next, row - first);
        crossings[slot] = ((row + 0.5 - y1) * (x2 - x1)) / (y2 - y1) + x1;
        next[row - first] = slot + 1;
      }
    });
    for (let row = first; row < end; row++) {
      const inRow = crossings.subarray(offsets[row - first], offsets[row - first + 1]).sort();
      for (let i = 0, last = 1; last < inRow.length; i = last + 1, last = i + 1) {
        while (last + 1 < inRow.length && at(inRow, last + 1) - at(inRow, last) < CRACK_PIXELS) {
          last += 2;
        }
        const from = Math.max(0, Math.floor(at(inRow, i) + 0.5));
        const to = Math.min(this.#width, Math.floor(at(inRow, last) + 0.5));
        if (to > from) burn(row, from, to);
      }
    }
  }

  /** Edges, downwards, that cross centres of rows [from, to) inside [first, end). */
  #eachEdge(
    first: number,
    end: number,
    visit: (x1: number, y1: number, x2: number, y2: number, from: number, to: number) => void,
  ): void {
    for (const ring of this.#rings) {
      if (ring.length < 6) continue;
      let x1 = at(ring, ring.length - 2);
      let y1 = at(ring, ring.length - 1);
      for (let i = 0; i < ring.length; i += 2) {
        const x2 = at(ring, i);
        const y2 = at(ring, i + 1);
        const down = y1 < y2;
        const from = Math.max(first, rowBelow(down ? y1 : y2));
        const to = Math.min(end, rowBelow(down ? y2 : y1));
        if (to > from) {
          if (down) visit(x1, y1, x2, y2, from, to);
          else visit(x2, y2, x1, y1, from, to);
        }
        x1 = x2;
        y1 = y2;
      }
    }
  }
}

/** The first row whose centre lies at `y` or below it. */
function rowBelow(y: number): number {
  return Math.ceil(y - 0.5);
}

function at(values: Float64Array | Int32Array, index: number): number {
  return values[index] as number; // callers stay inside
}
