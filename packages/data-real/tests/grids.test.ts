import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ARCTIC_REGIONS, readRegionMask, seaIceGrid } from '../src/index.js';
import { failure, realFile, SKIP_NOTE, temporaryFolder } from './helpers.js';

const folder = temporaryFolder();

it('EASE-Grid 2.0: equal areas, the pole in the middle, corners where NSIDC says', () => {
  const { area, lat, lon, width, grid } = seaIceGrid('ease2n25');
  expect(area.every((value) => Math.abs(value - 625) < 1e-9)).toBe(true);
  expect(lat[215 * width + 215]).toBeGreaterThan(89.8);
  // The upper left cell lies toward 135° W.
  expect(lon[0]).toBeCloseTo(-135, 6);
  expect(grid.transform?.[0]).toBe(-5_400_000);
  const south = seaIceGrid('ease2s12.5');
  expect([south.area[5], south.height, (south.lat[0] ?? 0) < 0]).toEqual([156.25, 864, true]);
});

it('polar stereographic grids share the projection, not the cells', () => {
  const nsidc = seaIceGrid('psn25');
  const osi = seaIceGrid('osisaf-nh10');
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  expect(sum(osi.area) / sum(nsidc.area)).toBeCloseTo(1, 4);
  expect(seaIceGrid('pss25').hemisphere).toBe('south');
});

it('refuses a name that is none', async () => {
  // @ts-expect-error a name that the type refuses too
  expect(await failure(() => seaIceGrid('mercator'), 'InvalidOption')).toContain('psn25');
});

it('region masks: numbers, names and the sea', async () => {
  const path = join(folder, 'RegionMask_NH_ps25km_304x448_2021.bin');
  writeFileSync(path, Buffer.alloc(448 * 304, 30).fill(2, 0, 10));
  const { ocean, regions, height } = await readRegionMask(path);
  expect([height, ocean[0], ocean[10], ARCTIC_REGIONS[regions[0] ?? 0]]).toEqual([
    448,
    1,
    0,
    'beaufort_sea',
  ]);
});

it('the real mask: Hudson Bay lies in Canada', async ({ skip }) => {
  const path = realFile('grids/RegionMask_NH_ps25km_304x448_2021.bin') ?? skip(SKIP_NOTE);
  const { regions } = await readRegionMask(path);
  const { lat, lon } = seaIceGrid('psn25');
  const bay = Array.from(regions.keys()).filter(
    (i) => ARCTIC_REGIONS[regions[i] ?? 0] === 'hudson_bay',
  );
  const mean = (values: Float64Array) =>
    bay.reduce((sum, i) => sum + (values[i] ?? 0), 0) / bay.length;
  expect(bay).toHaveLength(2122);
  expect([Math.round(mean(lat)), Math.round(mean(lon))]).toEqual([61, -82]);
});
