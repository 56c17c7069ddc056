import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openNetCdf3 } from '../../src/netcdf/netcdf3.js';
import { failure, temporaryFolder } from '../helpers.js';
import { expectedFile, fixture, listed, variableOf } from './helpers.js';

describe('openNetCdf3', () => {
  for (const name of ['classic.nc', 'one-record.nc', 'cdf5.nc']) {
    it(`reads ${name} as netCDF4-python does`, async () => {
      const file = await openNetCdf3(fixture(name));
      const expected = expectedFile(name);
      expect(file.variables.map((variable) => variable.name)).toEqual(Object.keys(expected));
      for (const variable of file.variables) {
        const { dims, shape, dtype, values } = expected[variable.name] ?? {};
        expect([variable.dims, variable.shape]).toEqual([dims, shape]);
        const { data } = await variable.read();
        // netCDF4-python masks nothing by `_Unsigned` missing values of another sign.
        if (variable.name === 'flag') continue;
        expect(variable.dtype).toBe(dtype);
        expect(listed(data)).toEqual(values);
      }
      await file.close();
    });
  }

  it('turns signed bytes that mean unsigned ones', async () => {
    const file = await openNetCdf3(fixture('classic.nc'));
    const flag = variableOf(file, 'flag');
    expect([flag.dtype, flag.decoding.missing]).toEqual(['uint8', [255, 254]]);
    const stored = await flag.readStored({ start: [0, 1, 0], count: [2, 1, 5] });
    expect(Array.from(stored)).toEqual([236, 237, 238, 239, 240, 251, 252, 253, 254, 255]);
    await file.close();
  });

  it('places a grid of the dateline, rows from the south', async () => {
    const file = await openNetCdf3(fixture('classic.nc'));
    expect([file.crs, file.transform]).toEqual(['EPSG:4326', [359.75, 0.1, 0, 60.35, 0, -0.1]]);
    expect(file.times).toEqual([
      '2000-02-28T00:00:00Z',
      '2000-03-01T00:00:00Z',
      '2000-03-01T06:00:00Z',
    ]);
    const { placement, timeAxis } = variableOf(file, 'sic');
    expect(placement).toMatchObject({ rowAxis: 1, columnAxis: 2, rowsFromSouth: true });
    expect([placement?.columnsFromEast, timeAxis]).toEqual([false, 0]);
    expect(file.attributes).toEqual({ title: 'classic', numbers: [1, 2, 3] });
    await file.close();
  });

  it('counts records that were still being written', async () => {
    const file = await openNetCdf3(fixture('streaming.nc'));
    const sic = variableOf(file, 'sic');
    expect(sic.shape).toEqual([3, 3, 5]);
    expect(listed((await sic.read()).data)).toEqual(expectedFile('classic.nc')['sic']?.values);
    await file.close();
  });

  it('reads any region', async () => {
    const file = await openNetCdf3(fixture('classic.nc'));
    const sic = variableOf(file, 'sic');
    const whole = await sic.readStored();
    for (const start of [0, 1]) {
      const stored = await sic.readStored({ start: [start, 1, 2], count: [2, 2, 3] });
      const wanted: number[] = [];
      for (let t = start; t < start + 2; t++) {
        for (let y = 1; y < 3; y++)
          wanted.push(...whole.subarray(t * 15 + y * 5 + 2, t * 15 + y * 5 + 5));
      }
      expect(Array.from(stored)).toEqual(wanted);
    }
    await failure(() => sic.readStored({ start: [0, 0, 0], count: [4, 1, 1] }), 'WrongShape');
    await file.close();
  });

  it('refuses what is cut off or something else', async () => {
    const folder = temporaryFolder();
    const bytes = readFileSync(fixture('classic.nc'));
    const short = join(folder, 'short.nc');
    writeFileSync(short, bytes.subarray(0, 200));
    expect(await failure(() => openNetCdf3(short), 'DamagedFile')).toContain('short.nc');
    writeFileSync(short, bytes.subarray(0, bytes.length - 40));
    const file = await openNetCdf3(short);
    await failure(() => variableOf(file, 'sic').read(), 'DamagedFile');
    await file.close();
    await failure(() => openNetCdf3(fixture('odd.nc')), 'UnsupportedFormat');
    await failure(() => openNetCdf3(join(folder, 'none.nc')), 'MissingFile');
  });
});
