import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readCube } from '@arctic/raster';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { importSource, openSource } from '../src/index.js';
import {
  CELLS,
  digested,
  failure,
  nsidcBytes,
  SIZES,
  temporaryFolder,
  writeFiles,
  type MadeFile,
} from './helpers.js';

const folder = temporaryFolder();

const threeDays: readonly MadeFile[] = [
  { name: 'nt_20160301_f18_nrt_n.bin', code: 250 },
  { name: 'nt_20160228_f17_nrt_n.bin', code: 100 },
  { name: 'nt_20160229_f17_nrt_n.bin', code: 0, pad: ' ' },
];

async function archive(files: readonly MadeFile[]): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: './', type: 'directory' });
  tar.entry({ name: './README.txt' }, 'not data');
  tar.entry({ name: './._nt_20160228_f17_nrt_n.bin' }, 'of another system');
  for (const file of files) tar.entry({ name: `./${file.name}` }, nsidcBytes(file));
  tar.finalize();
  return await buffer(tar);
}

describe('decoding', () => {
  it('turns codes into fractions, flags into NaN and masks', async () => {
    const input = writeFiles(join(folder, 'north'), threeDays);
    const cube = await openSource({ source: 'nsidc-0081', input });
    const { height, width } = SIZES.north;
    expect([cube.height, cube.width, cube.grid.crs]).toEqual([height, width, 'EPSG:3411']);
    expect(Array.from(cube.days)).toEqual([16859, 16860, 16861]);
    const at = (t: number, cell: number) => cube.sic[t * height * width + cell];
    expect([0, 1, 2].map((t) => at(t, CELLS.ice))).toEqual([Math.fround(0.4), 0, 1]);
    for (const name of ['land', 'coast', 'unused', 'hole', 'missing'] as const) {
      expect(at(1, CELLS[name]), name).toBeNaN();
    }
    const of = (array: Uint8Array | undefined) =>
      [CELLS.ice, CELLS.land, CELLS.coast, CELLS.unused, CELLS.hole, CELLS.missing].map(
        (i) => array?.[i],
      );
    expect(of(cube.ocean)).toEqual([1, 0, 0, 0, 1, 1]);
    expect(of(cube.poleHole)).toEqual([0, 0, 0, 0, 1, 0]);
    expect(of(cube.flags?.surface)).toEqual([0, 2, 1, 3, 0, 0]);
    expect(Array.from(cube.flags?.missing ?? [])).toEqual([1, 1, 1]);
    expect(cube.attrs).toMatchObject({
      source: 'nsidc-0081',
      synthetic: false,
      files: 3,
      insertedDates: [],
    });
  });
  it('knows the south', async () => {
    const input = writeFiles(join(folder, 'south'), [
      { name: 'nt_199912_f13_v1.1_s.bin', hemisphere: 'south', code: 25 },
      { name: 'nt_200001_f13_v01_s.bin', hemisphere: 'south', code: 50, header: { 102: ' 2000' } },
    ]);
    const cube = await openSource({ source: 'nsidc-0051', input });
    expect([cube.height, cube.width, cube.grid.crs]).toEqual([332, 316, 'EPSG:3412']);
    expect(cube.sic[332 * 316 + CELLS.ice]).toBe(Math.fround(0.2));
    expect(cube.attrs).toMatchObject({
      kind: 'monthly',
      hemisphere: 'south',
      versions: ['v01', 'v1.1'],
    });
    expect(Array.from(cube.days)).toEqual([10926, 10957]);
  });
  it('a cell that is unused only sometimes is ocean', async () => {
    const input = writeFiles(join(folder, 'unused'), [
      { name: 'nt_20160101_f17_nrt_n.bin', codes: { 42: 252 } },
      { name: 'nt_20160102_f17_nrt_n.bin', codes: { 42: 9 } },
    ]);
    const cube = await openSource({ source: 'nsidc-0081', input });
    expect(cube.ocean[42]).toBe(1);
    expect(Array.from(cube.flags?.missing ?? [])).toEqual([2, 1]);
  });
});

