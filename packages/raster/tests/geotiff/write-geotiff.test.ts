import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { openGeoTiff } from '../../src/geotiff/open-geotiff.js';
import { storedArray } from '../../src/geotiff/samples.js';
import { writeGeoTiff } from '../../src/geotiff/write-geotiff.js';
import type { GeoTiffSource } from '../../src/geotiff/write-source.js';
import { cogHeader } from '../../src/geotiff/write-header.js';
import type { StoredArray } from '../../src/raster-file.js';
import type { ByteRaster, ValueRaster } from '../../src/raster.js';
import { failure, temporaryFolder } from '../helpers.js';

const folder = temporaryFolder();
const PLACE = {
  crs: 'EPSG:3413',
  transform: [381_550, 250, 0, -899_225, 0, -250],
  nodata: null,
} as const;

function sourceOf(
  data: StoredArray,
  height: number,
  width: number,
  more: Partial<GeoTiffSource> & Pick<GeoTiffSource, 'dtype'>,
): GeoTiffSource {
  const bands = more.bands ?? [{ name: 'band1' }];
  const line = width * bands.length;
  return {
    ...PLACE,
    height,
    width,
    bands,
    rows: (first, count) => data.subarray(first * line, (first + count) * line),
    ...more,
  };
}

describe('what is written comes back exactly', () => {
  it('control points of an image without a transform', async () => {
    const path = join(folder, 'points.tif');
    const controlPoints = [
      { row: 0.5, column: 0.5, x: 179.5, y: 80 },
      { row: 0.5, column: 1.5, x: -179.5, y: 80.5 },
      { row: 1, column: 2, x: -179, y: 79 },
    ];
    const data = Uint8Array.of(1, 2, 3, 4);
    const more = { dtype: 'uint8', crs: 'EPSG:4326', transform: null, controlPoints } as const;
    await writeGeoTiff(path, sourceOf(data, 2, 2, more));
    const file = await openGeoTiff(path);
    expect([file.crs, file.transform]).toEqual(['EPSG:4326', null]);
    expect(file.variables[0]?.placement?.controlPoints).toEqual(controlPoints);
    await file.close();
  });
  it('for any size, type, compression and tile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          height: fc.integer({ min: 1, max: 90 }),
          width: fc.integer({ min: 1, max: 90 }),
          bands: fc.integer({ min: 1, max: 3 }),
          dtype: fc.constantFrom(
            'uint8' as const,
            'int8' as const,
            'uint16' as const,
            'int16' as const,
            'uint32' as const,
            'int32' as const,
            'float32' as const,
            'float64' as const,
          ),
          compression: fc.constantFrom('deflate' as const, 'zstd' as const, 'none' as const),
          tileSize: fc.constantFrom(16, 32, undefined),
          predictor: fc.boolean(),
          bigTiff: fc.constantFrom('auto' as const, 'always' as const),
          seed: fc.nat(),
        }),
        async ({ height, width, bands, dtype, seed, tileSize, ...options }) => {
          const path = join(folder, 'any.tif');
          const data = storedArray(dtype, height * width * bands);
          for (let i = 0; i < data.length; i++) data[i] = Math.imul(i + seed, 2_654_435_761) / 7;
          const names = Array.from({ length: bands }, (_, i) => ({ name: `sea & ice <${i}>` }));
          const source = sourceOf(data, height, width, { dtype, bands: names });
          await writeGeoTiff(path, source, { ...options, ...(tileSize ? { tileSize } : {}) });
          const file = await openGeoTiff(path);
          expect([file.crs, file.transform]).toEqual([PLACE.crs, PLACE.transform]);
          expect(file.variables.map(({ name }) => name)).toEqual(names.map(({ name }) => name));
          for (const [band, variable] of file.variables.entries()) {
            expect([variable.dtype, variable.shape]).toEqual([dtype, [height, width]]);
            const wanted = data.filter((_, i) => i % bands === band);
            expect(await variable.readStored()).toEqual(wanted);
          }
          await file.close();
        },
      ),
      { numRuns: 40 },
    );
  });
  it('with units, scale, time and descriptions of bands', async () => {
    const path = join(folder, 'meta/data.tif');
    const bands = [
      { name: 'sic', description: 'concentration', scale: 0.01, units: '1' },
      { name: 'age', offset: 5, time: '2020-01-02T00:00:00Z' },
    ];
    await writeGeoTiff(
      path,
      sourceOf(Int16Array.of(1, 2, -9, 4), 2, 1, {
        dtype: 'int16',
        bands,
        nodata: -9,
        units: 'day',
        time: '2019-09-09T12:00:00Z',
      }),
    );
    const file = await openGeoTiff(path);
    const [sic, age] = file.variables;
    expect([sic?.units, sic?.times, age?.units, age?.times]).toEqual([
      '1',
      ['2019-09-09T12:00:00Z'],
      'day',
      ['2020-01-02T00:00:00Z'],
    ]);
    expect(sic?.attributes['long_name']).toBe('concentration');
    expect(Array.from((await sic?.read())?.data ?? [], (v) => Math.fround(v))).toEqual([
      Math.fround(0.01),
      NaN,
    ]);
    expect(Array.from((await age?.read())?.data ?? [])).toEqual([7, 9]);
    await file.close();
  });
  it('with a palette', async () => {
    const path = join(folder, 'palette.tif');
    const palette = [
      [0, 0, 0],
      [10, 200, 255],
    ] as const;
    await writeGeoTiff(
      path,
      sourceOf(Uint8Array.of(0, 1, 1, 0), 2, 2, { dtype: 'uint8', palette }),
    );
    const file = await openGeoTiff(path);
    expect(file.variables[0]?.attributes['palette']).toEqual(palette.flat());
    await file.close();
  });
});

