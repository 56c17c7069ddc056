import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImage, writeGeoTiff, writePng, type Transform } from '@arctic/raster';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  classesByColour,
  COLOUR_RULE,
  cropCube,
  findScenes,
  labelSourceOf,
  writeScenePairs,
  writeScenePatches,
} from '../../src/index.js';
import { failure, temporaryFolder } from '../helpers.js';

const folder = temporaryFolder();
const input = join(folder, 'scenes');
const WIDTH = 256;
const HEIGHT = 32;
const transform: Transform = [0, 250, 0, -900_000, 0, -250];

/** Stripes of 16 columns: water, thin, thick; `shift` moves them by stripes. */
function grey(shift: number): (column: number) => number {
  return (column) => [40, 150, 240][(Math.floor(column / 16) + shift) % 3] ?? 0;
}

async function picture(name: string, colour: (column: number) => readonly number[]) {
  await writeGeoTiff(join(input, name), {
    height: HEIGHT,
    width: WIDTH,
    dtype: 'uint8',
    crs: 'EPSG:3413',
    transform,
    nodata: null,
    bands: [{ name: 'red' }, { name: 'green' }, { name: 'blue' }],
    rows: (_, count) =>
      Uint8Array.from({ length: count * WIDTH * 3 }, (__, i) => {
        return colour(Math.floor(i / 3) % WIDTH)[i % 3] ?? 0;
      }),
  });
}

beforeAll(async () => {
  mkdirSync(input);
  for (const [date, shift] of [
    ['20220913', 0],
    ['20220914', 1],
  ] as const) {
    const value = grey(shift);
    await picture(`ice.${date}.truecolor.tif`, (x) => [value(x), value(x), value(x) + 1]);
    // The last 32 columns lie under cloud: bright in band 7.
    await picture(`ice.${date}.falsecolor.tif`, (x) => [x >= 224 ? 200 : 5, 90, 90]);
  }
});

interface Manifest {
  readonly synthetic: boolean;
  readonly labels: string;
  readonly samples: readonly {
    readonly id: string;
    readonly class: number;
    readonly scene: string;
    readonly transform: Transform;
  }[];
}

function manifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest; // written by the package
}

describe('the rule', () => {
  it('tells water, grey and bright ice, leaves cloud, land and gaps out', () => {
    const { openWaterBelow, thickIceFrom } = COLOUR_RULE;
    const values = [openWaterBelow - 1, openWaterBelow, thickIceFrom - 1, thickIceFrom];
    const trueColour = Uint8Array.from([...values, 50, 50].flatMap((value) => [value, 3, 3]));
    const common = { height: 1, width: 6, trueColour, valid: Uint8Array.of(1, 1, 1, 1, 0, 1) };
    const clear = new Uint8Array(18).fill(5);
    const land = Uint8Array.of(0, 0, 0, 0, 0, 1);
    const classes = classesByColour({ ...common, falseColour: clear, land });
    expect(Array.from(classes)).toEqual([0, 1, 1, 2, 255, 255]);
    const cloudy = classesByColour({ ...common, falseColour: clear.fill(90), land });
    expect(cloudy.every((k) => k === 255)).toBe(true);
  });
});