describe('inputs', () => {
  it('folder, archive, gzipped archive and files: the same cube', async () => {
    const expected = await openSource({
      source: 'nsidc-0081',
      input: writeFiles(join(folder, 'same/deep'), threeDays),
    });
    const tar = await archive(threeDays);
    const paths = ['days.tar', 'days.tar.gz', 'days.tgz'].map((name) => join(folder, name));
    paths.forEach((path, i) => writeFileSync(path, i === 0 ? tar : gzipSync(tar)));
    // Browsers unpack a download at times, and keep its name.
    paths.push(join(folder, 'unpacked.tar.gz'));
    writeFileSync(paths[3] ?? '', tar);
    const zipped = join(folder, 'zipped');
    mkdirSync(zipped);
    for (const file of threeDays) {
      writeFileSync(join(zipped, `${file.name}.gz`), gzipSync(nsidcBytes(file)));
    }
    for (const input of [...paths, zipped, join(folder, 'same')]) {
      const cube = await openSource({ source: 'nsidc-0081', input });
      expect(digested(cube), input).toEqual(digested(expected));
    }
  });
  it('one file, and progress', async () => {
    const input = join(writeFiles(join(folder, 'one'), threeDays), 'nt_20160229_f17_nrt_n.bin');
    const seen: unknown[] = [];
    const output = join(folder, 'one.zarr');
    const cube = await importSource({
      source: 'nsidc-0081',
      input,
      output,
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen).toEqual([
      { stage: 'read', done: 1, total: null },
      { stage: 'write', done: 1, total: 1 },
    ]);
    expect(digested(await readCube(output))).toEqual(digested(cube));
  });
  it('from and to', async () => {
    const input = writeFiles(join(folder, 'range'), threeDays);
    const cube = await openSource({
      source: 'nsidc-0081',
      input,
      from: '2016-02-29',
      to: '2016-02-29',
    });
    expect(Array.from(cube.days)).toEqual([16860]);
    const none = () => openSource({ source: 'nsidc-0081', input, from: '2020-01-01' });
    expect(await failure(none, 'NoData')).toMatch(/from 2020-01-01 to ….*3 outside the dates/);
    const bad = () => openSource({ source: 'nsidc-0081', input, from: '01.02.2016' });
    expect(await failure(bad, 'InvalidOption')).toContain('"01.02.2016"');
  });
});

describe('gaps and duplicates', () => {
  it('missing days become NaN, counted as missing', async () => {
    const input = writeFiles(join(folder, 'gap'), [
      { name: 'nt_20160228_f17_nrt_n.bin' },
      { name: 'nt_20160302_f17_nrt_n.bin' },
    ]);
    const cube = await openSource({ source: 'nsidc-0081', input });
    expect(cube.days.length).toBe(4);
    expect(cube.attrs['insertedDates']).toEqual(['2016-02-29', '2016-03-01']);
    const plane = cube.height * cube.width;
    expect(cube.sic.subarray(plane, 3 * plane).every(Number.isNaN)).toBe(true);
    expect(Array.from(cube.flags?.missing ?? [])).toEqual([1, plane - 4, plane - 4, 1]);
  });
  it('missing months too', async () => {
    const names = ['nt_198711_f08_v1.1_n.bin', 'nt_198802_f08_v1.1_n.bin'];
    const input = writeFiles(
      join(folder, 'months'),
      names.map((name) => ({ name })),
    );
    const { days, attrs } = await openSource({ source: 'nsidc-0051', input });
    expect(days.length).toBe(4);
    expect(attrs['insertedDates']).toEqual(['1987-12-01', '1988-01-01']);
  });
  it('of several files for a date the best is taken, in any order', async () => {
    const input = writeFiles(join(folder, 'twice'), [
      { name: 'a/nt_20160101_f17_v1.1_n.bin', code: 10 },
      { name: 'b/nt_20160101_f13_v1.1_n.bin', code: 20 },
      { name: 'c/nt_20160101_f17_v01_n.bin', code: 30 },
      { name: 'a/nt_20160102_f17_v1.1_n.bin', code: 40, codes: { 77: 255 } },
      { name: 'b/nt_20160102_n07_v01_n.bin', code: 50 },
    ]);
    const cube = await openSource({ source: 'nsidc-0051', input });
    expect(cube.sic[CELLS.ice]).toBe(Math.fround(10 / 250));
    expect(cube.sic[cube.height * cube.width + CELLS.ice]).toBe(Math.fround(50 / 250));
    expect(cube.attrs['duplicates']).toEqual([
      {
        date: '2016-01-01',
        kept: 'nt_20160101_f17_v1.1_n.bin',
        dropped: ['nt_20160101_f13_v1.1_n.bin', 'nt_20160101_f17_v01_n.bin'],
      },
      {
        date: '2016-01-02',
        kept: 'nt_20160102_n07_v01_n.bin',
        dropped: ['nt_20160102_f17_v1.1_n.bin'],
      },
    ]);
  });
});