describe('rasters', () => {
  const frame = { ...PLACE, time: 18_148.5, units: 'dB' };
  it('of values keep NaN, through nodata where there is one', async () => {
    for (const nodata of [null, -99]) {
      const path = join(folder, 'values.tif');
      const data = Float32Array.of(1.5, NaN, -3, 4, 5, 6);
      const mask = Uint8Array.of(1, 0, 1, 1, 1, 1);
      const raster: ValueRaster = {
        kind: 'values',
        ...frame,
        nodata,
        mask,
        array: ndarray(data, [3, 2, 1]),
      };
      await writeGeoTiff(path, raster);
      const file = await openGeoTiff(path);
      const [band] = file.variables;
      expect((await band?.read())?.data).toEqual(data);
      expect((await band?.readStored())?.[1]).toBe(nodata ?? NaN);
      expect([band?.times, band?.units]).toEqual([['2019-09-09T12:00:00Z'], 'dB']);
      await file.close();
    }
  });
  it('of bytes get an alpha band where pixels are missing without nodata', async () => {
    const path = join(folder, 'bytes.tif');
    const raster: ByteRaster = {
      kind: 'bytes',
      ...frame,
      mask: Uint8Array.of(1, 0),
      array: ndarray(Uint8Array.of(1, 2, 3, 4, 5, 6), [2, 1, 3]),
    };
    await writeGeoTiff(path, raster);
    const file = await openGeoTiff(path);
    expect(file.variables.map((band) => band.attributes['colour_interpretation'])).toEqual([
      'red',
      'green',
      'blue',
      'alpha',
    ]);
    const [red] = file.variables;
    expect([await red?.readStored(), (await red?.read())?.data]).toEqual([
      Uint8Array.of(1, 4),
      Float32Array.of(1, NaN),
    ]);
    await file.close();
  });
  it('whose values equal nodata are refused', async () => {
    const raster: ByteRaster = {
      kind: 'bytes',
      ...frame,
      nodata: 6,
      mask: Uint8Array.of(1, 1),
      array: ndarray(Uint8Array.of(5, 6), [2, 1, 1]),
    };
    const message = await failure(
      () => writeGeoTiff(join(folder, 'x.tif'), raster),
      'InvalidValue',
    );
    expect(message).toMatch(/Received: 6 at row 1, column 0/);
  });
});

