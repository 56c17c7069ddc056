import { isoDate } from '@arctic/raster';
import { describe, expect, it } from 'vitest';
import { openRgbScene, openSource, readSeaIceIndexCsv } from '../src/index.js';
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
  it('daily extents lie above the Sea Ice Index, as its masks leave more out', async ({ skip }) => {
    const input = realFile('nsidc-0081-daily') ?? skip(SKIP_NOTE);
    const table = realFile('sea-ice-index/N_seaice_extent_daily_v3.0.csv') ?? skip(SKIP_NOTE);
    const index = new Map(
      (await readSeaIceIndexCsv(table)).map(({ date, extent }) => [date, extent]),
    );
    const cube = await openSource({ source: 'nsidc-0081', input });
    const plane = cube.height * cube.width;
    const above: number[] = [];
    const masked: string[] = [];
    cube.days.forEach((day, t) => {
      if ((cube.flags?.missing[t] ?? 0) > 2000) masked.push(isoDate(day));
      let extent = 0;
      for (let i = 0; i < plane; i++) {
        if ((cube.sic[t * plane + i] ?? NaN) >= 0.15 || cube.poleHole?.[i])
          extent += (cube.area[i] ?? 0) / 1e6;
      }
      const theirs = index.get(isoDate(day));
      if (theirs !== undefined && masked.at(-1) !== isoDate(day)) above.push(extent - theirs);
    });
    above.sort((a, b) => a - b);
    const median = above[Math.floor(above.length / 2)] ?? NaN;
    expect(above.length).toBeGreaterThan(900);
    expect(median).toBeGreaterThan(0.2);
    expect(median).toBeLessThan(0.3);
    expect(masked).toEqual(['2015-04-15', '2015-08-05', '2015-08-06']);
  }, 60_000);
  it('tables of the Sea Ice Index', async ({ skip }) => {
    const daily = realFile('sea-ice-index/N_seaice_extent_daily_v3.0.csv') ?? skip(SKIP_NOTE);
    const rows = await readSeaIceIndexCsv(daily);
    expect(rows[0]).toEqual({ date: '1978-10-26', extent: 10.231, missing: 0, area: NaN });
    const september = realFile('sea-ice-index/N_09_extent_v3.0.csv') ?? skip(SKIP_NOTE);
    const months = await readSeaIceIndexCsv(september);
    expect(months.find(({ date }) => date === '2012-09-01')).toMatchObject({ extent: 3.57 });
    expect(months.every(({ extent }) => Number.isNaN(extent) || extent > 3)).toBe(true);
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
