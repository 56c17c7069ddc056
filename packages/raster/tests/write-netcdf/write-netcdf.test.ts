import fc from 'fast-check';
import h5wasm from 'h5wasm/node';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GridDataset, WrittenType } from '../../src/grid-dataset.js';
import { openNetCdf4 } from '../../src/netcdf/netcdf4.js';
import { lookup3 } from '../../src/netcdf/write-checksum.js';
import { writeNetCdf, type WriteNetCdfOptions } from '../../src/netcdf/write-netcdf.js';
import { failure, temporaryFolder } from '../helpers.js';
import {
  CLASSES,
  concentration,
  dataset,
  HEIGHT,
  SIC,
  THICKNESS,
  THICKNESS_MAP,
  variable,
  WIDTH,
} from './dataset.js';

const folder = temporaryFolder();
let serial = 0;

async function written(data: GridDataset, options?: WriteNetCdfOptions): Promise<string> {
  const path = join(folder, `${serial++}.nc`);
  await writeNetCdf(path, data, options);
  return path;
}

describe('as the HDF5 library reads it', () => {
  beforeAll(() => h5wasm.ready);

  function open(path: string) {
    const file = new h5wasm.File(path, 'r');
    const get = (name: string) => {
      const found = file.get(name);
      if (!(found instanceof h5wasm.Dataset)) throw new Error(`no data set ${name}`);
      return found;
    };
    const texts = (name: string) =>
      Object.fromEntries(
        Object.entries(get(name).attrs)
          .filter(([key]) => !['DIMENSION_LIST', 'REFERENCE_LIST'].includes(key))
          .map(([key, { value }]) => [
            key,
            ArrayBuffer.isView(value) ? Array.from(value as never) : value,
          ]), // of numbers
      );
    return { file, get, texts };
  }

  it('axes, attributes and values of a projected series', async () => {
    const { file, get, texts } = open(await written(dataset(), { chunk: [2, 3] }));
    expect(file.keys()).toEqual([
      'time',
      'y',
      'x',
      'lat',
      'lon',
      'crs',
      'sic',
      'thickness',
      'ice_class',
    ]);
    const sic = get('sic');
    expect([sic.shape, sic.metadata.chunks, sic.filters.map(({ id }) => id)]).toEqual([
      [3, HEIGHT, WIDTH],
      [1, 2, 3],
      [2, 1],
    ]);
    expect(sic.value).toEqual(SIC);
    expect([0, 1, 2].map((axis) => sic.get_attached_scales(axis))).toEqual([
      ['/time'],
      ['/y'],
      ['/x'],
    ]);
    expect(['time', 'y', 'x'].map((name) => get(name).get_scale_name())).toEqual([
      'time',
      'y',
      'x',
    ]);
    expect(texts('sic')).toEqual({
      valid_min: [0],
      valid_max: [100],
      cell_methods: 'area: mean',
      long_name: 'the sic',
      standard_name: 'sea_ice_area_fraction',
      units: '1',
      _FillValue: [-999],
      scale_factor: [0.01],
      add_offset: [0],
      coordinates: 'lat lon',
      grid_mapping: 'crs',
    });
    for (const name of ['valid_min', '_FillValue']) expect(sic.attrs[name]?.dtype).toBe('<h');
    expect(get('thickness').value).toEqual(THICKNESS);
    expect(get('thickness').attrs['_FillValue']?.value).toEqual(Float32Array.of(NaN));
    expect(texts('y')).toMatchObject({
      standard_name: 'projection_y_coordinate',
      units: 'm',
      axis: 'Y',
    });
    expect(get('y').value).toEqual(Float64Array.of(987500, 962500, 937500, 912500, 887500));
    expect(get('time').value).toEqual(Float64Array.of(17074, 17075, 17077));
    expect(texts('time')).toMatchObject({
      units: 'days since 1970-01-01 00:00:00',
      calendar: 'standard',
    });
    expect(texts('crs')).toMatchObject({
      grid_mapping_name: 'polar_stereographic',
      straight_vertical_longitude_from_pole: [-45],
      GeoTransform: '-500000 25000 0 1000000 0 -25000',
    });
    expect(texts('crs')['spatial_ref']).toContain('3413');
    // pyproj.Transformer('EPSG:3413', 'EPSG:4326') of the centre of the first pixel.
    const [lat, lon] = [get('lat'), get('lon')];
    expect([lat.shape, lat.dtype, lon.dtype]).toEqual([[HEIGHT, WIDTH], '<f', '<f']);
    expect(
      lat.slice([
        [0, 1],
        [0, 1],
      ]),
    ).toEqual(Float32Array.of(79.85928027412125));
    expect(
      lon.slice([
        [0, 1],
        [0, 1],
      ]),
    ).toEqual(Float32Array.of(161.27421215472742));
    expect(file.attrs['Conventions']?.value).toBe('CF-1.8');
    expect(file.attrs['title']?.value).toBe('A forecast, 5 °C');
    expect(file.attrs['count']?.value).toEqual(Int32Array.of(3));
    expect(file.attrs['words']?.value).toEqual(['a', 'bc']);
    file.close();
  });
  it('unsigned integers in the next signed type, flags with them', async () => {
    const { file, get, texts } = open(await written(dataset()));
    const classes = get('ice_class');
    expect(classes.dtype).toBe('<h');
    expect(classes.value).toEqual(Int16Array.from(CLASSES));
    expect(classes.attrs['flag_values']?.dtype).toBe('<h');
    expect(texts('ice_class')).toMatchObject({
      _FillValue: [255],
      flag_values: [0, 1, 2],
      flag_meanings: 'open_water thin_ice thick_ice',
    });
    file.close();
  });
  it('attributes copied from another file do not contradict the dataset', async () => {
    const attributes = {
      scale_factor: 0.5,
      _FillValue: 0,
      coordinates: 'longitude latitude',
      units: 'percent',
      comment: 'kept',
    };
    const path = await written(dataset({ variables: [{ ...THICKNESS_MAP, attributes }] }));
    const { file, texts } = open(path);
    expect(texts('thickness')).toEqual({
      comment: 'kept',
      long_name: 'the thickness',
      units: 'm',
      _FillValue: [NaN],
      coordinates: 'lat lon',
      grid_mapping: 'crs',
    });
    file.close();
  });
  it('hundreds of chunks, of two levels of the tree', async () => {
    const all = Int32Array.from({ length: 900 }, (_, i) => i * 77);
    const parts = { name: 'v', dtype: 'int32', overTime: false, units: null, fill: null } as const;
    const data = dataset({
      height: 30,
      width: 30,
      times: null,
      variables: [variable(parts, all, 30, 30)],
    });
    const { file, get } = open(await written(data, { chunk: [1, 1], level: 0, latLon: false }));
    expect([get('v').filters, get('v').value]).toEqual([[], all]);
    file.close();
  });
});

