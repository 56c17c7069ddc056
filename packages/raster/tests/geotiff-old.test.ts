import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGeoTiff } from '../src/index.js';
import { expectedValues, failure, fixture, temporaryFolder } from './helpers.js';

const { tiffs } = expectedValues();
const folder = temporaryFolder();

describe('readGeoTiff equals rasterio', () => {
  for (const name of Object.keys(tiffs).filter(
    (key) => !['rotated.tif', 'rgba.tif', 'jpeg-ycbcr.tif'].includes(key),
  )) {
    it(name, async () => {
      const expected = tiffs[name];
      if (!expected) throw new Error('no expectation');
      const raster = await readGeoTiff(fixture(name));
      expect(raster.array.shape).toEqual(expected.shape);
      expect(raster.kind).toBe(expected.dtype === 'uint8' ? 'bytes' : 'values');
      expect(raster.crs).toBe(expected.crs);
      if (expected.transform === null) expect(raster.transform).toBeNull();
      else expect(raster.transform).toEqual(expected.transform);
      const values = expected.values.map((value) =>
        raster.kind === 'values'
          ? value === null || value === expected.nodata
            ? NaN
            : Math.fround(value)
          : value,
      );
      expect(Array.from(raster.array.data)).toEqual(values);
    });
  }
});

it('JPEG in YCbCr comes out in colours', async () => {
  const { array } = await readGeoTiff(fixture('jpeg-ycbcr.tif'));
  const expected = tiffs['jpeg-ycbcr.tif'];
  expect(array.shape).toEqual(expected?.shape);
  array.data.forEach((value, i) => {
    expect(Math.abs(value - (expected?.values[i] ?? NaN))).toBeLessThanOrEqual(3);
  });
});

describe('missing pixels', () => {
  it('are NaN in values, and mask is 0 exactly there', async () => {
    const { mask } = await readGeoTiff(fixture('float32-predictor.tif'));
    expect(zeros(mask)).toEqual([1 * 5 + 1, 3 * 5 + 2]);
  });
  it('are black pixels in RGB, though not pixels with one zero band', async () => {
    const { mask } = await readGeoTiff(fixture('rgb.tif'));
    expect(zeros(mask)).toEqual([2 * 5 + 3]);
  });
  it('are transparent pixels in RGBA, and alpha is no band', async () => {
    const { mask, array } = await readGeoTiff(fixture('rgba.tif'));
    expect(zeros(mask)).toEqual([2 * 5 + 3, 6 * 5 + 4]);
    const rgb = tiffs['rgb.tif']?.values;
    expect(Array.from(array.data)).toEqual(rgb);
  });
  it('are nodata bytes in 8-bit files', async () => {
    const { mask, array } = await readGeoTiff(fixture('uint8-nodata.tif'));
    expect(array.get(1, 2, 0)).toBe(7);
    expect(zeros(mask)).toEqual([7]);
  });
  it('do not exist in a fourth band that is not alpha', async () => {
    expect((await readGeoTiff(fixture('rgbn.tif'))).array.shape).toEqual([7, 5, 4]);
  });
});

describe('windows', () => {
  for (const name of ['float32-nodata.tif', 'south-up.tif', 'rgb-tiled.tif']) {
    it(`of ${name} are cut from the whole, with their place`, async () => {
      const whole = await readGeoTiff(fixture(name));
      const window = { row: 2, column: 1, height: 4, width: 3 };
      const part = await readGeoTiff(fixture(name), { window });
      expect(part.array.shape).toEqual([4, 3, whole.array.shape[2]]);
      expect(part.array.get(1, 2, 1)).toEqual(whole.array.get(3, 3, 1));
      expect(part.mask[5]).toBe(whole.mask[3 * (whole.array.shape[1] ?? 0) + 3]);
      const [x0 = 0, dx = 0, , y0 = 0, , dy = 0] = whole.transform ?? [];
      expect(part.transform).toEqual([x0 + dx, dx, 0, y0 + 2 * dy, 0, dy]);
    });
  }
  it('outside the image are refused', async () => {
    const window = { row: 5, column: 0, height: 4, width: 3 };
    const message = await failure(
      () => readGeoTiff(fixture('float32-nodata.tif'), { window }),
      'WrongShape',
    );
    expect(message).toMatch(/inside 7 rows × 5 columns.*Received: row 5, column 0, 4×3/);
  });
});

describe('bad files', () => {
  it('rotated: unsupported', async () => {
    expect(await failure(() => readGeoTiff(fixture('rotated.tif')), 'UnsupportedFormat')).toMatch(
      /north up/,
    );
  });
  it('truncated: damaged, with sizes', async () => {
    expect(await failure(() => readGeoTiff(fixture('truncated.tif')), 'DamagedFile')).toMatch(
      /expected at least \d+ bytes\. Received: \d+/,
    );
  });
  it('no TIFF at all, and empty', async () => {
    const path = join(folder, 'text.tif');
    writeFileSync(path, 'not a picture, but long enough to have a header');
    expect(await failure(() => readGeoTiff(path), 'DamagedFile')).toContain('text.tif');
    truncateSync(path, 0);
    expect(await failure(() => readGeoTiff(path), 'DamagedFile')).toContain('text.tif');
  });
  it('missing, or a folder', async () => {
    expect(await failure(() => readGeoTiff(join(folder, 'none.tif')), 'MissingFile')).toContain(
      'none.tif',
    );
    expect(await failure(() => readGeoTiff(folder), 'MissingFile')).toContain('a folder');
  });
});

function zeros(mask: Uint8Array): number[] {
  return Array.from(mask.keys()).filter((i) => mask[i] === 0);
}
