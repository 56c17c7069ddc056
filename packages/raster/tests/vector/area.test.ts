import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { polygonAreaKm2 } from '../../src/vector/area.js';
import { nestingDepths } from '../../src/vector/area-nesting.js';

const ring = (...coordinates: number[]): Float64Array => Float64Array.from(coordinates);
const area = (...rings: Float64Array[]): number => polygonAreaKm2(rings, 'EPSG:4326');
const box = (west: number, south: number, east: number, north: number): Float64Array =>
  ring(west, south, east, south, east, north, west, north);
const relative = (value: number, reference: number): number => Math.abs(value / reference - 1);

describe('polygonAreaKm2', () => {
  it('is that of pyproj on densified rings', () => {
    // pyproj 3.7, Geod(ellps='WGS84').polygon_area_perimeter, edges cut every 0.0005 degrees.
    expect(relative(area(box(0, 80, 10, 81)), 20582.74854298656)).toBeLessThan(1e-7);
    expect(relative(area(ring(-20, 60, 15, 72, 5, 81, -30, 75)), 2001972.316959117)).toBeLessThan(
      1e-7,
    );
    expect(relative(area(box(170, 70, 190, 75)), 374562.7413558375)).toBeLessThan(1e-7);
    expect(relative(area(box(-180, 85, 180, 90)), 979155.200102736)).toBeLessThan(1e-7);
    expect(relative(area(box(0, 80, 1e-3, 80.001)), 0.0021653683535447343)).toBeLessThan(1e-7);
    const square = ring(-5e5, -5e5, 5e5, -5e5, 5e5, 5e5, -5e5, 5e5);
    const triangle = ring(1e6, -1e6, 1.4e6, -1e6, 1.3e6, -5e5);
    expect(relative(polygonAreaKm2([square], 'EPSG:3413'), 1060828.4386699062)).toBeLessThan(1e-6);
    expect(relative(polygonAreaKm2([triangle], 'EPSG:3413'), 103292.11172197621)).toBeLessThan(
      1e-6,
    );
  });
  it('is that of the whole ellipsoid', () => {
    // Moritz (2000), Geodetic Reference System 1980; WGS84 differs in the tenth digit.
    expect(relative(area(box(-180, -90, 180, 90)), 510_065_621.724)).toBeLessThan(1e-9);
  });
  it('does not mind how the dateline and the pole are written', () => {
    const jump = area(ring(170, 70, -170, 70, -170, 75, 170, 75));
    expect(relative(jump, area(box(170, 70, 190, 75)))).toBeLessThan(1e-12);
    expect(relative(area(box(170, 70, 180, 75), box(-180, 70, -170, 75)), jump)).toBeLessThan(
      1e-12,
    );
    const round = area(ring(-150, 85, -60, 85, 60, 85, 150, 85));
    expect(relative(round, area(box(-180, 85, 180, 90)))).toBeLessThan(1e-12);
    const south = area(ring(-150, -85, -60, -85, 60, -85, 150, -85));
    expect(relative(south, round)).toBeLessThan(1e-12);
  });
  it('takes holes off and islands in them on, whatever their direction and order', () => {
    const [outer, hole, island] = [box(0, 70, 20, 80), box(2, 72, 10, 78), box(4, 74, 6, 76)];
    const wanted = area(outer) - area(hole) + area(island);
    expect(relative(area(island, outer, hole), wanted)).toBeLessThan(1e-12);
    const touching = box(0, 72, 10, 78);
    expect(relative(area(outer, touching), area(outer) - area(touching))).toBeLessThan(1e-12);
    expect(area(outer, outer)).toBeCloseTo(0, 6);
    expect(area(ring(0, 70, 1, 70), ring())).toBe(0);
  });
  it('adds up over a cut', () => {
    const degrees = fc.double({ min: 1, max: 29, noNaN: true });
    fc.assert(
      fc.property(degrees, degrees, (cut, other) => {
        const left = area(ring(0, 60, cut, 60, other, 85, 0, 85));
        const right = area(ring(cut, 60, 30, 60, 30, 85, other, 85));
        expect(relative(left + right, area(box(0, 60, 30, 85)))).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('nestingDepths', () => {
  it('counts rings around rings', () => {
    const rings = [
      box(0, 0, 9, 9),
      box(1, 1, 5, 5),
      box(2, 2, 3, 3),
      box(6, 6, 8, 8),
      box(20, 0, 30, 9),
    ];
    expect(nestingDepths(rings)).toEqual([0, 1, 2, 1, 0]);
  });
});
