import { join } from 'node:path';
import { writeGeoTiff } from '@arctic/raster';
import { describe, expect, it } from 'vitest';
import { isDataRealError } from '../../src/errors.js';
import { openRgbScene } from '../../src/rgb-scene.js';
import { temporaryFolder } from '../helpers.js';

const folder = temporaryFolder();

/** Two rows of three pixels, the second one black, the last one transparent where there is opacity. */
async function made(name: string, alpha: boolean, tileSize: number): Promise<string> {
  const path = join(folder, name);
  const rgb = [9, 8, 7, 0, 0, 0, 0, 5, 0, 1, 1, 1, 200, 201, 202, 3, 3, 3];
  const bands = ['red', 'green', 'blue', ...(alpha ? ['alpha'] : [])];
  await writeGeoTiff(
    path,
    {
      height: 2,
      width: 3,
      dtype: 'uint8',
      crs: 'EPSG:3413',
      transform: [0, 250, 0, 0, 0, -250],
      nodata: null,
      alpha,
      bands: bands.map((band) => ({ name: band })),
      rows: (first, count) =>
        Uint8Array.from({ length: count * 3 * bands.length }, (_, i) => {
          const pixel = first * 3 + Math.floor(i / bands.length);
          const band = i % bands.length;
          return band === 3 ? (pixel === 5 ? 0 : 255) : (rgb[pixel * 3 + band] ?? 0);
        }),
    },
    { tileSize },
  );
  return path;
}

describe('openRgbScene', () => {
  it.each([
    { name: 'rgb.tif', alpha: false },
    { name: 'rgba.tif', alpha: true },
  ])('masks black and alpha of $name', async ({ name, alpha }) => {
    const scene = await openRgbScene(await made(name, alpha, 16));
    expect(Array.from(scene.mask)).toEqual([1, 0, 1, 1, 1, alpha ? 0 : 1]);
    expect(scene.array.shape[2]).toBe(3);
  });
  it('refuses other images', async () => {
    const path = join(folder, 'wide.tif');
    await writeGeoTiff(path, {
      height: 1,
      width: 1,
      dtype: 'int16',
      crs: null,
      transform: null,
      nodata: null,
      bands: [{ name: 'band1' }],
      rows: () => Int16Array.of(1),
    });
    const refused = async () => {
      try {
        await openRgbScene(path);
      } catch (error) {
        return isDataRealError(error, 'UnsupportedFormat');
      }
      return false;
    };
    expect(await refused()).toBe(true);
  });
});
