import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openNetCdf4 } from '../../src/netcdf/netcdf4.js';
import { failure, temporaryFolder } from '../helpers.js';
import { expectedFile, fixture, listed, variableOf } from './helpers.js';

/** First bytes of deflated data. */
const ZLIB_START = Buffer.from([0x78, 0x5e]);

describe('openNetCdf4', () => {
  for (const name of ['odd.nc', 'oldest.h5']) {
    it(`reads ${name} as netCDF4-python does`, async () => {
      const file = await openNetCdf4(fixture(name));
      const expected = expectedFile(name);
      const names = file.variables.map((variable) => variable.name);
      expect(names.filter((variable) => variable !== 'unsigned')).toEqual(Object.keys(expected));
      for (const variable of file.variables) {
        const known = expected[variable.name];
        if (!known) continue;
        expect([variable.name, variable.dims, variable.shape, variable.dtype]).toEqual([
          variable.name,
          known.dims,
          known.shape,
          known.dtype,
        ]);
        // netCDF4-python knows no flags.
        if (variable.name === 'cdr_supplementary/raw') continue;
        const single = (value: number | null) => (value === null ? null : Math.fround(value));
        const { data } = await variable.read();
        const values = data instanceof Float32Array ? known.values.map(single) : known.values;
        expect(listed(data)).toEqual(values);
      }
      await file.close();
    });
  }

  it('fills what a shorter variable lacks of a dimension without limit', async () => {
    const file = await openNetCdf4(fixture('uneven.nc'));
    const short = variableOf(file, 'short');
    expect(short.shape).toEqual([3, 2]);
    expect(listed((await short.read()).data)).toEqual([0, 1, null, null, null, null]);
    await file.close();
  });

  it('finds chunks by every index of HDF5, behind a user block', async () => {
    const file = await openNetCdf4(fixture('newest.h5'));
    const expected = expectedFile('newest.h5');
    expect(file.variables.map(({ name }) => name)).toEqual(Object.keys(expected));
    for (const variable of file.variables) {
      const stored = await variable.readStored();
      let [sum, weighted] = [0, 0];
      stored.forEach((value: number, i: number) => {
        if (!Number.isFinite(value)) return;
        sum += value;
        weighted += value * (1 + (i % 97));
      });
      const { name, dims, shape } = variable;
      expect({ name, dims, shape, sum, weighted }).toEqual({
        name,
        dims: expected[name]?.dims,
        shape: expected[name]?.shape,
        sum: expected[name]?.sum,
        weighted: expected[name]?.weighted,
      });
    }
    await file.close();
  });

  it('reads any region of chunks', async () => {
    const file = await openNetCdf4(fixture('newest.h5'));
    for (const name of ['fixed', 'growing', 'both', 'implicit', 'single', 'big', 'szip']) {
      const stored = await variableOf(file, name).readStored({ start: [5, 10], count: [9, 23] });
      const wanted = Array.from(
        { length: 9 * 23 },
        (_, i) => (5 + Math.floor(i / 23)) * 40 + 10 + (i % 23),
      );
      expect([name, ...stored]).toEqual([name, ...wanted]);
    }
    const half = await variableOf(file, 'half').readStored();
    expect(Array.from(half)).toEqual([
      0,
      -1.5,
      65504,
      5.960464477539063e-8,
      Infinity,
      NaN,
      0.0999755859375,
      -0,
    ]);
    const sparse = variableOf(file, 'sparse');
    expect(sparse.decoding.missing).toEqual([-5]);
    expect(listed((await sparse.read({ start: [4, 4], count: [1, 2] })).data)).toEqual([3, null]);
    await file.close();
  });

  it('keeps order, attributes and places of variables', async () => {
    const file = await openNetCdf4(fixture('odd.nc'));
    expect(Object.keys(file.attributes).slice(0, 3)).toEqual(['note11', 'note10', 'note9']);
    expect(String(file.attributes['long'])).toHaveLength(10_000);
    expect(file.attributes['words']).toEqual(['ice', 'Meer']);
    expect([file.crs, file.transform]).toEqual([
      'EPSG:3411',
      [-3_850_000, 12_500, 0, 5_850_000, 0, -12_500],
    ]);
    const zeta = variableOf(file, 'zeta');
    expect(zeta.placement).toEqual({
      rowAxis: 1,
      columnAxis: 0,
      rowsFromSouth: true,
      columnsFromEast: false,
      crs: 'EPSG:3411',
      transform: [-3_850_000, 12_500, 0, 5_850_000, 0, -12_500],
      curvilinear: { latitude: 'lat', longitude: 'lon' },
    });
    expect(Object.keys(zeta.attributes)).toEqual([
      '_FillValue',
      'scale_factor',
      'add_offset',
      'grid_mapping',
      'units',
    ]);
    expect([zeta.units, zeta.chunkShape, zeta.times.length]).toEqual(['%', [4, 3], 0]);
    const raw = variableOf(file, 'cdr_supplementary/raw');
    expect([raw.placement?.crs, raw.timeAxis, raw.times]).toEqual([
      'EPSG:3411',
      0,
      ['1970-01-01T10:00:00Z', '1970-01-02T22:00:00Z'],
    ]);
    expect(raw.decoding.missing).toEqual([255, 251, 252, 253, 254]);
    const values = new Set(listed((await raw.read()).data));
    expect(values).toEqual(new Set([null, 0, 0.5, 1]));
    expect(variableOf(file, 'unsigned')).toMatchObject({
      dtype: 'uint8',
      decoding: { validMin: 0, validMax: 250 },
    });
    await file.close();
  });

  it('places the grids of HDF-EOS5', async () => {
    const file = await openNetCdf4(fixture('amsr2.he5'));
    const [field] = file.variables;
    expect(field?.name).toBe('HDFEOS/GRIDS/NpPolarGrid25km/Data Fields/SI_25km_NH_ICECON_DAY');
    expect(field?.units).toBe('percent');
    expect(field?.placement?.transform).toEqual([-3_850_000, 25_000, 0, 5_850_000, 0, -25_000]);
    // The metadata rounds the ellipsoid.
    expect(field?.placement?.crs).toMatch(
      /^EPSG:3411$|^\+proj=stere \+lat_0=90 \+lat_ts=70 \+lon_0=-45/,
    );
    await file.close();
  });

  it('refuses what is cut off or something else', async () => {
    const folder = temporaryFolder();
    const bytes = readFileSync(fixture('odd.nc'));
    const short = join(folder, 'short.nc');
    writeFileSync(short, bytes.subarray(0, bytes.length - 1));
    expect(await failure(() => openNetCdf4(short), 'DamagedFile')).toContain('short.nc');
    await failure(() => openNetCdf4(fixture('classic.nc')), 'UnsupportedFormat');
    await failure(() => openNetCdf4(join(folder, 'none.nc')), 'MissingFile');
    // One changed byte of packed values: inflate or the checksum tells.
    const damaged = join(folder, 'damaged.nc');
    const chunk = bytes.indexOf(ZLIB_START);
    bytes.fill(0x55, chunk + 6, chunk + 8);
    writeFileSync(damaged, bytes);
    const file = await openNetCdf4(damaged);
    const results = await Promise.allSettled(
      file.variables.map((variable) => variable.readStored()),
    );
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed.map(({ reason }) => String(reason))).toEqual([
      expect.stringContaining('damaged.nc: expected an HDF5 chunk that unpacks'),
    ]);
    await file.close();
  });
});
