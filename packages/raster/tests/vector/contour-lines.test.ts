import { describe, expect, it } from 'vitest';
import { contourLines } from '../../src/vector/contour-lines.js';
import { failure } from '../helpers.js';

const UNIT = [0, 1, 0, 0, 0, -1] as const;

describe('contourLines', () => {
  it('lies where the field passes the level, high values on the left', () => {
    // Columns 0, 0.2, 0.6: 0.15 is passed at three quarters of the way to the second centre.
    const field = Float64Array.from([0, 0.2, 0.6, 0, 0.2, 0.6]);
    const { coordinates } = contourLines(field, 2, 3, 0.15, UNIT);
    expect(coordinates).toHaveLength(1);
    expect(coordinates[0]?.[0]?.[0]).toBeCloseTo(1.25, 12);
    // Southwards, so that the east is on the left.
    expect(coordinates[0]?.map(([, y]) => y)).toEqual([-0.5, -1.5]);
  });
  it('closes round a hill, and is its circle', () => {
    const size = 101;
    const field = Float32Array.from({ length: size * size }, (_, i) => {
      const [row, column] = [Math.floor(i / size), i % size];
      return 30 - Math.hypot(row - 50, column - 50);
    });
    const { coordinates } = contourLines(field, size, size, 0, UNIT);
    const [ring = []] = coordinates;
    expect(coordinates).toHaveLength(1);
    expect(ring[0]).toEqual(ring.at(-1));
    let length = 0;
    let area = 0;
    ring.slice(1).forEach(([x, y], i) => {
      const [px = 0, py = 0] = ring[i] ?? [];
      length += Math.hypot(x - px, y - py);
      area += (px * y - x * py) / 2;
    });
    expect(length / (2 * Math.PI * 30)).toBeCloseTo(1, 2);
    expect(area / (Math.PI * 900)).toBeCloseTo(1, 2);
  });
  it('no line along missing values, nor across them', () => {
    const field = Float32Array.from([1, 1, NaN, 0, 1, 1, NaN, 0, 1, 1, 1, 0]);
    expect(contourLines(field, 3, 4, 0.5, UNIT).coordinates).toEqual([]);
    const open = Float32Array.from([1, 0, 1, 0, NaN, 0, 1, 0, 1, 0]);
    expect(contourLines(open, 5, 2, 0.5, UNIT).coordinates).toEqual([
      [
        [1, -1.5],
        [1, -0.5],
      ],
      [
        [1, -4.5],
        [1, -3.5],
      ],
    ]);
  });
  it('saddles: a high centre joins the high corners', () => {
    const corners = (middle: number) =>
      contourLines(Float32Array.from([1, 0, 0, 1]), 2, 2, middle, UNIT).coordinates;
    for (const level of [0.4, 0.6]) expect(corners(level)).toHaveLength(2);
    // Joined, the lines go round the low corners: upper right and lower left.
    const near = (line: readonly (readonly [number, number])[] = [], x: number, y: number) =>
      line.every(([px, py]) => Math.abs(px - x) + Math.abs(py - y) < 0.8);
    expect(corners(0.4).some((line) => near(line, 1.5, -0.5))).toBe(true);
    expect(corners(0.6).some((line) => near(line, 0.5, -0.5))).toBe(true);
  });
  it('nothing at all, and wrong sizes', async () => {
    expect(contourLines(new Float32Array(6), 2, 3, 0.5, UNIT).coordinates).toEqual([]);
    const run = () => contourLines(new Float32Array(5), 2, 3, 0.5, UNIT);
    expect(await failure(run, 'WrongShape')).toContain('2 × 3 = 6 cells. Received: 5');
  });
});
