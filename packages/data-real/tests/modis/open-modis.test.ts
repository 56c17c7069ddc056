import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRasterError, type RasterVariable } from '@arctic/raster';
import { afterAll, describe, expect, it } from 'vitest';
import { isDataRealError } from '../../src/errors.js';
import { isModisFile, timesInName } from '../../src/modis/modis-product.js';
import { openModis, type ModisFile } from '../../src/modis/open-modis.js';
import { STATE_MASKS } from '../../src/modis/state-bits.js';

const folder = mkdtempSync(join(tmpdir(), 'arctic-modis-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FIXTURES = join(import.meta.dirname, '../../../raster/tests/fixtures/hdf4');
const FILES = {
  reflectance: 'MOD09GA.A2022256.h16v01.061.2022258040506.hdf',
  swath: 'MOD29.A2022256.1305.061.2022256191011.hdf',
  tile: 'MOD29P1D.A2022256.h09v09.061.2022258061234.hdf',
  global: 'MOD29E1D.A2022256.061.2022258070809.hdf',
  snow: 'MOD10A1.A2022256.h16v01.061.2022258031415.hdf',
} as const;

async function withFile<T>(
  kind: keyof typeof FILES,
  action: (file: ModisFile) => Promise<T>,
): Promise<T> {
  const file = await openModis(join(FIXTURES, FILES[kind]));
  try {
    return await action(file);
  } finally {
    await file.close();
  }
}

function named(variables: readonly RasterVariable[], name: string): RasterVariable {
  const variable = variables.find((candidate) => candidate.name === name);
  if (!variable) throw new Error(`no ${name}`);
  return variable;
}

async function first(variable: RasterVariable, count: number): Promise<number[]> {
  return Array.from((await variable.read({ start: [0, 0], count: [1, count] })).data);
}

async function failing(path: string): Promise<string> {
  try {
    await openModis(path);
  } catch (error) {
    if (isDataRealError(error) || isRasterError(error)) return `${error._tag} ${error.message}`;
    throw error;
  }
  throw new Error('expected an error');
}

describe('openModis', () => {
  it('gives reflectances 0…1 and masks of the state bits', async () => {
    await withFile('reflectance', async (file) => {
      expect(file.product).toEqual({
        shortName: 'MOD09GA',
        family: 'reflectance',
        platform: 'Terra',
      });
      const red = named(file.variables, 'sur_refl_b01_1');
      const stored = await red.readStored();
      const { data } = await red.read();
      // Fill, and one code on either side of the valid range.
      expect([data[0], data[25], data[50]]).toEqual([NaN, NaN, NaN]);
      expect(data[300]).toBeCloseTo((stored[300] ?? 0) / 10000, 7);
      const state = await named(file.variables, 'state_1km_1').readStored();
      for (const [name, test] of Object.entries(STATE_MASKS)) {
        const mask = named(file.derived, `state_1km_1/${name}`);
        const want = Array.from(state, (bits) => (test(bits) ? 1 : 0));
        expect(Array.from((await mask.read()).data)).toEqual(want);
        expect(mask.placement).toEqual(named(file.variables, 'state_1km_1').placement);
      }
      expect(await first(named(file.derived, 'state_1km_1/fill'), 3)).toEqual([1, 1, 1]);
    });
  });

  it('knows the bits of the user guide', () => {
    const holding = (state: number) =>
      Object.entries(STATE_MASKS).flatMap(([name, test]) => (test(state) ? [name] : []));
    expect(holding(0b0000_0000_0000_1000)).toEqual(['land']);
    expect(holding(0b0001_0000_0011_0110)).toEqual(['cloud', 'cloudShadow', 'ocean', 'snowOrIce']);
    expect(holding(0b1010_0111_0001_0011)).toEqual([
      'coast',
      'cirrus',
      'internalCloud',
      'besideCloud',
      'internalSnow',
    ]);
    expect(holding(0b0000_0000_0001_1001)).toEqual(['cloud', 'inlandWater']);
    expect(holding(65535)).toEqual(['fill']);
  });

  it('decodes the classes and temperatures of sea ice', async () => {
    await withFile('swath', async (file) => {
      expect(file.times).toEqual(['2022-09-13T13:05:00Z']);
      const temperature = named(file.variables, 'Ice_Surface_Temperature');
      expect(temperature.units).toBe('degree_Kelvin');
      expect(await first(temperature, 8)).toEqual(new Array(8).fill(NaN));
      const { data } = await temperature.read({ start: [1, 0], count: [1, 24] });
      expect(data.every((kelvin) => kelvin >= 243 && kelvin <= 273)).toBe(true);
      const flags = [
        'missing',
        'noDecision',
        'night',
        'land',
        'inlandWater',
        'openWater',
        'cloud',
        'fill',
      ];
      for (const [i, flag] of flags.entries()) {
        const mask = await first(named(file.derived, `Ice_Surface_Temperature/${flag}`), 8);
        expect([flag, mask.indexOf(1)]).toEqual([flag, i]);
      }
      const codes = await named(file.variables, 'Sea_Ice_by_Reflectance').readStored();
      const ice = await named(file.derived, 'Sea_Ice_by_Reflectance/seaIceOrNot').read();
      const want = Array.from(codes, (code) => (code === 200 ? 1 : code === 39 ? 0 : NaN));
      expect(Array.from(ice.data)).toEqual(want);
    });
    await withFile('global', async (file) => {
      const north = await first(named(file.variables, 'Ice_Surface_Temperature_NP'), 8);
      expect(north).toEqual(new Array(8).fill(NaN));
      const noInput = named(file.derived, 'Sea_Ice_by_Reflectance_SP/noInput');
      expect(noInput.placement?.crs).toBe('EPSG:3409');
      const fill = named(file.derived, 'Ice_Surface_Temperature_NP/fill');
      expect(await first(fill, 8)).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    });
    await withFile('tile', async (file) => {
      // Without a valid range of its own, the flags are known from the key.
      expect(await first(named(file.variables, 'Ice_Surface_Temperature'), 8)).toEqual(
        new Array(8).fill(NaN),
      );
      expect(file.derived.some(({ name }) => name === 'latitude')).toBe(false);
    });
  });

  it('decodes snow', async () => {
    await withFile('snow', async (file) => {
      const cover = named(file.variables, 'NDSI_Snow_Cover');
      const row = await first(cover, 10);
      expect(row.slice(0, 8)).toEqual(new Array(8).fill(NaN));
      expect(row[9]).toBeGreaterThan(50);
      expect(await first(named(file.derived, 'NDSI_Snow_Cover/cloud'), 8)).toEqual([
        0, 0, 0, 0, 0, 1, 0, 0,
      ]);
      const albedo = await first(named(file.variables, 'Snow_Albedo_Daily_Tile'), 13);
      expect(albedo.slice(0, 12)).toEqual(new Array(12).fill(NaN));
      expect(albedo[12]).toBeGreaterThan(0);
    });
  });

  it('places every cell of a swath, across the dateline too', async () => {
    await withFile('swath', async (file) => {
      const latitude = named(file.derived, 'latitude');
      const longitude = named(file.derived, 'longitude');
      expect(latitude.shape).toEqual([20, 24]);
      const ties = await named(file.variables, 'Longitude').readStored();
      const lat = (await latitude.read()).data;
      const lon = (await longitude.read()).data;
      // Tie point (1, 2) belongs to cell (7, 12).
      expect(lon[7 * 24 + 12]).toBeCloseTo(ties[7] ?? NaN, 9);
      expect(lat[7 * 24 + 12]).toBeCloseTo(Math.fround(80 - 0.045 - 0.02), 9);
      for (let row = 0; row < 20; row++) {
        for (let column = 0; column < 24; column++) {
          const i = row * 24 + column;
          const down = (row - 2) / 5;
          const across = (column - 2) / 5;
          // The made places are linear in angles, the chords between them all but.
          expect(lat[i]).toBeCloseTo(80 - 0.045 * down - 0.01 * across, 3);
          const east = (lon[i] ?? NaN) - (179.2 + 0.25 * across + 0.05 * down);
          expect(Math.abs(((east + 540) % 360) - 180)).toBeLessThan(2e-3);
        }
      }
      expect(lon.some((value) => value > 179) && lon.some((value) => value < -179)).toBe(true);
      const part = await longitude.read({ start: [5, 3], count: [2, 4] });
      expect(part.data[5]).toBe(lon[6 * 24 + 4]);
    });
  });

  it('takes product and time from the name where the file says neither', async () => {
    expect(timesInName('a/MYD29.A2020061.2355.061.hdf')).toEqual(['2020-03-01T23:55:00Z']);
    expect(timesInName('MOD29E1D.A2009340.005.2009341094922.hdf')).toEqual([
      '2009-12-06T00:00:00Z',
    ]);
    expect(timesInName('ice.hdf')).toEqual([]);
    expect(isModisFile('x/MYD10_L2.A2020061.2355.061.2020062.hdf')).toBe(true);
    expect(isModisFile('x/MOD13A2.A2020061.h18v04.061.2020062.hdf')).toBe(false);
    expect(isModisFile('x/MOD29.A2020061.2355.061.2020062.hdf.xml')).toBe(false);
    const path = join(folder, 'MYD29.A2020061.2355.061.2020062010203.hdf');
    copyFileSync(join(FIXTURES, 'types.hdf'), path);
    const file = await openModis(path);
    expect(file.product).toEqual({ shortName: 'MYD29', family: 'sea-ice', platform: 'Aqua' });
    expect(file.times).toEqual(['2020-03-01T23:55:00Z']);
    expect(file.variables[0]?.times).toEqual(file.times);
    await file.close();
  });

  it('refuses other products and other formats', async () => {
    expect(await failing(join(FIXTURES, 'grids.hdf'))).toMatch(/^UnsupportedFormat .*MOD29P1D/);
    const path = join(folder, 'MOD29.A2020061.2355.061.2020062010203.hdf');
    expect(await failing(path)).toMatch(/^MissingFile/);
    writeFileSync(path, 'not HDF at all');
    expect(await failing(path)).toMatch(/^UnsupportedFormat/);
  });
});
