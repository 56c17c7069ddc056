import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  makeVariable,
  readImage,
  writeGeoTiff,
  writeNpy,
  writePng,
  type RasterFile,
} from '@arctic/raster';
import { afterAll, describe, expect, it } from 'vitest';
import { describeFile } from '../../src/inspect/describe.js';
import { blocksOf, statisticsOf } from '../../src/inspect/statistics.js';
import { ROOT, runCli } from '../run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'arctic-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function variable(shape: readonly number[], chunkShape: readonly number[]) {
  return makeVariable({
    path: 'made',
    name: 'v',
    dims: shape.map((_, i) => `d${i}`),
    shape,
    dtype: 'float32',
    chunkShape,
    load: ({ count }) =>
      Promise.resolve(new Float32Array(count.reduce((a, b) => a * b, 1)).fill(2)),
  });
}

describe('statistics', () => {
  it.each([
    { shape: [5, 7], chunks: [2, 3] },
    { shape: [3000, 4000], chunks: [256, 256] },
    { shape: [3, 2500, 2500], chunks: [3, 2500, 2500] },
    { shape: [0, 4], chunks: [1, 4] },
    { shape: [], chunks: [] },
  ])('blocks cover $shape once, none above 4 million elements', ({ shape, chunks }) => {
    let covered = 0;
    const seen = new Set<string>();
    for (const { start, count } of blocksOf(variable(shape, chunks))) {
      const size = count.reduce((a, b) => a * b, 1);
      expect(size).toBeLessThanOrEqual(1 << 22);
      covered += size;
      seen.add(start.join());
    }
    expect(covered).toBe(shape.reduce((a, b) => a * b, 1));
  });
  it('count what is missing, and are null where nothing is there', async () => {
    expect(await statisticsOf(variable([3000, 3000], [100, 3000]))).toEqual({
      valid: 9e6,
      missing: 0,
      min: 2,
      max: 2,
      mean: 2,
    });
    const empty = makeVariable({
      ...variable([2, 2], [2, 2]),
      path: 'made',
      load: () => Promise.resolve(Float32Array.of(NaN, NaN, NaN, NaN)),
    });
    expect(await statisticsOf(empty)).toMatchObject({ valid: 0, missing: 4, mean: null });
  });
});

it('of a file that lies askew the transform is in its corners', async () => {
  const controlPoints = [
    { row: 0, column: 0, x: 100, y: 200 },
    { row: 0, column: 4, x: 140, y: 220 },
    { row: 2, column: 0, x: 110, y: 180 },
    { row: 2, column: 4, x: 150, y: 200 },
  ];
  const placement = { rowAxis: 0, columnAxis: 1, rowsFromSouth: false, columnsFromEast: false };
  const placed = (points: typeof controlPoints): RasterFile => ({
    path: 'made',
    format: 'geotiff',
    crs: 'EPSG:3413',
    transform: null,
    times: [],
    variables: [
      {
        ...variable([2, 4], [2, 4]),
        placement: { ...placement, crs: 'EPSG:3413', transform: null, controlPoints: points },
      },
    ],
    attributes: {},
    close: () => Promise.resolve(),
  });
  expect((await describeFile(placed(controlPoints))).transform).toEqual([100, 10, 5, 200, 5, -10]);
  const bent = controlPoints.map((point, i) => (i === 3 ? { ...point, x: 151 } : point));
  expect((await describeFile(placed(bent))).transform).toBeNull();
});

describe('the command', () => {
  it('--json prints one line for a GeoTIFF', async () => {
    const path = join(folder, 'field.tif');
    await writeGeoTiff(path, {
      height: 2,
      width: 2,
      dtype: 'int16',
      crs: 'EPSG:3413',
      transform: [100, 10, 0, 200, 0, -10],
      nodata: -1,
      units: 'm',
      bands: [{ name: 'thickness', time: '2020-03-01T12:00:00Z' }],
      rows: () => Int16Array.of(-1, 1, 2, 6),
    });
    const { code, out: stdout } = await runCli(['inspect', path, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      path,
      crs: 'EPSG:3413',
      transform: [100, 10, 0, 200, 0, -10],
      times: ['2020-03-01T12:00:00Z'],
      variables: [
        {
          name: 'thickness',
          shape: [2, 2],
          dims: ['y', 'x'],
          dtype: 'int16',
          units: 'm',
          valid: 3,
          missing: 1,
          min: 1,
          max: 6,
          mean: 3,
        },
      ],
    });
  });
  it('prints a table and draws a picture', async () => {
    const path = join(folder, 'field.npy');
    await writeNpy(path, { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, NaN) });
    const { code, out: stdout } = await runCli(['inspect', path, '--out', folder]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/float32 \[.* 2, .* 3\] +5 +1 +1 +5 +3/);
    const picture = join(folder, 'inspect', 'field.npy.png');
    expect(existsSync(picture)).toBe(true);
    expect((await readImage(picture)).width).toBeGreaterThan(300);
  });
  it('prints the columns of a table', async () => {
    const path = join(folder, 'N_09_extent_v3.0.csv');
    const head = 'year, mo, data-type, region, extent, area\n';
    writeFileSync(
      path,
      `${head}1979, 9, Goddard, N, 7.05, 4.58\n1980, 9, Goddard, N, -9999, 4.8\n`,
    );
    const { out: stdout } = await runCli(['inspect', path]);
    expect(stdout).toMatch(/^extent +float64 \[time 2\] +1e6 km2 +1 +1 +7\.05 +7\.05 +7\.05$/m);
    expect(stdout).toMatch(/^area /m);
  });
  it('ends quietly when its reader has enough', () => {
    const path = join(folder, 'N_09_extent_v4.0.csv');
    const days = Array.from({ length: 9000 }, (_, i) => `${1000 + i}, 9, x, N, 7.05, 4.58\n`);
    writeFileSync(path, `year, mo, data-type, region, extent, area\n${days.join('')}`);
    const command = `node --import tsx --conditions=@arctic/source apps/train-all/src/main.ts inspect --json '${path}' | head -c 9`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['{"path":"', '']);
  });
  it('describes a dataset folder', async () => {
    const data = join(folder, 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'manifest.json'), '{}');
    for (const part of ['images', 'labels']) {
      mkdirSync(join(data, part));
      const image = { data: new Uint8Array(12).fill(4), width: 2, height: 2, channels: 3 as const };
      await writePng(join(data, part, 'a.png'), image);
    }
    const { out: stdout } = await runCli(['inspect', data, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      variables: [{ name: 'images', shape: [1, 2, 2, 3], mean: 4 }, { name: 'labels' }],
    });
  });
  it('ends with code 2 and an error as JSON where a file cannot be read', async () => {
    const path = join(folder, 'broken.tif');
    writeFileSync(path, 'II*\0\x08\0\0\0\xff\xff');
    const { code, out: stdout } = await runCli(['inspect', path, '--json']);
    expect(code).toBe(2);
    const { error } = JSON.parse(stdout) as { error: { tag: string; message: string } };
    expect(error.tag).toBe('DamagedFile');
    expect(error.message).toContain(path);
    const missing = await runCli(['inspect', join(folder, 'none.nc'), '--json']);
    expect(missing.code).toBe(2);
    expect(missing.out).toContain('"tag":"MissingFile"');
  });
});
