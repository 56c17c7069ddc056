import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as zarr from 'zarrita';
import { openNetCdf4 } from '../../src/netcdf/netcdf4.js';
import { writeNetCdf } from '../../src/netcdf/write-netcdf.js';
import { FolderStore } from '../../src/zarr-store.js';
import { writeZarr } from '../../src/zarr/write-zarr.js';
import { failure, temporaryFolder } from '../helpers.js';
import {
  CLASSES,
  concentration,
  dataset,
  HEIGHT,
  SIC,
  THICKNESS,
  variable,
  WIDTH,
} from '../write-netcdf/dataset.js';

const folder = temporaryFolder();

async function read(path: string, name: string) {
  const root = zarr.root(new FolderStore(path));
  const array = await zarr.open(root.resolve(name), { kind: 'array' });
  return { array, data: (await zarr.get(array)).data };
}

function metadata(path: string, name = '') {
  return JSON.parse(readFileSync(join(path, name, 'zarr.json'), 'utf8'));
}

describe('writeZarr', () => {
  it('values, dimension names, chunks', async () => {
    const path = join(folder, 'series.zarr');
    await writeZarr(path, dataset(), { chunk: [2, 3] });
    const sic = await read(path, 'sic');
    expect(sic.data).toEqual(SIC);
    expect([sic.array.chunks, sic.array.dimensionNames]).toEqual([
      [1, 2, 3],
      ['time', 'y', 'x'],
    ]);
    expect((await read(path, 'thickness')).data).toEqual(THICKNESS);
    expect((await read(path, 'ice_class')).data).toEqual(CLASSES);
    expect((await read(path, 'time')).data).toEqual(Float64Array.of(17074, 17075, 17077));
    expect(metadata(path, 'crs')).toMatchObject({ shape: [], dimension_names: [] });
  });
  it('consolidates the metadata of every array', async () => {
    const path = join(folder, 'consolidated.zarr');
    await writeZarr(path, dataset({ times: null }));
    const { attributes, consolidated_metadata: all } = metadata(path);
    expect(attributes).toMatchObject({ Conventions: 'CF-1.8', count: 3, words: ['a', 'bc'] });
    expect(Object.keys(all.metadata)).toEqual([
      'crs',
      'ice_class',
      'lat',
      'lon',
      'sic',
      'thickness',
      'x',
      'y',
    ]);
    for (const [name, one] of Object.entries(all.metadata))
      expect(one).toEqual(metadata(path, name));
  });
  it('fill values as xarray keeps them: integers plain, floats in base64, NaN not at all', async () => {
    const path = join(folder, 'fills.zarr');
    const parts = { overTime: false, units: null } as const;
    const variables = [
      variable({ ...parts, name: 'a', dtype: 'uint8', fill: 255 }, CLASSES),
      variable({ ...parts, name: 'b', dtype: 'float32', fill: -9.5 }, THICKNESS),
      variable({ ...parts, name: 'c', dtype: 'float32', fill: NaN }, THICKNESS),
      variable({ ...parts, name: 'd', dtype: 'float32', fill: null }, THICKNESS),
    ];
    await writeZarr(path, dataset({ variables }));
    const fills = ['a', 'b', 'c', 'd'].map((name) => {
      const { fill_value: fill, attributes } = metadata(path, name);
      return [fill, attributes._FillValue];
    });
    // Python: base64.b64encode(struct.pack('<d', -9.5))
    expect(fills).toEqual([
      [255, 255],
      [-9.5, 'AAAAAAAAI8A='],
      ['NaN', undefined],
      [0, undefined],
    ]);
  });
  it('says of each variable what the NetCDF file says', async () => {
    const path = join(folder, 'same.zarr');
    await writeZarr(path, dataset());
    await writeNetCdf(join(folder, 'same.nc'), dataset());
    const file = await openNetCdf4(join(folder, 'same.nc'));
    await file.close();
    expect(file.variables.map(({ name }) => name).sort()).toEqual(
      Object.keys(metadata(path).consolidated_metadata.metadata),
    );
    for (const { name, attributes } of file.variables) {
      const others = Object.entries(attributes).filter(([key]) => key !== '_FillValue');
      expect(metadata(path, name).attributes).toMatchObject(Object.fromEntries(others));
    }
  });
  it('progress, and no filter at level 0', async () => {
    const path = join(folder, 'plain.zarr');
    const progress: unknown[] = [];
    await writeZarr(path, dataset({ times: null, crs: null, transform: null }), {
      level: 0,
      onProgress: (one) => progress.push(one),
    });
    expect(metadata(path, 'sic').codecs).toEqual([
      { name: 'bytes', configuration: { endian: 'little' } },
    ]);
    expect((await read(path, 'sic')).data).toEqual(SIC.slice(0, HEIGHT * WIDTH));
    expect(progress.at(-1)).toEqual({ done: 15, total: 15 });
    expect(readdirSync(path).sort()).toEqual(['ice_class', 'sic', 'thickness', 'zarr.json']);
  });
  it('replaces an earlier store whole, or leaves it', async () => {
    const own = join(folder, 'own');
    mkdirSync(own);
    const path = join(own, 'a.zarr');
    await writeZarr(path, dataset());
    await writeZarr(path, dataset({ times: null }));
    expect(readdirSync(path)).not.toContain('time');
    const broken = { ...dataset(), variables: [{ ...concentration(), rows: () => SIC }] };
    await failure(() => writeZarr(path, broken), 'WrongShape');
    expect([readdirSync(own), metadata(path, 'sic').shape]).toEqual([['a.zarr'], [HEIGHT, WIDTH]]);
    writeFileSync(join(folder, 'file'), '');
    await failure(() => writeZarr(join(folder, 'file/a.zarr'), dataset()), 'WriteFailed');
    await failure(() => writeZarr(path, dataset({ times: [] })), 'InvalidValue');
  });
});
