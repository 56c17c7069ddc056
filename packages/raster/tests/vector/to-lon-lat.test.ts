import { describe, expect, it } from 'vitest';
import { coordinateTransform } from '../../src/crs/crs.js';
import type { Transform } from '../../src/raster.js';
import {
  signedArea,
  type MultiPolygon,
  type Polygon,
  type Ring,
} from '../../src/vector/geometry.js';
import { polygonise } from '../../src/vector/polygonise.js';
import { toLonLat } from '../../src/vector/to-lon-lat.js';
import { failure } from '../helpers.js';

/** Area in an equal-area CRS, sides divided so that they stay straight in degrees. */
function equalArea({ coordinates }: MultiPolygon, crs: string): number {
  const project = coordinateTransform('EPSG:4326', crs);
  return coordinates
    .flat()
    .map((ring) => signedArea(divided(ring).map(([lon, lat]) => project(lon, lat))))
    .reduce((sum, area) => sum + area, 0);
}

function divided(ring: Ring): Ring {
  return ring.flatMap(([x, y], i) => {
    const [px, py] = ring[i - 1] ?? [x, y];
    const parts = Math.ceil(Math.hypot(x - px, y - py) / 0.1) || 1;
    return Array.from({ length: parts }, (_, k): [number, number] => [
      px + ((k + 1) / parts) * (x - px),
      py + ((k + 1) / parts) * (y - py),
    ]);
  });
}

function square(x: number, y: number, size: number): Polygon {
  const ring: [number, number][] = [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
    [x, y],
  ];
  return { type: 'Polygon', coordinates: [ring] };
}

