import type { CodingStyle } from './codestream.js';

/**
 * The smallest coordinate at which a tile that spans [from, to) of the reference grid can lie
 * without a change to how it is coded.
 *
 * Wavelets split even from odd coordinates, and precincts and code-blocks are cut at multiples of
 * their sizes, so a tile can move only by what keeps all of these where they are within the tile.
 * Moved close to the origin, a tile is an image that takes no more memory than itself.
 *
 * @param axis 0 for x, 1 for y.
 */
export function nearestEquivalent(
  from: number,
  to: number,
  styles: readonly CodingStyle[],
  axis: 0 | 1,
): number {
  const levels = Math.max(...styles.map((style) => style.levels));
  for (let step = 2 ** levels; step <= from; step *= 2) {
    const nearer = from % step;
    if (styles.every((style) => isSameCut(from, to, from - nearer, style, axis))) return nearer;
  }
  return from;
}

function isSameCut(
  from: number,
  to: number,
  shift: number,
  style: CodingStyle,
  axis: 0 | 1,
): boolean {
  const block = axis === 0 ? style.blockWidth : style.blockHeight;
  return style.precincts.every((sizes, resolution) => {
    const precinct = sizes[axis];
    const down = 2 ** (style.levels - resolution);
    if (!staysCut(from / down, to / down, shift / down, 2 ** precinct)) return false;
    // The smallest resolution is one band, every other one the low and high halves of the next.
    const band = resolution === 0 ? down : 2 * down;
    const size = 2 ** Math.min(block, resolution === 0 ? precinct : precinct - 1);
    return [0, resolution === 0 ? 0 : down].every((offset) =>
      staysCut((from - offset) / band, (to - offset) / band, shift / band, size),
    );
  });
}

/** Whether cuts at multiples of `size` fall on the same samples after the shift. */
function staysCut(from: number, to: number, shift: number, size: number): boolean {
  if (shift % size === 0) return true;
  return !hasCut(from, to, size) && !hasCut(from - shift, to - shift, size);
}

function hasCut(from: number, to: number, size: number): boolean {
  return (Math.floor(Math.ceil(from) / size) + 1) * size < Math.ceil(to);
}
