import type { Position, Ring } from './geometry.js';

/** Lengths in degrees along the edge of the map, counter-clockwise from its lower right corner. */
const ROUND = 1080;
const CORNERS: readonly (readonly [at: number, corner: Position])[] = [
  [180, [180, 90]],
  [540, [-180, 90]],
  [720, [-180, -90]],
  [1080, [180, -90]],
];

/** Places this near along the edge are one. */
const TOUCHING = 1e-9;

/**
 * Closes the pieces of rings that were cut at the edge of the map, of -180 to 180 and -90 to 90
 * degrees: from the end of each along the edge, counter-clockwise as their inside lies on the
 * left, to the beginning of the next. Poles inside come in by that way.
 */
export function joinPieces(pieces: readonly (readonly Position[])[]): readonly Ring[] {
  const open = pieces
    .map((piece) => ({ piece, start: edgePlace(piece[0]), end: edgePlace(piece.at(-1)) }))
    .sort((a, b) => a.start - b.start);
  const rings: Ring[] = [];
  while (open.length > 0) {
    const first = open.shift();
    if (!first) break;
    const parts: (readonly Position[])[] = [first.piece];
    for (let at = first.end; ;) {
      const found = open.findIndex(({ start }) => start >= at - TOUCHING);
      const index = found < 0 && open.length > 0 ? 0 : found;
      const next = open[index];
      const home = ahead(at, first.start);
      if (!next || home <= ahead(at, next.start)) {
        parts.push(cornersBetween(at, home), first.piece.slice(0, 1));
        break;
      }
      open.splice(index, 1);
      parts.push(cornersBetween(at, ahead(at, next.start)), next.piece);
      at = next.end;
    }
    rings.push(parts.flat());
  }
  return rings;
}

/** The way from one place on to another. */
function ahead(from: number, to: number): number {
  return to >= from - TOUCHING ? to - from : to + ROUND - from;
}

function cornersBetween(from: number, way: number): readonly Position[] {
  return [0, ROUND].flatMap((lap) =>
    CORNERS.flatMap(([at, corner]) => {
      const place = at + lap - from;
      return place > TOUCHING && place < way - TOUCHING ? [corner] : [];
    }),
  );
}

/** Where a position on the edge lies along it. */
function edgePlace([lon, lat]: Position = [180, -90]): number {
  if (lat >= 90) return 180 + (180 - lon);
  if (lat <= -90) return (720 + (180 + lon)) % ROUND;
  return lon > 0 ? 90 + lat : 540 + (90 - lat);
}
