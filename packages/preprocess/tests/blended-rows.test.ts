import { expect, it } from 'vitest';
import { blendedRows, blendTiles, isPreprocessError, tiles, type Tile } from '../src/index.js';

/** Values of a tile that depend on its place and on the place in it. */
function values({ x, y, width, height }: Tile): Float32Array {
  return Float32Array.from({ length: width * height * 2 }, (_, i) => Math.sin(x + 3 * y + i));
}

it.each([
  { width: 37, height: 41, size: 16, overlap: 5 },
  { width: 16, height: 90, size: 16, overlap: 0 },
  { width: 9, height: 7, size: 16, overlap: 8 },
])('$width×$height: the same as all tiles at once, in any portions', async (shape) => {
  const whole = blendTiles(
    tiles(shape).map((tile) => ({ tile, values: values(tile) })),
    { ...shape, channels: 2 },
  );
  for (const portion of [1, 6, shape.height]) {
    const rows = blendedRows({
      ...shape,
      channels: 2,
      predict: (row) => Promise.resolve(row.map(values)),
    });
    const parts: number[] = [];
    for (let row = 0; row < shape.height; row += portion)
      parts.push(...(await rows(row, Math.min(portion, shape.height - row))));
    parts.forEach((value, i) => {
      expect(value).toBeCloseTo(whole[i] ?? NaN, 5);
    });
    expect(parts).toHaveLength(whole.length);
  }
});

it('a value for the whole tile is that of all its pixels', async () => {
  const shape = { width: 6, height: 9, size: 4, overlap: 2, channels: 2 };
  const one = blendedRows({
    ...shape,
    predict: (row) => Promise.resolve(row.map(({ x, y }) => [x, y])),
  });
  const all = blendedRows({
    ...shape,
    predict: (row) =>
      Promise.resolve(
        row.map(({ x, y, width, height }) =>
          Float32Array.from({ length: width * height * 2 }, (_, i) => (i % 2 === 0 ? x : y)),
        ),
      ),
  });
  expect(await one(0, 9)).toEqual(await all(0, 9));
});

it('refuses rows out of order, and predictions that do not fit', async () => {
  const shape = { width: 8, height: 8, size: 4, channels: 1 };
  const rows = blendedRows({ ...shape, predict: () => Promise.resolve([]) });
  await expect(rows(4, 1)).rejects.toSatisfy((error) => isPreprocessError(error, 'WrongShape'));
  await expect(rows(0, 1)).rejects.toThrow('Expected 4×4×1 values');
});
