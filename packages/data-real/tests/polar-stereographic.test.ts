import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { polarStereographicGrid } from '../src/index.js';
import { realFile, SKIP_NOTE } from './helpers.js';

describe('polarStereographicGrid', () => {
  it('north: corners as NSIDC documents them', () => {
    const { lat, lon, height, width, area } = polarStereographicGrid('north');
    // Centres of the corner cells, half a cell inside the documented corners (30.98 N, 168.35 E …).
    expect(lat[0]).toBeCloseTo(31.1, 1);
    expect(lon[0]).toBeCloseTo(168.32, 1);
    expect(lat[height * width - 1]).toBeCloseTo(34.47, 1);
    expect(lon[height * width - 1]).toBeCloseTo(-9.97, 1);
    expect(area.reduce((sum, value) => sum + value, 0) / 1e6).toBeGreaterThan(70);
  });
  it('south: corners as NSIDC documents them', () => {
    const { lat, lon, height, width } = polarStereographicGrid('south');
    expect(lat[0]).toBeCloseTo(-39.4, 0);
    expect(lon[0]).toBeCloseTo(-42.2, 1);
    expect(lat[height * width - 1]).toBeCloseTo(-41.6, 0);
    expect(lon[height * width - 1]).toBeCloseTo(135, 0);
  });
  it('true scale at 70°, larger cells towards the pole', () => {
    for (const pole of ['north', 'south'] as const) {
      const { lat, area } = polarStereographicGrid(pole);
      let off = 0;
      lat.forEach((value, i) => {
        if (Math.abs(Math.abs(value) - 70) < 0.02)
          off = Math.max(off, Math.abs((area[i] ?? 0) - 625));
      });
      expect(off).toBeGreaterThan(0);
      expect(off).toBeLessThan(0.3);
      expect(area.reduce((most, value) => Math.max(most, value))).toBeCloseTo(664.45, 1);
    }
  });
  it('north equals NSIDC’s tables to their last digit', ({ skip }) => {
    const read = (name: string) => {
      const path = realFile(`grids/${name}`);
      if (!path) return skip(SKIP_NOTE);
      const bytes = readFileSync(path);
      return Int32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32LE(4 * i));
    };
    const { lat, lon, area } = polarStereographicGrid('north');
    const deviation = (ours: Float64Array, table: Int32Array, unit: number) =>
      table.reduce(
        (most, value, i) => Math.max(most, Math.abs((ours[i] ?? NaN) - value / unit)),
        0,
      );
    expect(deviation(area, read('psn25area_v3.dat'), 1000)).toBeLessThan(6e-4);
    expect(deviation(lat, read('psn25lats_v3.dat'), 1e5)).toBeLessThan(6e-6);
    const wrapped = read('psn25lons_v3.dat').map((value, i) =>
      value / 1e5 - (lon[i] ?? NaN) > 180
        ? value - 36_000_000
        : value / 1e5 - (lon[i] ?? NaN) < -180
          ? value + 36_000_000
          : value,
    );
    expect(deviation(lon, wrapped, 1e5)).toBeLessThan(6e-6);
  });
});
