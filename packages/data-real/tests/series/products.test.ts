import {
  copyFileSync,
  createWriteStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { writeNetCdf, type GridVariable, type Transform } from '@arctic/raster';
import { pack } from 'tar-stream';
import { expect, it } from 'vitest';
import { openSource } from '../../src/index.js';
import { failure, temporaryFolder } from '../helpers.js';

const folder = temporaryFolder();
const transform: Transform = [-50_000, 25_000, 0, 50_000, 0, -25_000];

/** A file of one variable on 2 × 3 cells round the pole. */
async function write(
  name: string,
  time: string,
  variables: readonly (Omit<GridVariable, 'rows' | 'overTime' | 'longName'> & {
    readonly stored: readonly number[];
  })[],
  crs = 'EPSG:3411',
): Promise<void> {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  await writeNetCdf(path, {
    height: 2,
    width: 3,
    crs,
    transform,
    times: [time],
    attributes: { title: 'made' },
    variables: variables.map(({ stored, ...variable }) => ({
      ...variable,
      overTime: true,
      longName: variable.name,
      rows: () => Int16Array.from(stored),
    })),
  });
}

const cdr = {
  name: 'cdr_seaice_conc',
  dtype: 'int16',
  units: '1',
  fill: 255,
  scale: 0.01,
  flags: [
    { value: 251, meaning: 'pole_hole' },
    { value: 252, meaning: 'lakes' },
    { value: 253, meaning: 'coastal' },
    { value: 254, meaning: 'land_mask' },
  ],
  attributes: { valid_range: [0, 100] },
} as const;

it('codes of the climate data record become masks; the day without a file becomes a gap', async () => {
  await write('cdr/sic_psn25_20240101_F17_v05r00.nc', '2024-01-01', [
    { ...cdr, stored: [0, 100, 251, 252, 253, 255] },
  ]);
  await write('cdr/sic_psn25_20240103_F17_v05r00.nc', '2024-01-03', [
    { ...cdr, stored: [50, 60, 251, 252, 254, 70] },
  ]);
  const cube = await openSource({ source: 'g02202', input: join(folder, 'cdr') });
  expect(cube.days.length).toBe(3);
  const day = (t: number) => Array.from(cube.sic.subarray(6 * t, 6 * t + 6));
  expect(day(0)).toEqual([0, 1, NaN, NaN, NaN, NaN]);
  expect(day(1).every(Number.isNaN)).toBe(true);
  expect(day(2).map((value) => Math.round(value * 100))).toEqual([50, 60, NaN, NaN, NaN, 70]);
  expect(Array.from(cube.flags?.surface ?? [])).toEqual([0, 0, 0, 3, 2, 0]);
  expect(Array.from(cube.poleHole ?? [])).toEqual([0, 0, 1, 0, 0, 0]);
  expect(Array.from(cube.flags?.missing ?? [])).toEqual([1, 3, 0]);
  expect(cube.attrs).toMatchObject({ sensors: ['f17'], versions: ['v05r00'], kind: 'daily' });
  expect(cube.area[0]).toBeGreaterThan(600);
  const filled = await openSource({
    source: 'g02202',
    input: join(folder, 'cdr'),
    fillDays: 1,
    fillPoleHole: true,
  });
  expect(filled.sic[6]).toBeCloseTo(0.25);
  expect(Array.from(filled.filled?.subarray(6, 12) ?? [])).toEqual([1, 1, 2, 0, 0, 0]);
});

it('the climate data record from version 5 on: the surface is a variable of its own', async () => {
  const input = resolve(import.meta.dirname, '../fixtures/cdr/sic_psn25_20240101_F17_v05r00.nc');
  const cube = await openSource({ source: 'g02202', input });
  expect(Array.from(cube.sic)).toEqual([0.5, NaN, NaN, NaN, NaN, NaN]);
  expect(Array.from(cube.flags?.surface ?? [])).toEqual([0, 0, 3, 0, 1, 2]);
  expect(Array.from(cube.poleHole ?? [])).toEqual([0, 0, 0, 1, 0, 0]);
  expect(Array.from(cube.flags?.missing ?? [])).toEqual([1]);
});

const icecon = { dtype: 'int16', units: '1', fill: 255, scale: 0.004 } as const;

it('of several satellites the newest that saw anything is taken', async () => {
  const none = [255, 255, 255, 255, 255, 255];
  await write('overlap/NSIDC0081_SEAICE_PS_N25km_20230601_v2.0.nc', '2023-06-01', [
    { ...icecon, name: 'F16_ICECON', stored: [25, 25, 25, 25, 25, 25] },
    { ...icecon, name: 'F17_ICECON', stored: [250, 125, 0, 255, 255, 255] },
    { ...icecon, name: 'F18_ICECON', stored: none },
  ]);
  const nrt = await openSource({ source: 'nsidc-0081', input: join(folder, 'overlap') });
  expect(Array.from(nrt.sic)).toEqual([1, 0.5, 0, NaN, NaN, NaN]);
  // Nimbus-7 is older than F08, whatever their letters.
  await write('overlap/NSIDC0051_SEAICE_PS_N25km_19870801_v2.0.nc', '1987-08-01', [
    { ...icecon, name: 'F08_ICECON', stored: [250, 0, 0, 0, 0, 0] },
    { ...icecon, name: 'N07_ICECON', stored: [0, 0, 0, 0, 0, 0] },
  ]);
  const final = await openSource({ source: 'nsidc-0051', input: join(folder, 'overlap') });
  expect([final.sic[0], final.attrs['sensors']]).toEqual([1, ['f08']]);
});

it('of two files for a day the one with more observations is kept, then the later version', async () => {
  for (const [version, stored] of [
    ['v04r00', [10, 20, 30, 40, 50, 60]],
    ['v05r00', [1, 2, 3, 255, 255, 255]],
  ] as const)
    await write(`twice/sic_psn25_20240101_F17_${version}.nc`, '2024-01-01', [{ ...cdr, stored }]);
  for (const version of ['v04r00', 'v05r00'])
    await write(`twice/sic_psn25_20240102_F17_${version}.nc`, '2024-01-02', [
      { ...cdr, stored: [0, 0, 0, 0, 0, 0] },
    ]);
  const { attrs, sic } = await openSource({ source: 'g02202', input: join(folder, 'twice') });
  expect(sic[5]).toBeCloseTo(0.6);
  expect(attrs['duplicates']).toMatchObject([
    { kept: 'sic_psn25_20240101_F17_v04r00.nc' },
    { kept: 'sic_psn25_20240102_F17_v05r00.nc' },
  ]);
});

it('files out of archives and gzipped ones are the same as loose ones', async () => {
  for (const day of [1, 2])
    await write(`loose/sic_psn25_2024010${day}_F17_v05r00.nc`, `2024-01-0${day}`, [
      { ...cdr, stored: [day, 2, 3, 4, 5, 6] },
    ]);
  const loose = join(folder, 'loose');
  const names = readdirSync(loose);
  const packed = join(folder, 'packed');
  mkdirSync(packed);
  const archive = pack();
  for (const [i, name] of names.entries()) {
    const bytes = readFileSync(join(loose, name));
    if (i === 0) writeFileSync(join(packed, `${name}.gz`), gzipSync(bytes));
    else archive.entry({ name: `2024/${name}` }, bytes);
  }
  archive.finalize();
  await pipeline(archive, createWriteStream(join(packed, 'a.tar')));
  const source = 'g02202';
  const cube = await openSource({ source, input: packed });
  expect(cube).toEqual(await openSource({ source, input: loose }));
  expect(cube.attrs['insertedDates']).toEqual([]);
});

it('a file of axes alone is a day without an observation; one of other variables is refused', async () => {
  const name = (day: number) => `empty/NSIDC0051_SEAICE_PS_N25km_1980010${day}_v2.0.nc`;
  for (const day of [1, 3])
    await write(name(day), `1980-01-0${day}`, [
      { ...icecon, name: 'N07_ICECON', stored: [250, 0, 0, 0, 0, 0] },
    ]);
  copyFileSync(
    resolve(import.meta.dirname, '../fixtures/cdr/axes-alone.nc'),
    join(folder, name(2)),
  );
  const cube = await openSource({ source: 'nsidc-0051', input: join(folder, 'empty') });
  expect([cube.days.length, cube.attrs['insertedDates']]).toEqual([3, ['1980-01-02']]);
  await write(name(4), '1980-01-04', [{ ...icecon, name: 'other', stored: [0, 0, 0, 0, 0, 0] }]);
  expect(
    await failure(
      () => openSource({ source: 'nsidc-0051', input: join(folder, 'empty') }),
      'UnsupportedFormat',
    ),
  ).toContain('other. Give');
});

it('percent becomes a fraction; the status flag says where land is', async () => {
  const conc = { dtype: 'int16', units: '%', fill: -999, scale: 0.01 } as const;
  const status = {
    name: 'status_flag',
    dtype: 'int16',
    units: null,
    fill: null,
    flags: [
      { value: 0, meaning: 'nominal' },
      { value: 1, meaning: 'land' },
      { value: 2, meaning: 'lake' },
      { value: 8, meaning: 'land_spill_over' },
    ],
  } as const;
  await write(
    'osi/ice_conc_nh_ease2-250_cdr-v3p0_201909091200.nc',
    '2019-09-09T12:00:00Z',
    [
      { ...conc, name: 'ice_conc', stored: [0, 5000, 10_000, -999, 300, -999] },
      { ...status, stored: [0, 8, 0, 1, 2, 0] },
    ],
    'EPSG:6931',
  );
  const cube = await openSource({ source: 'osi-saf', input: join(folder, 'osi') });
  expect(Array.from(cube.sic)).toEqual([0, 0.5, 1, NaN, NaN, NaN]);
  expect(Array.from(cube.flags?.surface ?? [])).toEqual([0, 0, 0, 2, 3, 0]);
  expect(cube.area[0]).toBeCloseTo(625, 6);
  expect([cube.grid.crs, cube.days[0]]).toEqual(['EPSG:6931', 18148]);
});

it('two grids in one folder are refused, and another source is named', async () => {
  await write('mixed/sic_psn25_20240101_F17_v05r00.nc', '2024-01-01', [
    { ...cdr, stored: [0, 0, 0, 0, 0, 0] },
  ]);
  await write(
    'mixed/sic_psn25_20240102_F17_v05r00.nc',
    '2024-01-02',
    [{ ...cdr, stored: [0, 0, 0, 0, 0, 0] }],
    'EPSG:3413',
  );
  const input = join(folder, 'mixed');
  expect(await failure(() => openSource({ source: 'g02202', input }), 'InvalidOption')).toContain(
    'on one grid',
  );
  expect(await failure(() => openSource({ source: 'osi-saf', input }), 'NoData')).toContain(
    '2 of g02202',
  );
});
