import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeGeoTiff } from '@arctic/raster';
import { expect, it } from 'vitest';
import { isChart, openProduct, readSeaIceIndexCsv } from '../../src/index.js';
import { CELLS, failure, nsidcBytes, SIZES, temporaryFolder } from '../helpers.js';

const folder = temporaryFolder();

it("NSIDC's binary files: one is a field, a folder of them a series", async () => {
  const days = join(folder, 'days');
  mkdirSync(days);
  for (const name of ['nt_20160101_f17_nrt_n.bin', 'nt_20160102_f17_nrt_n.bin'])
    writeFileSync(join(days, name), nsidcBytes({ name }));
  const file = await openProduct(join(days, 'nt_20160101_f17_nrt_n.bin'));
  const [field] = file.variables;
  expect([file.format, file.crs, file.times]).toEqual([
    'flat-binary',
    'EPSG:3411',
    ['2016-01-01T00:00:00Z'],
  ]);
  expect([field?.shape, field?.dtype, field?.units]).toEqual([[448, 304], 'uint8', '1']);
  const { data } = (await field?.read()) ?? { data: [] };
  expect([data[CELLS.ice], data[CELLS.land], data[CELLS.missing]]).toEqual([
    Math.fround(200 / 250),
    NaN,
    NaN,
  ]);
  const series = await openProduct(days);
  expect([series.times, series.variables[0]?.shape]).toEqual([
    ['2016-01-01T00:00:00Z', '2016-01-02T00:00:00Z'],
    [2, 448, 304],
  ]);
  const other = join(folder, 'other');
  mkdirSync(join(other, 'a.zarr'), { recursive: true });
  expect(await failure(() => openProduct(other), 'UnsupportedFormat')).toContain('with a.zarr.');
  // A window out of the middle, row by row.
  const row = Math.floor(CELLS.ice / 304);
  const part = await field?.read({ start: [row - 1, CELLS.ice % 304], count: [2, 1] });
  expect(Array.from(part?.data ?? [])).toEqual([0, Math.fround(0.8)]);
});

it('grid tables and masks without a header are known by their names', async () => {
  const { height, width } = SIZES.north;
  const areas = join(folder, 'psn25area_v3.dat');
  writeFileSync(areas, Buffer.from(new Int32Array(height * width).fill(664_449).buffer));
  const table = await openProduct(areas);
  expect(table.variables[0]?.units).toBe('km2');
  expect((await table.variables[0]?.read())?.data[7]).toBeCloseTo(664.449, 9);
  const mask = join(folder, 'RegionMask_NH_ps25km_304x448_2021.bin');
  writeFileSync(mask, Buffer.alloc(height * width, 3));
  expect((await openProduct(mask)).variables[0]?.shape).toEqual([448, 304]);
  writeFileSync(mask, Buffer.alloc(100));
  expect(await failure(() => openProduct(mask), 'DamagedFile')).toContain('136192 or 136492 bytes');
});

it('the Sea Ice Index: palette codes become percent, with the month of the name', async () => {
  const path = join(folder, 'S_201905_concentration_v3.0.tif');
  await writeGeoTiff(path, {
    height: 2,
    width: 3,
    dtype: 'uint16',
    crs: 'EPSG:3412',
    transform: [0, 25_000, 0, 0, 0, -25_000],
    nodata: null,
    bands: [{ name: 'band1' }],
    rows: () => Uint16Array.of(0, 155, 1000, 2510, 2540, 2550),
  });
  const file = await openProduct(path);
  const [sic] = file.variables;
  expect([sic?.name, sic?.units, file.times]).toEqual([
    'sea_ice_concentration',
    '%',
    ['2019-05-01T00:00:00Z'],
  ]);
  expect(Array.from((await sic?.read())?.data ?? [])).toEqual([0, 15.5, 100, NaN, NaN, NaN]);
});

it('its tables: units row, quoted lists and missing values', async () => {
  const path = join(folder, 'N_seaice_extent_daily_v3.0.csv');
  writeFileSync(
    path,
    `Year, Month, Day,     Extent,    Missing, Source Data
YYYY,    MM,  DD, 10^6 sq km, 10^6 sq km, Source data
1978,    10,  26,     10.231,      0.000, ['a','b']
1978,    10,  28,     -9999,      -9999, ['c']
`,
  );
  expect(await readSeaIceIndexCsv(path)).toEqual([
    { date: '1978-10-26', extent: 10.231, missing: 0, area: NaN },
    { date: '1978-10-28', extent: NaN, missing: NaN, area: NaN },
  ]);
  const table = await openProduct(path);
  expect([table.times[0], table.variables.map(({ name }) => name)]).toEqual([
    '1978-10-26T00:00:00Z',
    ['extent', 'missing'],
  ]);
  expect((await table.variables[0]?.read())?.data[0]).toBe(10.231);
  writeFileSync(path, 'Year, Month, Day, Extent\n1978, x, 1, 2\n');
  expect(await failure(() => readSeaIceIndexCsv(path), 'DamagedFile')).toContain('line 2');
  writeFileSync(path, 'a,b\n1,2\n');
  await failure(() => readSeaIceIndexCsv(path), 'UnsupportedFormat');
  await failure(() => readSeaIceIndexCsv(join(folder, 'none.csv')), 'MissingInput');
});

it('tells charts from other folders and archives', async () => {
  const charts = join(folder, 'charts');
  mkdirSync(charts);
  expect(await isChart(charts)).toBe(false);
  writeFileSync(join(charts, 'a.shp'), '');
  expect(await isChart(charts)).toBe(true);
  expect(await isChart(join(charts, 'a.shp'))).toBe(true);
  expect(await isChart(join(folder, 'days'))).toBe(false);
  expect(await isChart(join(folder, 'none.shp'))).toBe(false);
});

/** A zip that holds one empty file, stored. */
function zipOf(name: string): Buffer {
  const local = Buffer.alloc(30 + name.length);
  local.writeUInt32LE(0x04034b50);
  local.writeUInt16LE(name.length, 26);
  local.write(name, 30);
  const central = Buffer.alloc(46 + name.length);
  central.writeUInt32LE(0x02014b50);
  central.writeUInt16LE(name.length, 28);
  central.write(name, 46);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

it('a zip is a chart where one is in it; of a zipped scene it says to unpack it', async () => {
  const path = join(folder, 'S1A_EW.zip');
  writeFileSync(path, zipOf('a/chart.shp'));
  expect(await isChart(path)).toBe(true);
  writeFileSync(path, zipOf('S1A_EW.SAFE/manifest.safe'));
  expect(await isChart(path)).toBe(false);
  expect(await failure(() => openProduct(path), 'UnsupportedFormat')).toContain('Unpack it');
});
