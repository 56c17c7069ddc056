import { expect, it } from 'vitest';
import { coordinateTransform } from '@arctic/raster/geometry';
import { placeOf } from '../../page/src/place.js';

const GRID = {
  crs: 'EPSG:3411',
  transform: [-3_850_000, 25_000, 0, 5_850_000, 0, -25_000],
  width: 304,
  height: 448,
};

it('finds the cell that a position of the map lies in, in another CRS', () => {
  const place = placeOf(GRID, 'EPSG:3413');
  const toMap = coordinateTransform('EPSG:4326', 'EPSG:3413');
  for (const cell of [0, 12_345, 68_096, 304 * 448 - 1]) {
    const [x, y] = place.centreOf(cell);
    expect(place.cellAt(x, y)).toBe(cell);
  }
  const [x, y] = toMap(0, 90);
  expect(place.toCell(x, y)).toEqual([154, 234]);
  expect(place.cellAt(9e6, 0)).toBe(-1);
});

it('covers the grid', () => {
  const [left, bottom, right, top] = placeOf(GRID, 'EPSG:3413').extent;
  for (const [value, about] of [
    [left, -3.85e6],
    [bottom, -5.35e6],
    [right, 3.75e6],
    [top, 5.85e6],
  ] as const)
    expect(Math.abs(value - about)).toBeLessThan(2000); // another ellipsoid
});
