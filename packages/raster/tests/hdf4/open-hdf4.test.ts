import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, asyncProperty, integer, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openHdf4 } from '../../src/hdf4/open-hdf4.js';
import { isRasterError } from '../../src/index.js';
import type { RasterFile, RasterVariable } from '../../src/raster-file.js';
import { failure, fixture, temporaryFolder } from '../helpers.js';

/** What pyhdf reads from the fixtures. */
interface ExpectedFile {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly variables: readonly {
    readonly name: string;
    readonly dims: readonly string[];
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly sha1: string;
    readonly first: readonly number[];
  }[];
}

const expected: Readonly<Record<string, ExpectedFile>> = JSON.parse(
  readFileSync(fixture('hdf4/expected.json'), 'utf8'),
);
const folder = temporaryFolder();

async function withFile<T>(name: string, action: (file: RasterFile) => Promise<T>): Promise<T> {
  const file = await openHdf4(fixture(`hdf4/${name}`));
  try {
    return await action(file);
  } finally {
    await file.close();
  }
}

function named(file: RasterFile, name: string): RasterVariable {
  const variable = file.variables.find((candidate) => candidate.name === name);
  if (!variable) throw new Error(`no ${name}`);
  return variable;
}

function productName(start: string): string {
  const name = Object.keys(expected).find((candidate) => candidate.startsWith(start));
  if (!name) throw new Error(`no fixture ${start}`);
  return name;
}

