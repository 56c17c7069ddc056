import { describe, expect, it } from 'vitest';
import { coordinateTransform } from '../../src/crs/crs.js';
import { rasteriseInto } from '../../src/vector/rasterise.js';
import { projectRings, ringsOnGrid } from '../../src/vector/rasterise-project.js';

const POLAR = {
  crs: 'EPSG:3413',
  transform: [-1_500_000, 25_000, 0, 1_500_000, 0, -25_000],
  height: 120,
  width: 120,
} as const;
const LON_LAT = {
  crs: 'EPSG:4326',
  transform: [-180, 1, 0, 90, 0, -0.5],
  height: 60,
  width: 360,
} as const;

const ring = (...coordinates: number[]): Float64Array => Float64Array.from(coordinates);

function burnt(
  rings: readonly Float64Array[],
  crs: string,
  grid: typeof POLAR | typeof LON_LAT,
): Uint8Array {
  const out = new Uint8Array(grid.height * grid.width);
  rasteriseInto(out, grid, [{ rings: ringsOnGrid(rings, crs, grid), value: 1 }]);
  return out;
}

/** 1 where the centre of the pixel is inside by its longitude and latitude. */
function expected(inside: (lon: number, lat: number) => boolean, grid = POLAR): Uint8Array {
  const toLonLat = coordinateTransform(grid.crs, 'EPSG:4326');
  const [x0, dx, , y0, , dy] = grid.transform;
  return Uint8Array.from({ length: grid.height * grid.width }, (_, i) => {
    const column = i % grid.width;
    const row = (i - column) / grid.width;
    return Number(inside(...toLonLat(x0 + (column + 0.5) * dx, y0 + (row + 0.5) * dy)));
  });
}

describe('ringsOnGrid', () => {
  it('bends parallels and closes caps on polar grids', () => {
    const cap = expected((_lon, lat) => lat > 82);
    const framed = ring(-180, 82, 180, 82, 180, 90, -180, 90, -180, 82);
    const round = Float64Array.from(
      Array.from({ length: 720 }, (_, i) => [i / 2 - 180, 82]).flat(),
    );
    expect(burnt([framed], 'EPSG:4326', POLAR)).toEqual(cap);
    expect(burnt([round], 'EPSG:4326', POLAR)).toEqual(cap);
    const inner = ring(0, 86, 120, 86, -120, 86);
    const donut = burnt([framed, inner], 'EPSG:4326', POLAR);
    expect(donut).toEqual(expected((_lon, lat) => lat > 82 && lat < 86));
  });
  it('takes a polygon over the dateline in every spelling', () => {
    const inside = (lon: number, lat: number): boolean =>
      Math.abs(lon) > 165 && lat > 78 && lat < 85;
    const spellings = [
      [ring(165, 78, -165, 78, -165, 85, 165, 85)],
      [ring(165, 78, 195, 78, 195, 85, 165, 85)],
      [ring(-195, 78, -165, 78, -165, 85, -195, 85)],
      [ring(165, 78, 180, 78, 180, 85, 165, 85), ring(-180, 78, -165, 78, -165, 85, -180, 85)],
    ];
    const onLonLat = Uint8Array.from({ length: 60 * 360 }, (_, i) =>
      Number(inside((i % 360) - 179.5, 89.75 - Math.floor(i / 360) / 2)),
    );
    for (const rings of spellings) {
      expect(burnt(rings, 'EPSG:4326', POLAR)).toEqual(expected(inside));
      expect(burnt(rings, 'EPSG:4326', LON_LAT)).toEqual(onLonLat);
    }
  });
  it('opens a projected polygon that holds the pole onto a lon-lat grid', () => {
    const square = ring(-800_000, -800_000, 800_000, -800_000, 800_000, 800_000, -800_000, 800_000);
    const toPolar = coordinateTransform('EPSG:4326', 'EPSG:3413');
    const out = burnt([square], 'EPSG:3413', LON_LAT);
    const wanted = Uint8Array.from({ length: out.length }, (_, i) => {
      const [x, y] = toPolar((i % 360) - 179.5, 89.75 - Math.floor(i / 360) / 2);
      return Number(Math.max(Math.abs(x), Math.abs(y)) < 800_000);
    });
    expect(out).toEqual(wanted);
  });
  it('a ring round the pole that laps over its own end is even-odd on lon-lat grids too', () => {
    // Beyond the full turn the ring goes back under itself, from 20 E to 5 E.
    const lap = ring(0, 80, 90, 80, 179, 80, -90, 80, 0, 80, 20, 82, 20, 84, 0, 84);
    const polar = burnt([lap], 'EPSG:4326', { ...POLAR });
    const lonLat = burnt([lap], 'EPSG:4326', LON_LAT);
    const onPolar = coordinateTransform('EPSG:4326', 'EPSG:3413');
    for (const [lon, lat] of [
      [10, 80.25],
      [10.5, 83.25],
      [-100.5, 85.25],
      [-100.5, 79.25],
      [30.5, 83.25],
    ] as const) {
      const column = Math.floor(lon + 180);
      const row = Math.floor((90 - lat) * 2);
      const [x, y] = onPolar(column - 179.5, 89.75 - row / 2);
      const pixel =
        Math.floor((1_500_000 - y) / 25_000) * 120 + Math.floor((x + 1_500_000) / 25_000);
      expect([lon, lat, lonLat[row * 360 + column]]).toEqual([lon, lat, polar[pixel]]);
    }
  });
  it('loses no pixel between polygons split at the dateline, which runs through centres here', () => {
    const west = ring(150, 80, 179.9999998, 80, 179.999998, 86, 150, 86);
    const east = ring(-180, 80, -150, 80, -150, 86, -179.9999993, 86);
    const out = burnt([west, east], 'EPSG:4326', POLAR);
    rasteriseInto(out, POLAR, [{ rings: ringsOnGrid([west], 'EPSG:4326', POLAR), value: 2 }]);
    rasteriseInto(out, POLAR, [{ rings: ringsOnGrid([east], 'EPSG:4326', POLAR), value: 2 }]);
    const wanted = expected((lon, lat) => Math.abs(lon) > 150 && lat > 80 && lat < 86);
    expect(out.map((value) => Number(value > 0))).toEqual(wanted);
    expect(out.includes(1)).toBe(false);
  });
  it('leaves rings of the same projection as they are', () => {
    const own = ring(0, 0, 1, 0, 1, 1);
    expect(projectRings([own], { from: 'EPSG:3413', to: 'EPSG:3413', tolerance: 1 })).toEqual([
      own,
    ]);
    expect(
      projectRings([ring(1, 2)], { from: 'EPSG:4326', to: 'EPSG:3413', tolerance: 1 }),
    ).toEqual([ring()]);
  });
});
