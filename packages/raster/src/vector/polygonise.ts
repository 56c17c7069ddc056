import { RasterError } from '../errors.js';
import type { Transform } from '../raster.js';
import type { Polygon, Position } from './geometry.js';
import { labelRegions } from './label-regions.js';

export interface PolygoniseOptions {
  /** Where the corners of the pixels lie; any north-up or rotated grid. */
  readonly transform: Transform;
  /** Values whose regions are wanted. @default all */
  readonly values?: readonly number[];
  /** [H,W] 1 where a cell has a value; others belong to no region. @default 1 everywhere */
  readonly mask?: Uint8Array;
}

/** A connected region of one value. */
export interface ClassRegion {
  readonly value: number;
  /** Number of pixels. */
  readonly cells: number;
  /** Along the pixels' edges, in CRS coordinates. */
  readonly geometry: Polygon;
}

/** Steps along the corners, counter-clockwise on the map: west, south, east, north. */
const ROW_STEP = [0, 1, 0, -1] as const;
const COLUMN_STEP = [-1, 0, 1, 0] as const;

/**
 * The outlines of the regions of equal class, in the order of their first pixels (row by row).
 * Pixels are of one region where they touch along an edge; outlines are exact, their rings simple
 * (they may touch one another at corners), outer rings counter-clockwise and holes clockwise.
 *
 * Time and memory are linear in the pixels.
 *
 * @param classes [H,W] uint8.
 * @throws RasterError `WrongShape` where lengths do not fit
 */
export function polygonise(
  classes: Uint8Array,
  height: number,
  width: number,
  options: PolygoniseOptions,
): readonly ClassRegion[] {
  const { transform, values, mask } = options;
  for (const [name, array] of Object.entries({ classes, ...(mask && { mask }) })) {
    if (array.length === height * width) continue;
    throw new RasterError(
      'WrongShape',
      `Expected ${name} of ${height} × ${width} = ${height * width} cells. Received: ${array.length}. Give the height and width of the array.`,
    );
  }
  const wanted = Uint8Array.from({ length: 256 }, (_, k) =>
    !values || values.includes(k) ? 1 : 0,
  );
  const inside = classes.map((value, cell) => (mask?.[cell] === 0 ? 0 : (wanted[value] ?? 0)));
  const { labels, count } = labelRegions(classes, inside, height, width);
  const cells = new Int32Array(count);
  const rings: Position[][][] = Array.from({ length: count }, () => []);
  const value = new Uint8Array(count);
  // Every ring runs along the upper edge of some pixel of its region; outer rings come first.
  const seen = new Uint8Array(labels.length);
  for (let cell = 0; cell < labels.length; cell++) {
    const label = labels[cell] ?? -1;
    if (label < 0) continue;
    cells[label] = (cells[label] ?? 0) + 1;
    value[label] = classes[cell] ?? 0;
    const above = cell < width ? -1 : labels[cell - width];
    if (above === label || seen[cell] === 1) continue;
    rings[label]?.push(traceRing(labels, height, width, cell, seen, transform));
  }
  return rings.map((coordinates, label) => ({
    value: value[label] ?? 0,
    cells: cells[label] ?? 0,
    geometry: { type: 'Polygon', coordinates },
  }));
}

/** Walks round a region with it on the left, from the upper right corner of `cell` westwards. */
function traceRing(
  labels: Int32Array,
  height: number,
  width: number,
  cell: number,
  seen: Uint8Array,
  transform: Transform,
): Position[] {
  const label = labels[cell];
  const isInside = (row: number, column: number) =>
    row >= 0 &&
    row < height &&
    column >= 0 &&
    column < width &&
    labels[row * width + column] === label;
  const startRow = Math.floor(cell / width);
  const startColumn = (cell % width) + 1;
  const ring: Position[] = [];
  let row = startRow;
  let column = startColumn;
  let heading = 0;
  do {
    if (heading === 0) seen[row * width + column - 1] = 1;
    row += ROW_STEP[heading] ?? 0;
    column += COLUMN_STEP[heading] ?? 0;
    // The pixels ahead of the corner, on the left and the right of the way.
    const down = ROW_STEP[heading] ?? 0;
    const east = COLUMN_STEP[heading] ?? 0;
    const aheadRow = row + (down - 1) / 2;
    const aheadColumn = column + (east - 1) / 2;
    const right = isInside(aheadRow + east / 2, aheadColumn - down / 2);
    const left = isInside(aheadRow - east / 2, aheadColumn + down / 2);
    // At a corner where pixels touch diagonally the way goes over to the other one, so that no
    // ring passes a corner twice.
    const turned = right ? (heading + 3) % 4 : left ? heading : (heading + 1) % 4;
    if (turned !== heading) ring.push(cornerAt(transform, row, column));
    heading = turned;
  } while (row !== startRow || column !== startColumn);
  const [first] = ring;
  if (first) ring.push(first);
  return ring;
}

function cornerAt([x0, dx, rx, y0, ry, dy]: Transform, row: number, column: number): Position {
  return [x0 + column * dx + row * rx, y0 + column * ry + row * dy];
}
