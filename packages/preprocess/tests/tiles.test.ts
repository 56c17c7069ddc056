import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blendTiles, tiles } from '../src/index.js';

describe('tiles', () => {
  test('moves the last of a row back to end with the raster', () => {
    expect(tiles({ width: 10, height: 4, size: 4, overlap: 1 })).toEqual([
      { x: 0, y: 0, width: 4, height: 4 },
      { x: 3, y: 0, width: 4, height: 4 },
      { x: 6, y: 0, width: 4, height: 4 },
    ]);
  });

  test('shrinks to a raster smaller than a tile', () => {
    expect(tiles({ width: 3, height: 2, size: 4 })).toEqual([{ x: 0, y: 0, width: 3, height: 2 }]);
  });

  test('refuses an overlap as large as the tile', () => {
    expect(() => tiles({ width: 9, height: 9, size: 4, overlap: 4 })).toThrow(/overlap of 0..3/);
    expect(() => tiles({ width: 0, height: 9, size: 4 })).toThrow(/"width"/);
  });
});

describe('blendTiles', () => {
  test('puts the raster back together, whatever the tiling', () => {
    const length = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(
        length,
        length,
        fc.integer({ min: 1, max: 8 }),
        fc.nat({ max: 7 }),
        (width, height, size, lap) => {
          const overlap = Math.min(lap, size - 1);
          const raster = Float32Array.from(
            { length: width * height * 2 },
            (_, i) => (i * 37) % 101,
          );
          const parts = tiles({ width, height, size, overlap }).map((tile) => ({
            tile,
            values: Float32Array.from({ length: tile.width * tile.height * 2 }, (_, i) => {
              const pixel = i >> 1;
              const x = tile.x + (pixel % tile.width);
              const y = tile.y + Math.floor(pixel / tile.width);
              return raster[(y * width + x) * 2 + (i & 1)] ?? NaN;
            }),
          }));
          const blended = blendTiles(parts, { width, height, channels: 2, overlap });
          blended.forEach((value, i) => expect(value).toBeCloseTo(raster[i] ?? NaN, 3));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('passes from one tile to the next without a step', () => {
    const parts = tiles({ width: 12, height: 1, size: 8, overlap: 4 }).map((tile, i) => ({
      tile,
      values: new Float32Array(8).fill(i),
    }));
    const row = blendTiles(parts, { width: 12, height: 1, overlap: 4 });
    [0, 0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1].forEach((value, i) => {
      expect(row[i]).toBeCloseTo(value, 5);
    });
  });

  test('is NaN where no tile lay, and refuses values that do not fit', () => {
    const tile = { x: 0, y: 0, width: 1, height: 1 };
    expect(blendTiles([{ tile, values: [3] }], { width: 2, height: 1 })).toEqual(
      Float32Array.of(3, NaN),
    );
    expect(() => blendTiles([{ tile, values: [1, 2] }], { width: 2, height: 1 })).toThrow(/1×1×1/);
  });
});