describe('patches for the classifier', () => {
  it('carry the class of their stripe; the later date is the test', async () => {
    const [main, test] = [join(folder, 'main'), join(folder, 'test')];
    const scenes = await findScenes(input);
    expect(scenes.map(({ date }) => date)).toEqual(['2022-09-13', '2022-09-14']);
    const summary = await writeScenePatches({
      scenes,
      labels: await labelSourceOf('rule'),
      source: 'modis',
      folder: main,
      testFolder: test,
      patchSize: 16,
    });
    const [first, second] = [manifest(main), manifest(test)];
    expect([summary.main, summary.test]).toEqual([first.samples.length, second.samples.length]);
    expect(first.synthetic).toBe(false);
    expect(first.labels).toContain('Brightness, not thickness');
    for (const { samples } of [first, second]) expect(samples.length).toBeGreaterThan(5);
    for (const sample of first.samples) {
      const column = Math.round((sample.transform[0] - transform[0]) / 250 / 16);
      expect(sample.class).toBe(column % 3);
      expect(column).toBeLessThan(14); // no cloud
      expect(sample.scene).toMatch(/^20220913-block\d+$/);
      const label = await readImage(join(main, 'labels', `${sample.id}.png`));
      expect(label.data.filter((k) => k === sample.class).length).toBeGreaterThan(128);
    }
    expect(new Set(second.samples.map(({ scene }) => scene))).toEqual(new Set(['20220914']));
  });
  it('take labels from a picture on another grid', async () => {
    const labels = join(folder, 'labels.tif');
    await writeGeoTiff(labels, {
      height: HEIGHT / 2,
      width: WIDTH / 2,
      dtype: 'uint8',
      crs: 'EPSG:3413',
      transform: [0, 500, 0, -900_000, 0, -500],
      nodata: null,
      bands: [{ name: 'class' }],
      rows: (_, count) => new Uint8Array((count * WIDTH) / 2).fill(2),
    });
    const main = join(folder, 'painted');
    await writeScenePatches({
      scenes: await findScenes(input),
      labels: await labelSourceOf(labels),
      folder: main,
      testFolder: join(folder, 'painted-test'),
      patchSize: 16,
    });
    expect(manifest(main).samples.every((sample) => sample.class === 2)).toBe(true);
  });
  it('take labels from all charts of the day', async () => {
    const charts = join(folder, 'charts');
    mkdirSync(charts);
    for (const name of ['west_20220913.zip', 'east_20220913.zip'])
      copyFileSync(join(import.meta.dirname, '../fixtures/charts', name), join(charts, name));
    const [main, test] = [join(folder, 'charted'), join(folder, 'charted-test')];
    await writeScenePatches({
      scenes: await findScenes(input, { to: '2022-09-13' }),
      labels: await labelSourceOf(charts),
      folder: main,
      testFolder: test,
      patchSize: 16,
    });
    const samples = [...manifest(main).samples, ...manifest(test).samples];
    expect(new Set(samples.map((sample) => sample.class))).toEqual(new Set([1, 2]));
    for (const sample of samples) expect(sample.class).toBe(sample.transform[0] < 32_000 ? 1 : 2);
  });
  it('says what is missing', async () => {
    const safe = join(folder, 's2', 'S2A_MSIL2A_20220713T171001.SAFE');
    const images = join(safe, 'GRANULE', 'L2A', 'IMG_DATA', 'R10m');
    mkdirSync(images, { recursive: true });
    mkdirSync(join(safe, 'HTML'));
    for (const name of ['TCI_10m', 'TCI_20m', 'B02_10m'])
      writeFileSync(join(images, `T25XEL_20220713T171001_${name}.jp2`), '');
    writeFileSync(join(safe, 'HTML', 'banner.jpg'), '');
    writeFileSync(join(safe, 'S2A_MSIL2A_20220713T171001-ql.jpg'), '');
    expect((await findScenes(join(folder, 's2'))).map(({ name }) => name)).toEqual([
      'T25XEL_20220713T171001_TCI_10m',
    ]);
    mkdirSync(join(folder, 's2', 'copy'));
    writeFileSync(join(folder, 's2', 'copy', 'T25XEL_20220713T171001_TCI_10m.jp2'), '');
    await failure(() => findScenes(join(folder, 's2')), 'InvalidOption');
    await failure(() => findScenes(join(folder, 'none')), 'MissingInput');
    await failure(() => findScenes(input, { from: '2023-01-01' }), 'NoData');
    await failure(() => labelSourceOf(join(folder, 'none')), 'MissingInput');
    const lone = join(folder, 'lone');
    mkdirSync(lone);
    const data = new Uint8Array(32 * 32 * 3);
    await writePng(join(lone, 'x.20220101.png'), { data, width: 32, height: 32, channels: 3 });
    const scenes = await findScenes(lone);
    const out = { folder: join(folder, 'l'), testFolder: join(folder, 'lt') };
    const message = await failure(
      () => writeScenePatches({ scenes, labels: { kind: 'rule' }, ...out }),
      'MissingInput',
    );
    expect(message).toContain('false colour');
    const text = join(folder, 'text');
    mkdirSync(text);
    writeFileSync(join(text, 'a.txt'), '');
    await failure(() => findScenes(text), 'NoData');
  });
});

it('pairs for the change detector: changed where water and ice changed places', async () => {
  const [main, test] = [join(folder, 'pairs'), join(folder, 'pairs-test')];
  await writeScenePairs({
    scenes: await findScenes(input),
    labels: { kind: 'rule' },
    source: 'modis',
    folder: main,
    testFolder: test,
    patchSize: 16,
  });
  for (const [path, { samples }] of [
    [main, manifest(main)],
    [test, manifest(test)],
  ] as const) {
    expect(samples.length).toBeGreaterThan(0);
    for (const { id, transform: place } of samples) {
      const column = Math.round((place[0] - transform[0]) / 250 / 16);
      const { data } = await readImage(join(path, 'label', `${id}.png`));
      // Water to thin, thin to thick, thick to water.
      const changed = column % 3 !== 1;
      expect(data.every((value) => value === (changed ? 255 : 0))).toBe(true);
    }
  }
});

it('a cube is cut to a region, what is missing counted again', () => {
  const cube = {
    sic: Float32Array.from({ length: 16 }, (_, i) => (i === 5 ? NaN : i / 16)),
    days: Int32Array.of(0),
    ocean: new Uint8Array(16).fill(1),
    area: new Float32Array(16).fill(625),
    flags: { surface: new Uint8Array(16), missing: Int32Array.of(1) },
    height: 4,
    width: 4,
    grid: {
      name: 'four',
      crs: 'EPSG:4326',
      transform: [0, 10, 0, 80, 0, -10] as Transform,
    },
    attrs: { source: 'test', synthetic: true },
  };
  const part = cropCube(cube, { west: 11, south: 61, east: 29, north: 69 });
  expect([part.height, part.width, part.grid.transform]).toEqual([1, 2, [10, 10, 0, 70, 0, -10]]);
  expect(part.sic[0]).toBeNaN();
  expect(part.sic[1]).toBe(6 / 16);
  expect(Array.from(part.flags?.missing ?? [])).toEqual([1]);
  expect(() => cropCube(cube, { west: 100, south: 0, east: 110, north: 10 })).toThrow('outside');
});