function bounds({ coordinates }: MultiPolygon): readonly number[] {
  const all = coordinates.flat(2);
  const [lons, lats] = [all.map(([lon]) => lon), all.map(([, lat]) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** Outer rings left, holes right, closed, on the map, no position twice. */
function assertSound({ coordinates }: MultiPolygon): void {
  for (const polygon of coordinates) {
    polygon.forEach((ring, i) => {
      expect(Math.sign(signedArea(ring))).toBe(i === 0 ? 1 : -1);
      expect(ring.at(-1)).toEqual(ring[0]);
      expect(new Set(ring.map(String)).size).toBe(ring.length - 1);
      for (const [lon, lat] of ring) {
        expect(Math.abs(lon)).toBeLessThanOrEqual(180);
        expect(Math.abs(lat)).toBeLessThanOrEqual(90);
      }
    });
  }
}

describe('toLonLat of polygons', () => {
  const grids: Record<string, [crs: string, equal: string, transform: Transform]> = {
    'pole at a corner': ['EPSG:6931', 'EPSG:6931', [-500000, 25000, 0, 500000, 0, -25000]],
    'pole in a pixel': ['EPSG:6931', 'EPSG:6931', [-487500, 25000, 0, 487500, 0, -25000]],
    'antimeridian oblique': ['EPSG:3413', 'EPSG:6931', [-500000, 25000, 0, 500000, 0, -25000]],
    south: ['EPSG:6932', 'EPSG:6932', [-500000, 25000, 0, 487500, 0, -25000]],
  };
  for (const [name, [crs, equal, transform]] of Object.entries(grids)) {
    it(`${name}: every region sound, areas those of the grid`, () => {
      const size = 40;
      const classes = Uint8Array.from({ length: size * size }, (_, i) => {
        const [row, column] = [Math.floor(i / size), i % size];
        return Math.sin(row * 0.9) + Math.cos(column * 0.7 + row * 0.2) > 0.2 ? 1 : 0;
      });
      const regions = polygonise(classes, size, size, { transform });
      const toEqual = coordinateTransform(crs, equal);
      let total = 0;
      for (const { geometry, cells } of regions) {
        const mapped = toLonLat(geometry, crs);
        assertSound(mapped);
        const truth =
          crs === equal
            ? cells * 25000 * 25000
            : geometry.coordinates
                .map((ring) => dense(ring).map(([x, y]) => toEqual(x, y)))
                .reduce((sum, ring) => sum + signedArea(ring), 0);
        const area = equalArea(mapped, equal);
        expect(Math.abs(area / truth - 1)).toBeLessThan(1e-3);
        total += area;
      }
      expect(regions.length).toBeGreaterThan(20);
      if (crs === equal) expect(total / (size * 25000) ** 2).toBeCloseTo(1, 4);
    });
  }
  it('a square round the pole reaches from -180 to 180 and up to 90', () => {
    const mapped = toLonLat(square(-100000, -100000, 200000), 'EPSG:6931');
    assertSound(mapped);
    expect(mapped.coordinates).toHaveLength(1);
    const [west, south, east, north] = bounds(mapped);
    expect([west, east, north]).toEqual([-180, 180, 90]);
    expect(south).toBeCloseTo(88.73, 2);
    expect(equalArea(mapped, 'EPSG:6931') / 4e10).toBeCloseTo(1, 3);
  });
  it('a ring round the pole keeps its hole', () => {
    const outer = square(-200000, -200000, 400000).coordinates;
    const hole = square(-100000, -100000, 200000).coordinates.map((ring) => ring.toReversed());
    const mapped = toLonLat({ type: 'Polygon', coordinates: [...outer, ...hole] }, 'EPSG:6931');
    assertSound(mapped);
    expect(bounds(mapped)[3]).toBeLessThan(90);
    expect(equalArea(mapped, 'EPSG:6931') / 12e10).toBeCloseTo(1, 3);
  });
  it('is cut where it crosses 180°, and not where it ends there', () => {
    // In EASE2 the antimeridian runs up the column x = 0.
    const across = toLonLat(square(-50000, 1e6, 100000), 'EPSG:6931');
    assertSound(across);
    expect(across.coordinates.map(([ring = []]) => Math.sign(ring[1]?.[0] ?? 0)).sort()).toEqual([
      -1, 1,
    ]);
    expect(equalArea(across, 'EPSG:6931') / 1e10).toBeCloseTo(1, 3);
    const east = toLonLat(square(0, 1e6, 100000), 'EPSG:6931');
    expect(east.coordinates).toHaveLength(1);
    expect([bounds(east)[2], (bounds(east)[0] ?? 0) > 90]).toEqual([180, true]);
    const west = toLonLat(square(-100000, 1e6, 100000), 'EPSG:6931');
    expect([west.coordinates.length, bounds(west)[0]]).toEqual([1, -180]);
  });
  it('lon-lat grids: 0 to 360 is cut, the whole world stays', () => {
    const ring = (w: number, s: number, e: number, n: number): Polygon => ({
      type: 'Polygon',
      coordinates: [
        [
          [w, s],
          [e, s],
          [e, n],
          [w, n],
          [w, s],
        ],
      ],
    });
    const half = toLonLat(ring(170, 70, 190, 80), 'EPSG:4326');
    assertSound(half);
    expect(half.coordinates.map((rings) => rings.map(signedArea))).toEqual([[100], [100]]);
    const world = toLonLat(ring(-180, -90, 180, 90), 'EPSG:4326');
    expect(world.coordinates.flat().map(signedArea)).toEqual([360 * 180]);
    const turned = toLonLat(ring(0, -90, 360, 90), 'EPSG:4326');
    expect(turned.coordinates.flat().reduce((sum, one) => sum + signedArea(one), 0)).toBe(
      360 * 180,
    );
  });
  it('small pixels near the pole keep their areas too', () => {
    for (const [x, y] of [
      [500, -750],
      [-1000, 0],
      [10000, 20000],
    ] as const) {
      const mapped = toLonLat(square(x, y, 250), 'EPSG:6931');
      expect(Math.abs(equalArea(mapped, 'EPSG:6931') / 62500 - 1)).toBeLessThan(4e-3);
    }
  });
  it('adds vertices until straight lines in degrees fit', () => {
    const polygon = square(300000, 300000, 400000);
    const coarse = toLonLat(polygon, 'EPSG:3413', { toleranceM: 1000 });
    const fine = toLonLat(polygon, 'EPSG:3413', { toleranceM: 1 });
    const count = (mapped: MultiPolygon) => mapped.coordinates.flat(2).length;
    expect(count(fine)).toBeGreaterThan(4 * count(coarse));
  });
});

describe('toLonLat of the rest', () => {
  it('cuts lines at the antimeridian and at the pole', () => {
    const line = (...coordinates: [number, number][]) =>
      toLonLat({ type: 'LineString', coordinates }, 'EPSG:6931').coordinates;
    const across = line([-50000, 1e6], [50000, 1e6]);
    expect(across.map((part) => [part[0]?.[0], part.at(-1)?.[0]])).toEqual([
      [expect.closeTo(-177.14, 1), -180],
      [180, expect.closeTo(177.14, 1)],
    ]);
    expect(across[0]?.at(-1)?.[1]).toBe(across[1]?.[0]?.[1]);
    const over = line([0, -100000], [0, 100000]);
    expect(over).toHaveLength(2);
    expect(over.map((part) => part.map(([lon]) => lon))).toEqual([
      [0, 0],
      [-180, -180],
    ]);
    expect(over.map((part) => Math.max(...part.map(([, lat]) => lat)))).toEqual([90, 90]);
  });
  it('joins the ends of a closed line that is cut elsewhere', () => {
    const ring = square(-50000, 1e6, 100000).coordinates[0] ?? [];
    const { coordinates } = toLonLat({ type: 'LineString', coordinates: ring }, 'EPSG:6931');
    expect(coordinates).toHaveLength(2);
  });
  it('points, rounded to 1e-6', () => {
    const point = toLonLat({ type: 'Point', coordinates: [1234567.8, -765432.1] }, 'EPSG:3413');
    const [lon, lat] = point.coordinates;
    const exact = coordinateTransform('EPSG:3413', 'EPSG:4326')(1234567.8, -765432.1);
    expect([lon, lat]).toEqual(exact.map((value) => Math.round(value * 1e6) / 1e6));
    const many = toLonLat({ type: 'MultiPoint', coordinates: [[10, 80]] }, 'EPSG:4326');
    expect(many).toEqual({ type: 'MultiPoint', coordinates: [[10, 80]] });
  });
  it('names positions off the map', async () => {
    const far = square(3e7, 0, 1e6);
    expect(await failure(() => toLonLat(far, 'EPSG:6931'), 'InvalidValue')).toContain('EPSG:6931');
  });
});

function dense(ring: Ring): Ring {
  return ring.flatMap(([x, y], i) => {
    const [px, py] = ring[i - 1] ?? [x, y];
    return Array.from({ length: 50 }, (_, k): [number, number] => [
      px + ((k + 1) / 50) * (x - px),
      py + ((k + 1) / 50) * (y - py),
    ]);
  });
}
