import { describe, expect, it } from 'vitest';
import { openRgbScene, openSource } from '../src/index.js';
import { realFile, SKIP_NOTE } from './helpers.js';

describe('real files', () => {
  it('loose days of two satellites', async ({ skip }) => {
    const input = realFile('nsidc-samples') ?? skip(SKIP_NOTE);
    const cube = await openSource({ source: 'nsidc-0081', input });
    expect([cube.days[0], cube.days.length, cube.attrs['files']]).toEqual([16801, 254, 4]);
    expect(cube.ocean.reduce((sum, value) => sum + value, 0)).toBe(67_928);
    expect(cube.poleHole?.reduce((sum, value) => sum + value, 0)).toBe(44);
    const day = await openSource({ source: 'nsidc-0051', kind: 'daily', input });
    expect(day.attrs).toMatchObject({ files: 1, sensors: ['f13'] });
    const months = await openSource({ source: 'nsidc-0051', kind: 'monthly', input });
    expect(months.attrs).toMatchObject({ files: 2, versions: ['v01', 'v1.1'] });
  });
  it('days with missing swaths from the archive are NaN there', async ({ skip }) => {
    const input = realFile('nsidc-0081-daily') ?? skip(SKIP_NOTE);
    const cube = await openSource({
      source: 'nsidc-0081',
      input,
      from: '2015-08-04',
      to: '2015-08-07',
    });
    // Counted with numpy: bytes 255 of each day.
    expect(Array.from(cube.flags?.missing ?? []).slice(1, 3)).toEqual([7842, 4776]);
    const plane = cube.height * cube.width;
    const nan = (t: number) =>
      cube.sic.subarray(t * plane, (t + 1) * plane).filter(Number.isNaN).length;
    expect([nan(1), nan(2)]).toEqual([68_264 + 44 + 7842, 68_264 + 44 + 4776]);
  });
  it('a MODIS scene', async ({ skip }) => {
    const path =
      realFile('modis/ne-greenland.20220913.terra.250m.truecolor.tiff') ?? skip(SKIP_NOTE);
    const scene = await openRgbScene(path);
    expect(scene.array.shape).toEqual([413, 1078, 3]);
    expect([scene.crs, scene.transform]).toEqual(['EPSG:3413', [381550, 250, 0, -899225, 0, -250]]);
    expect(scene.mask.every((valid) => valid === 1)).toBe(true);
    const land =
      realFile('modis/ne-greenland.20220913.terra.250m.landmask.tiff') ?? skip(SKIP_NOTE);
    const window = { row: 100, column: 500, height: 256, width: 256 };
    expect((await openRgbScene(land, { window })).array.shape).toEqual([256, 256, 3]);
  });
});
