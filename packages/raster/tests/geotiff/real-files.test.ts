import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGeoTiff } from '../../src/geotiff/open-geotiff.js';
import type { RasterVariable } from '../../src/raster-file.js';
import { digest, digestOf, realFile, SKIP_NOTE, validOf, type ExpectedLevel } from './helpers.js';

/** Read with rasterio 1.4.4. */
interface ExpectedFile extends ExpectedLevel {
  readonly crs: string;
  readonly dtype: string;
  readonly nodata: number | null;
  readonly overviews: readonly ExpectedLevel[];
}

const expected: Readonly<Record<string, ExpectedFile>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'real-expected.json'), 'utf8'),
);

describe('real GeoTIFFs equal rasterio bit for bit', () => {
  for (const [name, wanted] of Object.entries(expected)) {
    it(name, async ({ skip }) => {
      const file = await openGeoTiff(realFile(name) ?? skip(SKIP_NOTE));
      expect([file.crs, file.transform]).toEqual([wanted.crs, wanted.transform]);
      expect(file.variables).toHaveLength(wanted.bands.length);
      for (const [i, band] of file.variables.entries()) {
        expect(band.dtype).toBe(wanted.dtype);
        expect(band.decoding.missing).toEqual(wanted.nodata === null ? [] : [wanted.nodata]);
        await expectLevel(band, wanted, i);
        expect(band.overviews).toHaveLength(wanted.overviews.length);
        for (const [level, overview] of band.overviews.entries()) {
          const other = wanted.overviews[level];
          if (other) await expectLevel(overview, other, i);
        }
      }
      await file.close();
    });
  }
});

async function expectLevel(band: RasterVariable, level: ExpectedLevel, i: number): Promise<void> {
  expect(band.shape).toEqual(level.shape);
  expect(band.placement?.transform).toEqual(level.transform);
  expect(digestOf(await band.readStored())).toBe(level.bands[i]);
  const valid = await validOf(band);
  expect(valid.includes(0) ? digest(valid) : '').toBe(level.masks[i]);
}
