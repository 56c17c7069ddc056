import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCube, readImage } from '@arctic/raster';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  generateChangePair,
  generateIceScene,
  generateSicSeries,
  isDataSynthError,
  writeChangePairs,
  writeIceImagery,
  writeSicStore,
  yearsForWindows,
} from '../src/index.js';
import { digest } from './helpers.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'data-synth-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('writeIceImagery', () => {
  test('writes pictures, class maps and a manifest that agree', async () => {
    const folder = join(root, 'labeled_ice_imagery');
    const steps: number[] = [];
    const manifest = await writeIceImagery({
      folder,
      samples: 6,
      seed: 9,
      size: 48,
      onProgress: ({ done }) => steps.push(done),
    });
    expect(steps).toEqual([1, 2, 3, 4, 5, 6]);
    expect(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))).toEqual(manifest);
    expect(manifest).toMatchObject({
      schema: 1,
      kind: 'labeled_ice_imagery',
      synthetic: true,
      seed: 9,
    });
    expect(manifest.classes).toEqual(['open_water', 'thin_ice', 'thick_ice']);
    expect(manifest.samples.map((sample) => sample.class).sort()).toEqual([0, 0, 1, 1, 2, 2]);
    for (const sample of manifest.samples) {
      const scene = generateIceScene({ seed: sample.seed, size: 48, class: sample.class });
      const image = await readImage(join(folder, sample.image));
      const label = await readImage(join(folder, sample.label));
      expect([image.channels, label.channels]).toEqual([3, 1]);
      expect(digest(image.data, label.data)).toBe(digest(scene.image, scene.classMap));
    }
    expect((await readdir(root)).sort()).toEqual(['labeled_ice_imagery']);
  });

  test('gives sample i of a seed whatever the number of samples', async () => {
    const few = await writeIceImagery({ folder: join(root, 'few'), samples: 2, size: 32 });
    const more = await writeIceImagery({ folder: join(root, 'more'), samples: 4, size: 32 });
    expect(more.samples.slice(0, 2)).toEqual(few.samples);
  });

  test('replaces an earlier dataset, never other files', async () => {
    const folder = join(root, 'set');
    await writeIceImagery({ folder, samples: 3, size: 32 });
    await writeIceImagery({ folder, samples: 1, size: 32 });
    expect(await readdir(join(folder, 'images'))).toHaveLength(1);
    const home = join(root, 'home');
    await writeIceImagery({ folder: home, samples: 1, size: 32 });
    await rm(join(home, 'manifest.json'));
    await writeFile(join(home, 'letter.txt'), 'dear');
    const refused = writeIceImagery({ folder: home, samples: 1, size: 32 });
    await expect(refused).rejects.toSatisfy(isDataSynthError);
    expect(await readdir(home)).toContain('letter.txt');
    const manifest = { schema: 1, kind: 'labeled_ice_imagery', source: 'my camera', samples: [] };
    await writeFile(join(home, 'manifest.json'), JSON.stringify(manifest));
    await expect(writeIceImagery({ folder: home, samples: 1, size: 32 })).rejects.toThrow(
      /Received: one that somebody else made/,
    );
    expect(await readdir(home)).toContain('letter.txt');
  });

  test('refuses an impossible number of samples before it touches the disk', async () => {
    await expect(writeIceImagery({ folder: join(root, 'x'), samples: 0 })).rejects.toThrow(
      /samples: expected/,
    );
    expect(await readdir(root)).toEqual([]);
  });
});

describe('writeChangePairs', () => {
  test('writes both dates, a 0/255 label and a manifest that agree', async () => {
    const folder = join(root, 'change_pairs');
    const manifest = await writeChangePairs({ folder, samples: 2, seed: 3, size: 64 });
    expect(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))).toEqual(manifest);
    expect(manifest).toMatchObject({ schema: 1, kind: 'change_pairs', synthetic: true, seed: 3 });
    for (const sample of manifest.samples) {
      const pair = generateChangePair({ seed: sample.seed, size: 64 });
      const a = await readImage(join(folder, sample.a));
      const b = await readImage(join(folder, sample.b));
      const label = await readImage(join(folder, sample.label));
      expect(digest(a.data, b.data)).toBe(digest(pair.before, pair.after));
      expect(digest(label.data)).toBe(digest(pair.change.map((value) => value * 255)));
    }
  });
});

describe('writeSicStore', () => {
  test('writes a store that reads back as it was generated', async () => {
    const folder = join(root, 'sea_ice_concentration.zarr');
    const options = { seed: 2, days: 40, height: 24, width: 24 } as const;
    const summary = await writeSicStore({ folder, ...options });
    const series = generateSicSeries(options);
    const cube = await readCube(folder);
    expect(summary).toMatchObject({ days: 40, height: 24, width: 24 });
    expect(digest(cube.days, cube.ocean, cube.area)).toBe(
      digest(series.days, series.ocean, series.area),
    );
    expect(cube.attrs).toMatchObject({
      source: 'synthetic',
      synthetic: true,
      seed: 2,
      weatherSeed: 2,
    });
    cube.sic.forEach((value, i) => {
      const expected = series.sic[i] ?? Number.NaN;
      if (!(Math.abs(value - expected) < 1e-6 || Number.isNaN(value + expected))) {
        throw new Error(`value ${i}: expected ${expected}. Received: ${value}.`);
      }
    });
  });
});

test('yearsForWindows', () => {
  expect(yearsForWindows(1)).toBe(5);
  expect(yearsForWindows(100)).toBe(5);
  expect(yearsForWindows(300)).toBe(14);
  expect(() => yearsForWindows(0)).toThrow(/samples: expected/);
});
