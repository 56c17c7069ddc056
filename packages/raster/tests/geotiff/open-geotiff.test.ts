import { expect, describe, it } from 'vitest';
import { coordinateTransform } from '../../src/crs/crs.js';
import { openGeoTiff } from '../../src/geotiff/open-geotiff.js';
import type { RasterVariable } from '../../src/raster-file.js';
import {
  digest,
  digestOf,
  expectedTiffs,
  tiff,
  validOf,
  type ExpectedLevel,
  type ExpectedTiff,
} from './helpers.js';

const expected = expectedTiffs();

describe('openGeoTiff equals rasterio', () => {
  for (const [name, tif] of Object.entries(expected)) {
    it(name, async () => {
      const file = await openGeoTiff(tiff(name));
      const bands = file.variables.slice(0, tif.dtype.length);
      for (const [i, band] of bands.entries()) {
        expect(band.dtype).toBe(tif.dtype[i]);
        expect(band.units).toBe(tif.units[i] || null);
        expect(band.name).toBe(tif.names[i] ?? `band${i + 1}`);
        expect(band.decoding).toMatchObject({ scale: tif.scales[i], offset: tif.offsets[i] });
        expect(band.decoding.missing).toEqual(
          tif.nodata === null || tif.nodata === 'nan' ? [] : [Number(tif.nodata)],
        );
        await expectLevel(band, i, tif, tif.lossy, name);
        expect(band.overviews).toHaveLength(tif.overviews.length);
        for (const [level, overview] of band.overviews.entries()) {
          const other = tif.overviews[level];
          if (other) await expectLevel(overview, i, other, tif.lossy, name);
          expect(overview.placement?.transform).toEqual(other?.transform);
        }
      }
      expectPlace(file.variables[0], tif);
      expectSameCrs(file.crs, tif.crs);
      await file.close();
    });
  }
});

async function expectLevel(
  variable: RasterVariable,
  band: number,
  level: ExpectedLevel,
  lossy: number,
  name: string,
): Promise<void> {
  expect(variable.shape).toEqual(level.shape);
  const stored = await variable.readStored();
  const values = level.bands[band];
  if (typeof values === 'string') expect(digestOf(stored)).toBe(values);
  else {
    const off = Array.from(stored, (value, i) => Math.abs(value - (values?.[i] ?? NaN)));
    expect(Math.max(...off)).toBeLessThanOrEqual(lossy);
  }
  // rasterio leaves NaN and, beside a mask image, nodata to its user: both are missing here.
  const stricter = stored.some(Number.isNaN) || name === 'mask-nodata.tif';
  const valid = await validOf(variable);
  if (!stricter) expect(valid.includes(0) ? digest(valid) : '').toBe(level.masks[band]);
}

function expectPlace(variable: RasterVariable | undefined, tif: ExpectedTiff): void {
  const place = variable?.placement;
  const [height, width] = tif.shape;
  const points = (place?.controlPoints ?? []).map(({ row, column, x, y }) => [row, column, x, y]);
  const [x0 = 0, dx = 0, rx = 0, y0 = 0, ry = 0, dy = 0] = tif.transform ?? [];
  if (tif.transform === null || rx !== 0) expect(place?.transform).toBeNull();
  if (tif.controlPoints.length > 0) expect(points).toEqual(tif.controlPoints);
  if (tif.transform === null) return;
  if (rx !== 0) {
    const corner = (row: number, column: number): number[] => [
      row,
      column,
      x0 + column * dx + row * rx,
      y0 + column * ry + row * dy,
    ];
    const corners = [corner(0, 0), corner(0, width), corner(height, 0), corner(height, width)];
    expect(points).toEqual(corners);
    return;
  }
  // Kilometres become metres.
  const unit = tif.crs?.includes('"kilometre"') ? 1000 : 1;
  expect(place?.rowsFromSouth).toBe(dy > 0);
  expect(place?.columnsFromEast).toBe(dx < 0);
  expect(place?.transform).toEqual([
    (dx < 0 ? x0 + width * dx : x0) * unit,
    Math.abs(dx) * unit,
    0,
    (dy > 0 ? y0 + height * dy : y0) * unit,
    0,
    -Math.abs(dy) * unit,
  ]);
}

/** The same code, or texts that put the same points in the same places. */
function expectSameCrs(received: string | null, wanted: string | null): void {
  if (wanted === null || wanted.startsWith('EPSG:')) expect(received).toBe(wanted);
  else {
    expect(received).not.toBeNull();
    const one = coordinateTransform(wanted, 'EPSG:4326');
    const other = coordinateTransform(received ?? '', 'EPSG:4326');
    const degrees = /^GEOGCS/.test(wanted);
    for (const [x, y] of [
      [-1.1e6, 3e5],
      [2e5, -9e5],
    ]) {
      const place = degrees
        ? ([(x ?? 0) / 1e5, (y ?? 0) / 1e5] as const)
        : ([x ?? 0, y ?? 0] as const);
      const there = one(...place);
      const here = other(...place);
      expect(here[0]).toBeCloseTo(there[0], 6);
      expect(here[1]).toBeCloseTo(there[1], 6);
    }
  }
}