describe('openHdf4', () => {
  it.each(Object.keys(expected))('reads %s as pyhdf does, bit for bit', async (name) => {
    const want = expected[name];
    await withFile(name, async (file) => {
      expect(file.format).toBe('hdf4');
      const ownAttributes = Object.entries(file.attributes).filter(
        ([key]) => !key.includes('Metadata'),
      );
      expect(Object.fromEntries(ownAttributes)).toEqual(want?.attributes);
      expect(file.variables.map((v) => v.name.replace(/^.*\//, ''))).toEqual(
        want?.variables.map((v) => v.name),
      );
      for (const [i, variable] of file.variables.entries()) {
        const { sha1, first, dims, shape, dtype, attributes } = want?.variables[i] ?? {};
        expect(variable).toMatchObject({ dims, shape, dtype, attributes });
        const stored = await variable.readStored();
        expect(Array.from(stored.slice(0, 4))).toEqual(first);
        const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
        expect([variable.name, createHash('sha1').update(bytes).digest('hex')]).toEqual([
          variable.name,
          sha1,
        ]);
      }
    });
  });

  it('reads any region of any storage as a part of the whole', async () => {
    const part = tuple(
      integer({ min: 0, max: 23 }),
      integer({ min: 0, max: 24 }),
      integer({ min: 0, max: 39 }),
      integer({ min: 0, max: 40 }),
    );
    await withFile('packed.hdf', async (file) => {
      for (const variable of file.variables) {
        const [rows = 0, columns = 0] = variable.shape;
        if (variable.shape.length !== 2) continue;
        const whole = await variable.readStored();
        await assert(
          asyncProperty(part, async ([row, height, column, width]) => {
            const start = [Math.min(row, rows), column];
            const count = [
              Math.min(height, rows - Math.min(row, rows)),
              Math.min(width, columns - column),
            ];
            const [top = 0, left = 0] = start;
            const [h = 0, w = 0] = count;
            const want: number[] = [];
            for (let i = top; i < top + h; i++) {
              want.push(...whole.subarray(i * columns + left, i * columns + left + w));
            }
            expect(Array.from(await variable.readStored({ start, count }))).toEqual(want);
          }),
          { numRuns: 20 },
        );
      }
      const cube = named(file, 'chunked cube');
      expect(cube.chunkShape).toEqual([2, 4, 3]);
      const values = await cube.readStored({ start: [1, 3, 2], count: [3, 2, 1] });
      expect(Array.from(values)).toEqual([65, 72, 107, 114, 149, 156]);
    });
  });

  it('decodes calibration, range and fill', async () => {
    await withFile('types.hdf', async (file) => {
      const variable = named(file, 'int16');
      // 0.5 * (stored - 10); -32768 is fill and 32767 outside 0..200.
      expect(variable.decoding).toEqual({
        scale: 0.5,
        offset: -5,
        missing: [-32768],
        validMin: 0,
        validMax: 200,
      });
      expect(Array.from((await variable.read()).data)).toEqual([NaN, -5, -4.5, -4, 45, NaN]);
      expect(variable.units).toBe('metres');
      expect(named(file, 'series').shape).toEqual([4, 3]);
      expect(named(file, 'short series').shape).toEqual([2, 3]);
    });
  });

  it('finds data beside the file that lie in one of their own', async () => {
    const copy = join(folder, 'packed.hdf');
    copyFileSync(fixture('hdf4/packed.hdf'), copy);
    const file = await openHdf4(copy);
    const external = named(file, 'external');
    expect(await failure(() => external.readStored(), 'MissingFile')).toContain('external.dat');
    copyFileSync(fixture('hdf4/external.dat'), join(folder, 'external.dat'));
    expect(await external.readStored()).toEqual(await named(file, 'deflate').readStored());
    await file.close();
  });

  it('places grids of HDF-EOS', async () => {
    const fine = await withFile(productName('MOD09GA'), async (file) => {
      expect(file.times).toEqual(['2022-09-13T13:05:00Z']);
      expect(named(file, 'state_1km_1').placement?.transform?.[1]).toBeCloseTo(92662.543305, 5);
      return named(file, 'sur_refl_b01_1');
    });
    expect(fine.placement).toMatchObject({ rowAxis: 0, columnAxis: 1, rowsFromSouth: false });
    expect(fine.placement?.crs).toContain('+proj=sinu');
    expect(fine.placement?.crs).toContain('+R=6371007.181');
    await withFile(productName('MOD29E1D'), async (file) => {
      const half = 9036842.7625;
      expect(file.crs).toBe('EPSG:3408');
      expect(file.transform).toEqual([-half, (2 * half) / 21, 0, half, 0, -(2 * half) / 21]);
      const south = named(file, 'Ice_Surface_Temperature_SP');
      expect(south.dims).toEqual([
        'XDim:MOD_Grid_Seaice_4km_South',
        'YDim:MOD_Grid_Seaice_4km_South',
      ]);
      expect(south.placement).toMatchObject({ crs: 'EPSG:3409', rowAxis: 0, columnAxis: 1 });
    });
    await withFile('grids.hdf', async (file) => {
      const placed = file.variables.map(({ name, placement }) => [
        name,
        placement?.crs,
        placement?.transform,
        placement?.rowsFromSouth,
      ]);
      expect(placed).toEqual([
        ['Geographic/field', 'EPSG:4326', [-180, 45, 0, 90, 0, -45], false],
        ['Degrees/field', 'EPSG:4326', [10, 2.5, 0, 80, 0, -2.5], false],
        ['Dateline/field', 'EPSG:4326', [170.5, 2.375, 0, 80, 0, -2.5], false],
        ['Polar/field', 'EPSG:3411', [-3850000, 950000, 0, 5850000, 0, -2800000], false],
        ['Zone/field', 'EPSG:32721', [300000, 1000, 0, 8200000, 0, -1000], false],
        ['South/field', 'EPSG:3409', [-100, 25, 0, 50, 0, -25], true],
        ['Unknown/field', null, [-100, 25, 0, 50, 0, -25], false],
      ]);
    });
  });

  it('places swaths only where each cell has its own place', async () => {
    await withFile(productName('MOD29.'), async (file) => {
      expect([file.crs, file.transform]).toEqual([null, null]);
      expect(named(file, 'Latitude').placement?.curvilinear).toEqual({
        latitude: 'Latitude',
        longitude: 'Longitude',
      });
      const ice = named(file, 'Sea_Ice_by_Reflectance').placement;
      expect(ice).toMatchObject({ rowAxis: 0, columnAxis: 1, transform: null });
      expect(ice?.curvilinear).toBeUndefined();
    });
  });

  it('refuses what is not HDF4', async () => {
    const path = join(folder, 'no.hdf');
    writeFileSync(path, '\x89HDF\r\n\x1a\n');
    expect(await failure(() => openHdf4(path), 'UnsupportedFormat')).toContain('HDF5');
    writeFileSync(path, '');
    await failure(() => openHdf4(path), 'UnsupportedFormat');
    await failure(() => openHdf4(join(folder, 'none.hdf')), 'MissingFile');
  });

  it('ends damaged copies with a typed error or a value', async () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const path = join(folder, 'damaged.hdf');
    const outcomes = { value: 0, error: 0 };
    for (const name of Object.keys(expected)) {
      const bytes = readFileSync(fixture(`hdf4/${name}`));
      for (let round = 0; round < 30; round++) {
        const damaged = Buffer.from(round % 3 ? bytes : bytes.subarray(0, random(bytes.length)));
        for (let i = 0; i < 8 && damaged.length > 4 && round % 3 === 1; i++) {
          damaged[random(damaged.length)] = random(256);
        }
        if (round % 3 === 2) damaged.writeUInt32BE(0x7fffffff, random(bytes.length - 4));
        writeFileSync(path, damaged);
        try {
          const file = await openHdf4(path);
          try {
            for (const variable of file.variables) await variable.read();
          } finally {
            await file.close();
          }
          outcomes.value += 1;
        } catch (error) {
          if (!isRasterError(error)) throw error;
          outcomes.error += 1;
        }
      }
    }
    expect(outcomes.value).toBeGreaterThan(20);
    expect(outcomes.error).toBeGreaterThan(20);
  });
});
