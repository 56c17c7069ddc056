import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRasterError } from '../../src/errors.js';
import { writeZarr } from '../../src/zarr/write-zarr.js';
import { openZarr } from '../../src/zarr/open-zarr.js';
import { failure, fixture, temporaryFolder } from '../helpers.js';
import { repeatable } from '../jp2/helpers.js';

const folder = temporaryFolder();
/** What xarray reads; null stands for NaN. */
const expected: Readonly<
  Record<
    string,
    Readonly<
      Record<
        string,
        {
          readonly dims: readonly string[];
          readonly shape: readonly number[];
          readonly times?: readonly string[];
          readonly values?: readonly (number | null)[];
        }
      >
    >
  >
> = JSON.parse(readFileSync(fixture('zarr/expected.json'), 'utf8'));

describe('openZarr', () => {
  it.each(Object.keys(expected))('reads every array of %s as xarray does', async (name) => {
    const truth = expected[name] ?? {};
    const file = await openZarr(fixture(`zarr/${name}`));
    expect(file.format).toBe('zarr');
    expect(file.variables.map((variable) => variable.name).sort()).toEqual(
      Object.keys(truth).sort(),
    );
    for (const variable of file.variables) {
      const { dims, shape, times, values } = truth[variable.name] ?? {};
      expect([variable.name, variable.shape]).toEqual([variable.name, shape]);
      if (variable.name !== 'scalar') expect(variable.dims).toEqual(dims);
      if (times) expect(variable.times).toEqual(times);
      if (!values) continue;
      const { data } = await variable.read();
      expect(data).toHaveLength(values.length);
      values.forEach((value, i) => {
        if (value === null) expect(data[i]).toBeNaN();
        else expect(data[i]).toBeCloseTo(value, 5);
      });
    }
    await file.close();
  });

  it.each(['xarray-v2.zarr', 'xarray-v3.zarr'])(
    'finds the place and the times of %s',
    async (name) => {
      const file = await openZarr(fixture(`zarr/${name}`));
      expect(file.crs).toBe('EPSG:3413');
      expect(file.transform).toEqual([-1012500, 25000, 0, 2012500, 0, -25000]);
      const packed = file.variables.find((variable) => variable.name === 'packed');
      expect(packed).toMatchObject({
        dtype: 'int16',
        units: '%',
        timeAxis: 0,
        times: ['2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z', '2020-01-03T00:00:00Z'],
        decoding: { scale: 0.01, offset: 1, missing: [-999] },
        placement: { rowAxis: 1, columnAxis: 2, rowsFromSouth: false },
      });
      expect(file.attributes).toEqual({ title: 'a store', count: 3, list: [1, 2] });
      await file.close();
    },
  );

  it('lists arrays as consolidated metadata do, else by name', async () => {
    const store = join(folder, 'order.zarr');
    cpSync(fixture('zarr/xarray-v2.zarr'), store, { recursive: true });
    const path = join(store, '.zmetadata');
    const { metadata, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
    const turned = Object.fromEntries(Object.entries(metadata).reverse());
    writeFileSync(path, JSON.stringify({ ...rest, metadata: turned }));
    const names = async () => (await openZarr(store)).variables.map(({ name }) => name);
    const first = await names();
    writeFileSync(path, '{"zarr_consolidated_format":1,"metadata":{}}');
    const second = await names();
    expect(second).toEqual([...first].sort());
    expect(first).not.toEqual(second);
  });

  it.each([2, 3])(
    'reads the CRS, the nodata and the place of GDAL (format %i)',
    async (version) => {
      const file = await openZarr(fixture(`zarr/gdal-v${version}.zarr`));
      expect(file.crs).toBe('EPSG:3413');
      expect(file.transform).toEqual([-1e6, 250, 0, 2e6, 0, -300]);
      const band = file.variables.find(({ name }) => name === `gdal-v${version}`);
      const { data } = (await band?.read({ start: [0, 5], count: [2, 2] })) ?? {};
      expect(Array.from(data ?? [])).toEqual([5, 6, 12, 13]);
      expect((await band?.read({ start: [1, 0], count: [1, 2] }))?.data).toEqual(
        Float32Array.of(NaN, 8),
      );
    },
  );

  it('reads GeoZarr keys of a group above', async () => {
    const store = join(folder, 'geo.zarr');
    cpSync(fixture('zarr/codecs-v3.zarr'), store, { recursive: true });
    const path = join(store, 'zarr.json');
    const group = JSON.parse(readFileSync(path, 'utf8'));
    group.attributes = {
      'proj:code': 'EPSG:32633',
      'spatial:transform': [10, 0, 6e5, 0, -10, 8e6],
    };
    writeFileSync(path, JSON.stringify(group));
    const file = await openZarr(store);
    expect([file.crs, file.transform]).toEqual(['EPSG:32633', [6e5, 10, 0, 8e6, 0, -10]]);
  });

  it('reads windows across chunks and shards', async () => {
    const file = await openZarr(fixture('zarr/codecs-v3.zarr'));
    for (const name of ['shard', 'big', 'turned', 'half']) {
      const variable = file.variables.find((one) => one.name === name);
      const whole = await variable?.readStored();
      const window = await variable?.readStored({ start: [2, 3], count: [7, 6] });
      for (let i = 0; i < 42; i++) {
        expect(window?.[i]).toBe(whole?.[(2 + Math.floor(i / 6)) * 10 + 3 + (i % 6)]);
      }
      expect(await variable?.readStored({ start: [0, 0], count: [0, 10] })).toHaveLength(0);
    }
  });

  it('reads what writeZarr writes', async () => {
    const store = join(folder, 'written.zarr');
    await writeZarr(store, {
      height: 3,
      width: 4,
      crs: 'EPSG:6931',
      transform: [-1e6, 25000, 0, 1e6, 0, -25000],
      times: ['2021-03-01', '2021-03-02'],
      attributes: { title: 'written' },
      variables: [
        {
          name: 'ice',
          dtype: 'int16',
          overTime: true,
          units: '1',
          longName: 'ice',
          fill: -1,
          scale: 0.5,
          rows: (step, first, count) =>
            Int16Array.from({ length: 4 * count }, (_, i) =>
              i === 0 ? -1 : step * 100 + first * 4 + i,
            ),
        },
      ],
    });
    const file = await openZarr(store);
    expect(file.crs).toBe('EPSG:6931');
    expect(file.transform).toEqual([-1e6, 25000, 0, 1e6, 0, -25000]);
    expect(file.times).toEqual(['2021-03-01T00:00:00Z', '2021-03-02T00:00:00Z']);
    const ice = file.variables.find(({ name }) => name === 'ice');
    const { data } = (await ice?.read({ start: [1, 0, 0], count: [1, 1, 4] })) ?? {};
    expect(data).toEqual(Float32Array.of(NaN, 50.5, 51, 51.5));
  });

  it('refuses what is no store, and unknown codecs', async () => {
    await failure(() => openZarr(join(folder, 'none.zarr')), 'MissingFile');
    await failure(() => openZarr(fixture('rgb.tif')), 'MissingFile');
    await failure(() => openZarr(fixture('npz')), 'UnsupportedFormat');
    const store = join(folder, 'codec.zarr');
    cpSync(fixture('zarr/codecs-v3.zarr'), store, { recursive: true });
    const path = join(store, 'half', 'zarr.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"zstd"', '"pcodec"'));
    const half = (await openZarr(store)).variables.find(({ name }) => name === 'half');
    expect(await failure(() => half?.read(), 'UnsupportedFormat')).toContain('pcodec');
  });

  it('ends damaged metadata and chunks in arrays or a RasterError', async () => {
    const random = repeatable(9);
    const numbers = ['-1', '0', '1e15', '4294967296', 'null', '"x"', '2147483647'];
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)];
    for (let i = 0; i < 30; i++) {
      const store = join(folder, 'damaged.zarr');
      const format = pick(['codecs-v3.zarr', 'xarray-v3.zarr']) ?? '';
      cpSync(fixture(`zarr/${format}`), store, { recursive: true });
      const array = format.startsWith('x') ? 'sic' : (pick(['shard', 'big', 'half']) ?? '');
      const path = join(store, array, pick(['zarr.json', 'c/0/0', 'c/0/0/0']) ?? '');
      try {
        const bytes = readFileSync(path);
        if (path.endsWith('json')) {
          const text = bytes.toString();
          const at = pick(Array.from(text.matchAll(/\b\d+\b/g)));
          const from = at?.index ?? 0;
          writeFileSync(
            path,
            text.slice(0, from) + pick(numbers) + text.slice(from + (at?.[0].length ?? 0)),
          );
        } else {
          bytes[Math.floor(random() * bytes.length)] = 255;
          writeFileSync(path, bytes.subarray(0, bytes.length * (random() < 0.5 ? 1 : random())));
        }
      } catch {
        continue; // This array has no chunk of that name.
      }
      try {
        for (const variable of (await openZarr(store)).variables) await variable.read();
      } catch (error) {
        expect(isRasterError(error), String(error)).toBe(true);
      }
    }
  });
});