describe('overviews', () => {
  const ramp = Int16Array.from({ length: 40 * 36 }, (_, i) => (i === 1 || i >= 1400 ? -1 : i));
  it('average what is not missing', async () => {
    const path = join(folder, 'average.tif');
    const source = sourceOf(ramp, 40, 36, { dtype: 'int16', nodata: -1 });
    await writeGeoTiff(path, source, { tileSize: 16 });
    const file = await openGeoTiff(path);
    const levels = file.variables[0]?.overviews ?? [];
    expect(levels.map(({ shape }) => shape)).toEqual([
      [20, 18],
      [10, 9],
    ]);
    const stored = (await levels[0]?.readStored()) ?? [];
    expect([stored[0], stored[1], stored.at(-1)]).toEqual([Math.round((0 + 36 + 37) / 3), 21, -1]);
    expect(levels[1]?.placement?.transform).toEqual([381_550, 1000, 0, -899_225, 0, -1000]);
    await file.close();
  });
  it('pick the north-west pixel of classes', async () => {
    const path = join(folder, 'nearest.tif');
    const classes = Uint8Array.from(ramp, (value) => value % 7);
    await writeGeoTiff(path, sourceOf(classes, 40, 36, { dtype: 'uint8' }), { tileSize: 16 });
    const file = await openGeoTiff(path);
    const [level] = file.variables[0]?.overviews ?? [];
    const wanted = classes.filter((_, i) => i % 2 === 0 && Math.floor(i / 36) % 2 === 0);
    expect(await level?.readStored()).toEqual(wanted);
    await file.close();
  });
  it('can be left out', async () => {
    const path = join(folder, 'none.tif');
    const source = sourceOf(ramp, 40, 36, { dtype: 'int16' });
    await writeGeoTiff(path, source, { tileSize: 16, overviews: false });
    const file = await openGeoTiff(path);
    expect(file.variables[0]?.overviews).toEqual([]);
    await file.close();
  });
});

describe('the file is cloud-optimized', () => {
  for (const bigTiff of ['auto', 'always'] as const) {
    it(`with bigTiff ${bigTiff}: ghost area, tables, smallest data first, framed tiles`, async () => {
      const path = join(folder, `cog-${bigTiff}.tif`);
      const data = Uint16Array.from({ length: 100 * 70 }, (_, i) => i % 977);
      await writeGeoTiff(path, sourceOf(data, 100, 70, { dtype: 'uint16' }), {
        tileSize: 32,
        bigTiff,
      });
      const bytes = readFileSync(path);
      const big = bigTiff === 'always';
      const head = big ? 16 : 8;
      const ghost = bytes.toString('latin1', head, head + 43 + 140);
      expect(ghost).toMatch(
        /^GDAL_STRUCTURAL_METADATA_SIZE=000140 bytes\nLAYOUT=IFDS_BEFORE_DATA\n/,
      );
      expect(ghost).toMatch(/KNOWN_INCOMPATIBLE_EDITION=NO\n $/);
      const tables = directories(bytes, big);
      expect(tables).toHaveLength(3);
      expect(tables[0]?.at).toBe(head + 43 + 140 + ((head + 43 + 140) % 2));
      let end = 0;
      // Level after level from the smallest, tile after tile without gaps.
      for (const { offsets, counts } of tables.toReversed()) {
        offsets.forEach((at, i) => {
          const count = counts[i] ?? 0;
          if (end > 0) expect(at).toBe(end + 4);
          expect(bytes.readUInt32LE(at - 4)).toBe(count);
          expect(bytes.subarray(at + count, at + count + 4)).toEqual(
            bytes.subarray(at + count - 4, at + count),
          );
          end = at + count + 4;
        });
      }
      expect(end).toBe(bytes.length);
    });
  }
  it('becomes a BigTIFF beyond 4 GB', () => {
    const level = (count: number) => ({ fields: [], byteCounts: [count, count] });
    expect(cogHeader([level(2 ** 31 - 1000)], 'auto').big).toBe(false);
    expect(cogHeader([level(2 ** 31)], 'auto').big).toBe(true);
    expect(cogHeader([level(10)], 'always').big).toBe(true);
  });
});

