import { describe, expect, it } from 'vitest';
import { isRasterError } from '../../src/errors.js';
import { repeatRings, unwrapRing, unwrapRings } from '../../src/vector/rasterise-unwrap.js';

const ring = (...coordinates: number[]): Float64Array => Float64Array.from(coordinates);
const longitudes = (of: Float64Array): number[] => [...of].filter((_, i) => i % 2 === 0);

describe('unwrapRing', () => {
  it('goes the short way over the dateline', () => {
    const { ring: out, winding } = unwrapRing(ring(170, 70, -170, 70, -170, 75, 170, 75));
    expect(winding).toBe(0);
    expect([...out]).toEqual([170, 70, 190, 70, 190, 75, 170, 75, 170, 70]);
    // Far parts of one ring on both sides of the dateline, its ends just short of it.
    const crossed = unwrapRing(
      ring(-179.999999, 71.5, 179.999998, 71.5, 179.9, 71.7, -179.9, 71.7),
    );
    expect(crossed.winding).toBe(0);
    expect(
      Math.max(...longitudes(crossed.ring)) - Math.min(...longitudes(crossed.ring)),
    ).toBeLessThan(0.3);
  });
  it('tells a frame round the map from a crossing', () => {
    const band = unwrapRing(ring(-180, 80, 180, 80, 180, 90, -180, 90));
    expect([band.winding, longitudes(band.ring)]).toEqual([0, [-180, 180, 180, -180, -180]]);
    const coast = unwrapRing(ring(-180, 60, -60, 65, 60, 63, 180, 60, 180, 90, -180, 90));
    expect([coast.winding, Math.max(...longitudes(coast.ring))]).toEqual([0, 180]);
    const tiny = unwrapRing(
      ring(179, 70, 180, 70, -180, 70, -179, 70, -179, 71, -180, 71, 180, 71, 179, 71),
    );
    expect(longitudes(tiny.ring)).toEqual([179, 180, 180, 181, 181, 180, 180, 179, 179]);
  });
  it('finds rings round a pole', () => {
    const east = ring(-170, 80, -60, 82, 60, 81, 170, 79);
    expect(unwrapRing(east).winding).toBe(360);
    expect(unwrapRing(ring(170, 79, 60, 81, -60, 82, -170, 80)).winding).toBe(-360);
    expect(unwrapRing(ring(-180, 80, -60, 82, 60, 81, 180, 80)).winding).toBe(360);
    const [closed] = unwrapRings([east]);
    expect(closed && [...closed.slice(-6)]).toEqual([190, 80, 190, 90, -170, 90]);
    const [south] = unwrapRings([ring(-170, -80, -60, -82, 60, -81, 170, -79)]);
    expect(south?.at(-1)).toBe(-90);
  });
  it('puts holes on the turn of their polygon, and copies where a map shows them', () => {
    const rings = unwrapRings([
      ring(170, 70, -170, 70, -170, 75, 170, 75),
      ring(-178, 71, -176, 71, -176, 72),
    ]);
    expect(rings.map((of) => Math.max(...longitudes(of)))).toEqual([190, 184]);
    expect(repeatRings(rings, -180, 180).map((of) => of[0])).toEqual([-190, 170, -178]);
    expect(repeatRings(rings, 0, 360).map((of) => of[0])).toEqual([170, 182]);
  });
  it('refuses what is no longitude and latitude', () => {
    for (const bad of [
      ring(0, 0, 1e300, 0, 1, 1),
      ring(0, 100, 1, 1, 2, 2),
      ring(0, NaN, 1, 1, 2, 2),
    ]) {
      expect(() => unwrapRing(bad)).toThrowError(
        expect.toSatisfy((error: unknown) => isRasterError(error, 'InvalidValue')),
      );
    }
  });
});