describe('round trip', () => {
  const grids: Record<string, Partial<GridDataset>> = {
    'polar stereographic': {},
    'EASE2 without time': { crs: 'EPSG:6931', times: null },
    'NSIDC, hours': {
      crs: 'EPSG:3411',
      times: ['2016-09-30T12:00:00Z', '2016-10-01T00:00:00.5Z', '2016-10-02'],
    },
    geographic: { crs: 'EPSG:4326', transform: [-30, 0.25, 0, 85, 0, -0.1] },
    'no CRS': { crs: null },
    'no position': { crs: null, transform: null },
  };
  for (const [name, overrides] of Object.entries(grids)) {
    it(name, async () => {
      const data = dataset(overrides);
      const file = await openNetCdf4(await written(data));
      expect(file.crs).toBe(data.crs);
      expect(file.transform).toEqual(data.transform);
      const full = (time: string) => (time.length === 10 ? `${time}T00:00:00Z` : time);
      expect(file.times.map((time) => Date.parse(time))).toEqual(
        (data.times ?? []).map((time) => Date.parse(full(time))),
      );
      const sic = file.variables.find((one) => one.name === 'sic');
      const stored = await sic?.readStored();
      expect(stored).toEqual(data.times ? SIC : SIC.slice(0, HEIGHT * WIDTH));
      expect(sic?.units).toBe('1');
      const { data: values } = (await sic?.read()) ?? { data: [] };
      expect(values[0]).toBeNaN();
      expect(values[1]).toBe(Math.fround(0.01));
      const thickness = file.variables.find((one) => one.name === 'thickness');
      expect(await thickness?.readStored()).toEqual(THICKNESS);
      await file.close();
    });
  }
  it('every type, any shape and chunk', async () => {
    const types = {
      int8: Int8Array,
      int16: Int16Array,
      int32: Int32Array,
      float32: Float32Array,
      float64: Float64Array,
    };
    const kinds: WrittenType[] = ['int8', 'int16', 'int32', 'float32', 'float64'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...kinds),
        fc.tuple(
          fc.integer({ min: 1, max: 3 }),
          fc.integer({ min: 1, max: 9 }),
          fc.integer({ min: 1, max: 9 }),
        ),
        fc.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 })),
        fc.integer({ min: 0, max: 9 }),
        async (dtype, [steps, height, width], chunk, level) => {
          const all = new types[dtype as keyof typeof types](steps * height * width); // a signed one
          for (let i = 0; i < all.length; i++) all[i] = (i * 37) % 120;
          const parts = { name: 'v', dtype, overTime: true, units: null, fill: -1 };
          const data = dataset({
            height,
            width,
            times: ['2020-01-01', '2020-01-02', '2020-01-03'].slice(0, steps),
            variables: [variable(parts, all, height, width)],
          });
          const file = await openNetCdf4(await written(data, { chunk, level, latLon: false }));
          const v = file.variables.find((one) => one.name === 'v');
          expect([v?.shape, v?.dtype]).toEqual([[steps, height, width], dtype]);
          expect(await v?.readStored()).toEqual(all);
          await file.close();
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('streaming', () => {
  it('asks for bands in order, and says how far it is', async () => {
    const asked: number[][] = [];
    const progress: unknown[] = [];
    const data = dataset({
      variables: [
        {
          ...concentration(),
          rows(step, first, count) {
            asked.push([step, first, count]);
            return new Int16Array(count * WIDTH);
          },
        },
      ],
    });
    await written(data, { chunk: [2, 4], latLon: false, onProgress: (p) => progress.push(p) });
    expect(asked).toEqual(
      [0, 1, 2].flatMap((t) => [
        [t, 0, 2],
        [t, 2, 2],
        [t, 4, 1],
      ]),
    );
    expect(progress.at(0)).toEqual({ done: 2, total: 15 });
    expect(progress.at(-1)).toEqual({ done: 15, total: 15 });
  });
  it('leaves out latitude and longitude where told, or where the grid is large', async () => {
    const names = async (path: string) => {
      const file = await openNetCdf4(path);
      await file.close();
      return file.variables.map(({ name }) => name);
    };
    expect(await names(await written(dataset(), { latLon: false }))).not.toContain('lat');
    const large = dataset({ height: 2049, width: 2048, times: null, variables: [] });
    expect(await names(await written(large))).toEqual(['y', 'x', 'crs']);
  });
});

describe('errors', () => {
  const rows = (band: () => Int16Array | Float32Array) =>
    dataset({ variables: [{ ...concentration(), rows: band }] });

  it('refuses what is no dataset, before anything is written', async () => {
    const cases: [Partial<GridDataset>, string][] = [
      [{ height: 0 }, 'at least one row'],
      [{ transform: [0, 1, 0, 0, 0, 1] }, 'north-up'],
      [{ times: ['2016-10-01', '2016-09-30'] }, 'each after the one before'],
      [{ times: [] }, 'at least one time'],
      [{ times: ['yesterday'] }, 'YYYY-MM-DD'],
      [{ times: ['2016-09-30T25:00:00Z'] }, 'YYYY-MM-DD'],
      [{ variables: [{ ...THICKNESS_MAP, name: 'a/b' }] }, '"a/b"'],
      [{ variables: [{ ...THICKNESS_MAP, name: 'crs' }] }, '"crs"'],
      [{ variables: [THICKNESS_MAP, THICKNESS_MAP] }, '"thickness"'],
      [{ attributes: { history: 'x'.repeat(70_000) } }, 'at most 65000 bytes'],
    ];
    const own = join(folder, 'refused');
    mkdirSync(own);
    for (const [overrides, message] of cases) {
      const run = () => writeNetCdf(join(own, 'a.nc'), dataset(overrides));
      const tag = 'height' in overrides ? 'WrongShape' : 'InvalidValue';
      expect(await failure(run, tag)).toContain(message);
    }
    const overTime = () => writeNetCdf(join(own, 'a.nc'), { ...dataset(), times: null });
    expect(await failure(overTime, 'InvalidValue')).toContain('expected times for sic');
    for (const options of [{ level: 10 }, { chunk: [0, 4] as const }]) {
      const run = () => writeNetCdf(join(own, 'a.nc'), dataset(), options);
      await failure(run, 'InvalidValue');
    }
    expect(readdirSync(own)).toEqual([]);
  });
  it('rows of another type or number, or that fail: what was there stays', async () => {
    const own = join(folder, 'failing');
    mkdirSync(own);
    const path = join(own, 'a.nc');
    writeFileSync(path, 'before');
    expect(
      await failure(
        () =>
          writeNetCdf(
            path,
            rows(() => new Float32Array(20)),
          ),
        'InvalidValue',
      ),
    ).toContain('rows of sic as int16. Received: Float32Array');
    expect(
      await failure(
        () =>
          writeNetCdf(
            path,
            rows(() => new Int16Array(3)),
          ),
        'WrongShape',
      ),
    ).toContain('expected 20 values of sic');
    const broken = rows(() => {
      throw new Error('the model broke');
    });
    await expect(writeNetCdf(path, broken)).rejects.toThrow('the model broke');
    expect([readdirSync(own), readFileSync(path, 'utf8')]).toEqual([['a.nc'], 'before']);
  });
  it('a place that cannot be written to: one clear error', async () => {
    writeFileSync(join(folder, 'file'), '');
    const run = () => writeNetCdf(join(folder, 'file/a.nc'), dataset());
    expect(await failure(run, 'WriteFailed')).toContain('Check that the folder');
  });
});

describe('lookup3', () => {
  it('the values of its author', () => {
    expect(lookup3(new Uint8Array())).toBe(0xdeadbeef);
    expect(lookup3(new TextEncoder().encode('Four score and seven years ago'))).toBe(0x17770551);
  });
});