describe('failures', () => {
  const one = (more: Partial<GeoTiffSource>) =>
    sourceOf(Uint8Array.of(1), 1, 1, { dtype: 'uint8', ...more });
  it('leave an earlier file and no temporary ones', async () => {
    const path = join(folder, 'kept/data.tif');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'earlier');
    const broken = sourceOf(new Uint8Array(900 * 900), 900, 900, {
      dtype: 'uint8',
      rows: (first) => {
        if (first > 0) throw new RangeError('no more rows');
        return new Uint8Array(512 * 900);
      },
    });
    await expect(writeGeoTiff(path, broken)).rejects.toThrow(new RangeError('no more rows'));
    expect(readFileSync(path, 'utf8')).toBe('earlier');
    expect(readdirSync(dirname(path))).toEqual([basename(path)]);
  });
  it('of rows that do not fit', async () => {
    const path = join(folder, 'short.tif');
    const short = one({ rows: () => new Uint8Array(3) });
    expect(await failure(() => writeGeoTiff(path, short), 'WrongShape')).toContain('Received: 3');
    expect(existsSync(path)).toBe(false);
  });
  it('of sources that a GeoTIFF cannot hold', async () => {
    const path = join(folder, 'refused.tif');
    const refused = (more: Partial<GeoTiffSource>, options = {}) =>
      failure(() => writeGeoTiff(path, one(more), options), 'InvalidValue');
    expect(await refused({ nodata: 256 })).toContain('nodata value that uint8 holds');
    expect(await refused({ transform: [0, 1, 0, 0, 0, 1] })).toContain('north-up');
    expect(await refused({ palette: [[0, 0, 300]] })).toContain('palette');
    expect(await refused({}, { tileSize: 100 })).toContain('multiple of 16');
    expect(await refused({}, { level: 12 })).toContain('from 1 to 9');
    await failure(() => writeGeoTiff(path, one({ height: 0 })), 'WrongShape');
    await failure(() => writeGeoTiff(path, one({ crs: 'nonsense' })), 'UnsupportedFormat');
  });
  it('of folders that may not be written to', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const message = await failure(() => writeGeoTiff(join(file, 'x.tif'), one({})), 'WriteFailed');
    expect(message).toContain('x.tif');
  });
});

it('progress counts rows up to all of them', async () => {
  const seen: number[] = [];
  const data = new Uint8Array(100 * 3);
  await writeGeoTiff(join(folder, 'p.tif'), sourceOf(data, 100, 3, { dtype: 'uint8' }), {
    tileSize: 48,
    onProgress: ({ done, total }) => seen.push(done / total),
  });
  expect(seen).toEqual([0.48, 0.96, 1]);
});

/** Places and lengths of tiles of every image of a little-endian file. */
function directories(bytes: Buffer, big: boolean) {
  const found: { at: number; offsets: number[]; counts: number[] }[] = [];
  const place = (at: number): number =>
    big ? Number(bytes.readBigUInt64LE(at)) : bytes.readUInt32LE(at);
  const step = big ? 8 : 4;
  for (let at = place(big ? 8 : 4); at !== 0;) {
    const entries = big ? place(at) : bytes.readUInt16LE(at);
    const first = at + (big ? 8 : 2);
    const values = (tag: number): number[] => {
      for (let i = 0; i < entries; i++) {
        const entry = first + i * (big ? 20 : 12);
        if (bytes.readUInt16LE(entry) !== tag) continue;
        const size = bytes.readUInt16LE(entry + 2) === 16 ? 8 : 4;
        const count = place(entry + 4);
        const here = entry + 4 + step;
        const from = count * size <= step ? here : place(here);
        return Array.from({ length: count }, (_, n) =>
          size === 8
            ? Number(bytes.readBigUInt64LE(from + 8 * n))
            : bytes.readUInt32LE(from + 4 * n),
        );
      }
      return [];
    };
    found.push({ at, offsets: values(324), counts: values(325) });
    at = place(first + entries * (big ? 20 : 12));
  }
  return found;
}
