import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openChart } from '../../src/charts/open-chart.js';
import { failure, temporaryFolder } from '../helpers.js';
import { chartFixture, EXPECTED, plain } from './chart-fixtures.js';

const SIGRID = 'sigrid_202001151200_pl_a';
const ENDINGS = ['shp', 'dbf', 'shx', 'prj', 'cpg'] as const;

/** A copy of the SIGRID-3 shapefile in a folder of its own. */
function copyOf(name: string, folder = temporaryFolder()): string {
  for (const end of ENDINGS)
    copyFileSync(chartFixture(`${SIGRID}.${end}`), join(folder, `${name}.${end}`));
  return join(folder, name);
}

describe('openChart', () => {
  it('says of points and lines that they are no chart, not that they are damaged', async () => {
    for (const [type, word] of [
      [1, 'points'],
      [13, 'lines'],
    ] as const) {
      const stem = copyOf(word);
      const bytes = readFileSync(`${stem}.shp`);
      bytes.writeInt32LE(type, 32);
      writeFileSync(`${stem}.shp`, bytes);
      expect(await failure(() => openChart(`${stem}.shp`), 'NoData')).toContain(`one of ${word}`);
    }
  });

  it('reads a shapefile as pyshp does, without null shapes and deleted records', async () => {
    const chart = await openChart(chartFixture(`${SIGRID}.shp`));
    expect(chart.polygons.map(({ rings }) => plain(rings))).toEqual(EXPECTED.sigrid.rings);
    // Blank text is null here.
    const blanks = EXPECTED.sigrid.records.map((record) =>
      Object.fromEntries(
        Object.entries(record).map(([key, value]) => [key, value === '' ? null : value]),
      ),
    );
    expect(chart.polygons.map(({ attributes }) => attributes)).toEqual(blanks);
    expect([chart.crs, chart.date, chart.scheme, chart.layer]).toEqual([
      'EPSG:4326',
      '2020-01-15T12:00:00Z',
      'sigrid-3',
      SIGRID,
    ]);
    expect(chart.codeNames).toEqual(['CT', 'CA', 'SA', 'FA', 'POLY_TYPE']);
    expect(chart.polygons[1]?.codes).toEqual({
      CT: '13',
      CA: '-9',
      SA: '87',
      FA: '',
      POLY_TYPE: 'I',
    });
  });
  it('takes any file of it, a folder, files in capitals, and no .cpg, .shx or .prj', async () => {
    const folder = temporaryFolder();
    const stem = copyOf('x', folder);
    const wanted = (await openChart(chartFixture(`${SIGRID}.shp`))).polygons;
    for (const end of ENDINGS) expect((await openChart(`${stem}.${end}`)).polygons).toEqual(wanted);
    expect(await openChart(folder)).toMatchObject({ path: folder, polygons: wanted, date: null });
    copyFileSync(chartFixture('sigrid.zip'), `${stem}.zip`); // what it was unpacked from
    expect((await openChart(folder)).polygons).toEqual(wanted);
    const dated = join(temporaryFolder(), '2019-03-31', 'sub');
    cpSync(folder, dated, { recursive: true });
    expect((await openChart(join(dated, '..'))).date).toBe('2019-03-31');
    copyFileSync(chartFixture('charts.gpkg'), `${stem}.gpkg`); // another chart, not a part of it
    expect((await openChart(`${stem}.shp`)).polygons).toEqual(wanted);
    renameSync(`${stem}.dbf`, `${stem.slice(0, -1)}X.DBF`);
    for (const end of ['cpg', 'shx', 'prj']) rmSync(`${stem}.${end}`);
    const bare = await openChart(`${stem}.shp`);
    expect(bare.polygons).toEqual(wanted); // windows-1252 is found without the .cpg
    expect(bare.crs).toBe('EPSG:4326');
  });
  it('finds the chart in an archive with other layers', async () => {
    const chart = await openChart(chartFixture('sigrid.zip'));
    expect(chart.layer).toBe(SIGRID);
    expect(chart.polygons.map(({ rings }) => plain(rings))).toEqual(EXPECTED.sigrid.rings);
    expect((await openChart(chartFixture('sigrid.zip'), { layer: 'coast' })).codeNames).toEqual([]);
    const message = await failure(
      () => openChart(chartFixture('sigrid.zip'), { layer: 'sea' }),
      'InvalidOption',
    );
    expect(message).toContain('coast');
  });
  it('reads the older Canadian columns out of a zip in a zip', async () => {
    const chart = await openChart(chartFixture('egg.zip'));
    expect([chart.scheme, chart.date, chart.polygons.length]).toEqual(['egg', '1998-12-01', 6]);
    expect(chart.crs).toContain('Lambert_Conformal_Conic');
    expect(chart.polygons[0]?.codes).toEqual({
      LEGEND: 'Egg',
      CT: '9+',
      CA: '3',
      CB: '5',
      CC: '',
      SA: '7.',
      SB: '1.',
      SC: '',
      SD: '4',
    });
  });
  it('reads codes from one string, heights left out', async () => {
    const chart = await openChart(chartFixture('arctic110110.shp'));
    expect([chart.date, chart.crs]).toEqual(['2011-01-10', 'EPSG:4326']);
    expect(chart.polygons.map(({ codes }) => codes)).toEqual([
      { CT: '81', CA: '60', SA: '93', FA: '06', CB: '30', SB: '87', FB: '05', CF: '0706' },
      { CT: 'CT92' },
    ]);
    expect(plain(chart.polygons[1]?.rings ?? [])).toEqual([
      [-160, 75, -160, 76, -150, 76, -150, 75, -160, 75],
    ]);
  });
  it('reads a GeoPackage', async () => {
    const chart = await openChart(chartFixture('charts.gpkg'));
    expect([chart.layer, chart.crs, chart.date]).toEqual([
      'ice 2021-03-04',
      'EPSG:3413',
      '2021-03-04',
    ]);
    expect(chart.polygons.map(({ rings }) => plain(rings))).toEqual(
      EXPECTED.geopackage.map(({ rings }) => rings),
    );
    expect(chart.polygons.map(({ codes }) => codes)).toEqual([
      { CT: '92', SA: '93', POLY_TYPE: 'I' },
      { CT: '79', SA: '85', POLY_TYPE: 'I' },
    ]);
    expect(chart.polygons.map(({ attributes }) => attributes['depth'])).toEqual([1.25, null]);
    const walled = readFileSync(chartFixture('charts.gpkg'));
    walled.fill(2, 18, 20);
    const path = join(temporaryFolder(), 'wal.gpkg');
    writeFileSync(path, walled);
    expect((await openChart(path)).polygons).toEqual(chart.polygons);
  });
  it('follows the .shx where records were replaced', async () => {
    const stem = copyOf('x');
    const shp = readFileSync(`${stem}.shp`);
    const shx = readFileSync(`${stem}.shx`);
    const at = shx.readInt32BE(100) * 2;
    const record = shp.subarray(at, at + 8 + shp.readInt32BE(at + 4) * 2);
    const moved = Buffer.from(record);
    moved.writeDoubleLE(-33, 8 + 44 + 8); // first longitude of the first ring
    shx.writeInt32BE(shp.length / 2, 100);
    writeFileSync(`${stem}.shp`, Buffer.concat([shp, moved]));
    writeFileSync(`${stem}.shx`, shx);
    const chart = await openChart(`${stem}.shp`);
    expect([chart.polygons[0]?.rings[0]?.[0], chart.polygons.length]).toEqual([-33, 5]);
  });
  it('says what is wrong', async () => {
    const folder = temporaryFolder();
    await failure(() => openChart(join(folder, 'absent.shp')), 'MissingInput');
    await failure(() => openChart(folder), 'NoData');
    writeFileSync(join(folder, 'chart.e00'), 'EXP');
    await failure(() => openChart(join(folder, 'chart.e00')), 'UnsupportedFormat');
    const stem = copyOf('x', folder);
    copyOf('y', folder);
    expect(await failure(() => openChart(folder), 'InvalidOption')).toContain('x, y');
    rmSync(`${stem}.dbf`);
    expect(await failure(() => openChart(`${stem}.shp`), 'MissingInput')).toContain('x.dbf');
    writeFileSync(join(folder, 'bad.prj'), 'PROJCS["nowhere",PROJECTION["none"]]');
    for (const end of ['shp', 'dbf'])
      copyFileSync(chartFixture(`${SIGRID}.${end}`), join(folder, `bad.${end}`));
    await failure(() => openChart(join(folder, 'bad.shp')), 'UnsupportedFormat');
  });
  it('answers damaged files with its own errors', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'd'));
    const sources = [
      ...ENDINGS.slice(0, 2).map((end) => `${SIGRID}.${end}`),
      'egg.zip',
      'charts.gpkg',
    ];
    let damaged = 0;
    for (const source of sources) {
      const bytes = readFileSync(chartFixture(source));
      for (let i = 1; i <= 16; i++) {
        const stem = copyOf('x', join(folder, 'd'));
        const path = /zip|gpkg/.test(source) ? join(folder, source) : `${stem}.shp`;
        const copy = Buffer.from(bytes);
        copy.writeInt32BE(
          i % 2 === 0 ? 0x7fffffff : -(i ** 5),
          (i * 7919) % (Math.min(600, copy.length) - 4),
        );
        const mutated = i % 4 === 0 ? copy.subarray(0, (copy.length * i) / 17) : copy;
        writeFileSync(path.replace('.shp', source.slice(-4)), mutated);
        await openChart(path).catch((error: unknown) => {
          expect(error).toMatchObject({ name: 'DataRealError' });
          damaged += 1;
        });
      }
    }
    expect(damaged).toBeGreaterThan(20);
  });
});
