import { RasterError } from '../errors.js';
import type { Transform } from '../raster.js';
import type { MultiLineString, Position } from './geometry.js';

/**
 * The lines where a field passes a level, such as the ice edge at 15 %: values at or above the
 * level lie on the left. Between the centres of pixels the field counts as linear; lines end where
 * values are missing or the grid ends, and close otherwise.
 *
 * @param field [H,W], NaN where missing: no line runs along coasts and gaps.
 * @param transform of the pixels, in CRS units.
 * @throws RasterError `WrongShape` where the length does not fit
 */
export function contourLines(
  field: Float32Array | Float64Array,
  height: number,
  width: number,
  level: number,
  transform: Transform,
): MultiLineString {
  if (field.length !== height * width) {
    throw new RasterError(
      'WrongShape',
      `Expected a field of ${height} × ${width} = ${height * width} cells. Received: ${field.length}. Give the height and width of the array.`,
    );
  }
  const next = crossings(field, height, width, level);
  const follows = new Set(next.values());
  const lines: Position[][] = [];
  const follow = (start: number) => {
    const line: Position[] = [];
    for (let at: number | undefined = start; at !== undefined;) {
      const position = crossingAt(field, width, level, transform, at);
      const last = line.at(-1);
      if (last?.[0] !== position[0] || last[1] !== position[1]) line.push(position);
      const after: number | undefined = next.get(at);
      next.delete(at);
      at = after;
    }
    if (line.length > 1) lines.push(line);
  };
  for (const start of [...next.keys()]) if (!follows.has(start)) follow(start);
  // What is left goes round; its first crossing comes again at the end.
  for (const start of [...next.keys()]) if (next.has(start)) follow(start);
  return { type: 'MultiLineString', coordinates: lines };
}

/**
 * From crossing to crossing, one step for each square of four centres. A crossing has the number of
 * the pair of centres it lies between: twice the first centre, one more for the pair downwards.
 */
function crossings(
  field: Float32Array | Float64Array,
  height: number,
  width: number,
  level: number,
): Map<number, number> {
  const next = new Map<number, number>();
  for (let row = 0; row + 1 < height; row++) {
    for (let column = 0; column + 1 < width; column++) {
      const cell = row * width + column;
      const a = field[cell] ?? NaN;
      const b = field[cell + 1] ?? NaN;
      const c = field[cell + width + 1] ?? NaN;
      const d = field[cell + width] ?? NaN;
      const sum = a + b + c + d;
      if (Number.isNaN(sum)) continue;
      const corners =
        (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
      if (corners === 0 || corners === 15) continue;
      const top = 2 * cell;
      const left = top + 1;
      const right = 2 * (cell + 1) + 1;
      const bottom = 2 * (cell + width);
      // The sides after the corners, clockwise from the upper left: where the high corners begin and
      // where they end. A step from where they begin to where they end has them on its left.
      const sides = [top, right, bottom, left] as const;
      const begins: number[] = [];
      const ends: number[] = [];
      for (let k = 0; k < 4; k++) {
        const here = (corners >> k) & 1;
        const after = (corners >> ((k + 1) % 4)) & 1;
        if (here === 1 && after === 0) ends.push(k);
        if (here === 0 && after === 1) begins.push(k);
      }
      for (const end of ends) {
        const at = sides[end] ?? top;
        // One stretch of high corners ends where it began; of two, a high centre joins them.
        const joined = begins.length === 2 && sum / 4 >= level;
        const begin = begins.length === 1 ? begins[0] : beginOf(begins, end, joined);
        next.set(sides[begin ?? 0] ?? top, at);
      }
    }
  }
  return next;
}

/** Where the step of a saddle that ends at side `end` begins: round one corner, high or low. */
function beginOf(begins: readonly number[], end: number, joined: boolean): number | undefined {
  const wanted = joined ? (end + 1) % 4 : (end + 3) % 4;
  return begins.find((begin) => begin === wanted);
}

function crossingAt(
  field: Float32Array | Float64Array,
  width: number,
  level: number,
  [x0, dx, rx, y0, ry, dy]: Transform,
  crossing: number,
): Position {
  const cell = Math.floor(crossing / 2);
  const downwards = crossing % 2 === 1;
  const from = field[cell] ?? NaN;
  const to = field[downwards ? cell + width : cell + 1] ?? NaN;
  const part = (level - from) / (to - from);
  const row = Math.floor(cell / width) + 0.5 + (downwards ? part : 0);
  const column = (cell % width) + 0.5 + (downwards ? 0 : part);
  return [x0 + column * dx + row * rx, y0 + column * ry + row * dy];
}
