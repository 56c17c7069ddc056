import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rasteriseInto, type BurnGrid } from '../../src/vector/rasterise.js';

const unit = (height: number, width: number): BurnGrid => ({
  height,
  width,
  transform: [0, 1, 0, height, 0, -1],
});

const ring = (...coordinates: number[]): Float64Array => Float64Array.from(coordinates);

const box = (west: number, south: number, east: number, north: number): Float64Array =>
  ring(west, south, east, south, east, north, west, north);

function burnt(grid: BurnGrid, rings: readonly Float64Array[]): Uint8Array {
  const out = new Uint8Array(grid.height * grid.width);
  rasteriseInto(out, grid, [{ rings, value: 1 }]);
  return out;
}

describe('rasteriseInto', () => {
  it('burns the pixels that rasterio burns', () => {
    const outer = ring(
      29.81,
      15.06,
      29.26,
      15.18,
      25.29,
      14.48,
      17.31,
      19.89,
      13.6,
      20.94,
      11.43,
      15.38,
      7.07,
      16.59,
      8.55,
      14.62,
      2.45,
      11.1,
      12.51,
      8.07,
      20.4,
      3.55,
      21.22,
      2.41,
      24.24,
      11.13,
      30.36,
      12.05,
    );
    const hole = ring(14.2, 9.3, 19.9, 10.1, 17.4, 15.8);
    // rasterio 1.4: features.rasterize of this polygon on the same grid.
    const rows = [
      '................................',
      '................................',
      '................................',
      '.............##.................',
      '.............#####..............',
      '.............######.............',
      '............#########...........',
      '............##########..........',
      '........#########.######........',
      '........#########.############..',
      '.......#########..############..',
      '.....###########...###########..',
      '...############....########.....',
      '....###########.....####........',
      '........######..########........',
      '...........############.........',
      '..............#########.........',
      '...............########.........',
      '.................#####..........',
      '...................###..........',
      '....................##..........',
      '................................',
      '................................',
      '................................',
    ];
    const out = burnt(unit(24, 32), [outer, hole]);
    const drawn = rows.map((_, row) =>
      Array.from(out.subarray(row * 32, row * 32 + 32), (value) => '.#'[value]).join(''),
    );
    expect(drawn).toEqual(rows);
    const backwards = Float64Array.from(
      Array.from({ length: 14 }, (_, i) => outer.slice(26 - 2 * i, 28 - 2 * i)).flatMap((p) => [
        ...p,
      ]),
    );
    expect(burnt(unit(24, 32), [hole, backwards])).toEqual(out);
  });
  it('takes pixel centres, closed rings or not, and leaves what is outside alone', () => {
    const grid = unit(3, 3);
    expect([...burnt(grid, [box(0.4, 0.6, 1.6, 3)])]).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 0]);
    expect([...burnt(grid, [box(-1e9, -1e9, 1e9, 1e9)])]).toEqual(Array(9).fill(1));
    expect([...burnt(grid, [box(5, 5, 9, 9), ring(1, 1, 2, 2), ring()])]).toEqual(Array(9).fill(0));
    const closed = [...box(1, 1, 2, 2), 1, 1];
    expect([...burnt(grid, [Float64Array.from(closed)])]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
  });
  it('lets later polygons win, and takes values of the array', () => {
    const out = new Float32Array(4).fill(NaN);
    rasteriseInto(out, unit(2, 2), [
      { rings: [box(0, 0, 1, 2)], value: 0.25 },
      { rings: [box(0, 1, 1, 2)], value: NaN },
    ]);
    expect([...out]).toEqual([NaN, NaN, 0.25, NaN]);
  });
  it('fills every pixel of a plane cut in two exactly once', () => {
    const corner = fc.double({ min: -2, max: 14, noNaN: true });
    fc.assert(
      fc.property(corner, corner, corner, corner, (x1, y1, x2, y2) => {
        const grid = unit(12, 12);
        const line = [x1, y1, x2, y2];
        const left = burnt(grid, [ring(-3, -3, ...line, -3, 15)]);
        const right = burnt(grid, [ring(-3, -3, ...line, -3, 15), box(-3, -3, 15, 15)]);
        expect(left.every((value, i) => value + (right[i] ?? 0) === 1)).toBe(true);
      }),
    );
  });
  it('does with more crossings than it holds at once', () => {
    // 2,000 teeth as tall as the grid of 3,000 rows: 12 million crossings.
    const teeth = Array.from({ length: 4001 }, (_, i) => [i / 4, i % 2 === 0 ? -1 : 3001]).flat();
    const out = burnt(unit(3000, 8), [ring(...teeth, 1000, -2, 0, -2)]);
    const tops = burnt(unit(3000, 8), [ring(...teeth, 1000, 3002, 0, 3002)]);
    expect(out.every((value, i) => value + (tops[i] ?? 0) === 1)).toBe(true);
  });
});
