import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePng } from '@arctic/raster';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  loadProcessed,
  loadStats,
  preprocessChangePairs,
  preprocessImagery,
} from '../src/index.js';
import { makeFolder, makeImagery, makePairs } from './dataset.js';

let root: string;
let cleanUp: () => Promise<void>;
beforeEach(async () => {
  ({ folder: root, cleanUp } = await makeFolder());
});
afterEach(() => cleanUp());

const json = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;

describe('preprocessImagery', () => {
  const run = (more: Partial<Parameters<typeof preprocessImagery>[0]> = {}) =>
    preprocessImagery({
      input: join(root, 'imagery'),
      output: join(root, 'processed'),
      inputSize: 4,
      seed: 1,
      ...more,
    });

  test('writes arrays of each split that load back', async () => {
    await makeImagery(join(root, 'imagery'), { samples: 20 });
    const seen: number[] = [];
    const { counts } = await run({ onProgress: ({ done }) => seen.push(done) });
    expect(counts).toEqual({ train: 14, val: 3, test: 3 });
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    const train = await loadProcessed(join(root, 'processed'), 'classifier', 'train');
    expect(train).toMatchObject({ n: 14, height: 4, width: 4 });
    expect(train.images).toHaveLength(14 * 4 * 4 * 3);
    train.ids.forEach((id, i) => {
      const number = Number(id.slice(1));
      expect(train.labels[i]).toBe(number % 3);
      expect(train.images[i * 48]).toBe(60 * (number % 3) + number);
    });
    expect((await readdir(join(root, 'processed'))).sort()).toEqual([
      'split.json',
      'stats.json',
      'test',
      'train',
      'val',
    ]);
  });

  test('takes its statistics from the training split only', async () => {
    await makeImagery(join(root, 'imagery'), { samples: 20 });
    const { stats } = await run();
    const before = await loadStats(join(root, 'processed'), 'classifier');
    expect(before).toEqual(stats);
    expect([stats.inputSize, stats.sceneSize]).toEqual([4, 8]);
    // blackening every image outside the training split changes nothing
    const train = await loadProcessed(join(root, 'processed'), 'classifier', 'train');
    for (let i = 0; i < 20; i++) {
      if (train.ids.includes(`s${i}`)) continue;
      const data = new Uint8Array(8 * 8 * 3);
      await writePng(join(root, `imagery/images/s${i}.png`), {
        data,
        width: 8,
        height: 8,
        channels: 3,
      });
    }
    expect((await run()).stats).toEqual(stats);
    const mean = train.images.reduce((sum, value) => sum + value, 0) / train.images.length / 255;
    expect(stats.mean[0]).toBeCloseTo(mean, 9);
    expect(stats.classCounts.reduce((a, b) => a + b)).toBe(14);
  });

  test('keeps the samples of a scene together and says why', async () => {
    await makeImagery(join(root, 'imagery'), { samples: 24, perScene: 3 });
    await run();
    const { classifier } = await json(join(root, 'processed/split.json'));
    const split = classifier as Record<string, { id: string; scene: string }[]>;
    const scenes = ['train', 'val', 'test'].map(
      (name) => new Set(split[name]?.map((sample) => sample.scene)),
    );
    const all = scenes.flatMap((set) => [...set]);
    expect(new Set(all).size).toBe(all.length);
    expect(String(split['rule'])).toMatch(/Whole scenes.*before any tiling or augmentation/);
  });

  test('augments nothing: each source image is written once, to one split', async () => {
    await makeImagery(join(root, 'imagery'), { samples: 9 });
    await run();
    const splits = await Promise.all(
      (['train', 'val', 'test'] as const).map((split) =>
        loadProcessed(join(root, 'processed'), 'classifier', split),
      ),
    );
    const ids = splits.flatMap((split) => split.ids);
    expect([...ids].sort()).toEqual(Array.from({ length: 9 }, (_, i) => `s${i}`));
    expect(splits.reduce((sum, split) => sum + split.images.length, 0)).toBe(9 * 4 * 4 * 3);
  });

  test('the same seed gives the same split, another seed another', async () => {
    await makeImagery(join(root, 'imagery'), { samples: 20 });
    const ids = async () =>
      (await loadProcessed(join(root, 'processed'), 'classifier', 'test')).ids;
    await run();
    const one = await ids();
    await run();
    expect(await ids()).toEqual(one);
    await run({ seed: 2 });
    expect(await ids()).not.toEqual(one);
  });

  test('takes a separate test folder in full', async () => {
    await makeImagery(join(root, 'imagery'), { samples: 17, seed: 1 });
    await makeImagery(join(root, 'fresh'), { samples: 6, seed: 2 });
    const { counts } = await run({ testInput: join(root, 'fresh') });
    expect(counts).toEqual({ train: 14, val: 3, test: 6 });
    const { classifier } = await json(join(root, 'processed/split.json'));
    expect(classifier).toMatchObject({ separateTest: true });
  });

  test('refuses a test folder of the same scenes', async () => {
    await makeImagery(join(root, 'imagery'), { samples: 9, seed: 1 });
    await makeImagery(join(root, 'fresh'), { samples: 6, seed: 1 });
    await expect(run({ testInput: join(root, 'fresh') })).rejects.toThrow(
      /scene0 in both, from seed 1/,
    );
  });

  test('takes the first maxSamples', async () => {
    await makeImagery(join(root, 'imagery'), { samples: 20 });
    const { counts } = await run({ maxSamples: 10 });
    expect(counts.train + counts.val + counts.test).toBe(10);
  });

  test('falls back on the commonest label where the manifest gives no class', async () => {
    await makeImagery(join(root, 'imagery'), { samples: 6 });
    const path = join(root, 'imagery/manifest.json');
    const manifest = await json(path);
    const samples = (manifest['samples'] as { id: string }[]).map(({ id }) => ({ id }));
    await writeFile(path, JSON.stringify({ ...manifest, samples }));
    await run();
    const { ids, labels } = await loadProcessed(join(root, 'processed'), 'classifier', 'train');
    ids.forEach((id, i) => expect(labels[i]).toBe(Number(id.slice(1)) % 3));
  });

  test.each([
    [
      'a missing folder',
      () => run({ input: join(root, 'nowhere') }),
      /manifest.json: expected a dataset manifest. Received: no such file/,
    ],
    ['no such input size', () => run({ inputSize: 0 }), /"inputSize".*Received: 0/],
    ['no samples asked for', () => run({ maxSamples: 0 }), /"maxSamples"/],
  ])('refuses %s', async (_, act, message) => {
    await makeImagery(join(root, 'imagery'), { samples: 6 });
    await expect(act()).rejects.toThrow(message);
  });

  test('names a damaged or misshapen file and leaves earlier results untouched', async () => {
    const imagery = join(root, 'imagery');
    await makeImagery(imagery, { samples: 9 });
    await run();
    const stats = await readFile(join(root, 'processed/stats.json'), 'utf8');
    const train = await loadProcessed(join(root, 'processed'), 'classifier', 'train');

    await truncate(join(imagery, 'images/s4.png'), 60);
    await expect(run({ seed: 9 })).rejects.toThrow(/images\/s4\.png: expected/);
    const shape = { width: 8, height: 4, channels: 3 } as const;
    await writePng(join(imagery, 'images/s4.png'), { data: new Uint8Array(96), ...shape });
    await expect(run({ seed: 9 })).rejects.toThrow(
      /s4\.png: expected a square RGB image. Received: 8×4/,
    );
    await makeImagery(imagery, { samples: 9 });
    const small = { data: new Uint8Array(16), width: 4, height: 4, channels: 1 } as const;
    await writePng(join(imagery, 'labels/s3.png'), small);
    await expect(run({ seed: 9 })).rejects.toThrow(
      /labels\/s3\.png: expected a label map.*8×8.*Received: 4×4/,
    );
    const odd = { data: new Uint8Array(64).fill(9), width: 8, height: 8, channels: 1 } as const;
    await writePng(join(imagery, 'labels/s3.png'), odd);
    await expect(run({ seed: 9 })).rejects.toThrow(/label values 0..2, or 255.*Received: 9/);

    expect(await readFile(join(root, 'processed/stats.json'), 'utf8')).toBe(stats);
    expect(await loadProcessed(join(root, 'processed'), 'classifier', 'train')).toEqual(train);
    expect(await readdir(join(root, 'processed'))).not.toContainEqual(
      expect.stringContaining('staging'),
    );
  });

  test('refuses a manifest of another kind, or with a sample twice', async () => {
    const imagery = join(root, 'imagery');
    await makePairs(imagery, 3);
    await expect(run()).rejects.toThrow(
      /schema 1 of kind labeled_ice_imagery. Received: schema 1, kind change_pairs/,
    );
    const manifest = { schema: 1, kind: 'labeled_ice_imagery', classes: ['a', 'b'] };
    const write = (samples: unknown) =>
      writeFile(join(imagery, 'manifest.json'), JSON.stringify({ ...manifest, samples }));
    await write([{ id: 'x' }, { id: 'x' }]);
    await expect(run()).rejects.toThrow(/every sample id once/);
    await write([{}]);
    await expect(run()).rejects.toThrow(/samples with an "id".*position 0/);
    await write([]);
    await expect(run()).rejects.toThrow(/an empty list/);
    await writeFile(join(imagery, 'manifest.json'), '{');
    await expect(run()).rejects.toThrow(/manifest.json: expected a dataset manifest/);
  });
});

describe('preprocessChangePairs', () => {
  const run = (inputSize: number) =>
    preprocessChangePairs({
      input: join(root, 'pairs'),
      output: join(root, 'processed'),
      inputSize,
      seed: 1,
    });

  test('writes both dates and the change map, 0 or 1', async () => {
    await makePairs(join(root, 'pairs'), 10);
    const { stats, counts } = await run(4);
    expect(counts).toEqual({ train: 7, val: 2, test: 1 });
    expect(stats.sceneSize).toBe(8);
    expect(stats.changedFraction).toBe(0.25);
    expect(stats.positiveWeight).toBe(3);
    expect(stats.mean[0]).toBeCloseTo((50 * 0.75 + 200 * 0.25) / 255, 9);
    const pairs = await loadProcessed(join(root, 'processed'), 'siamese', 'val');
    expect(Array.from(pairs.change.subarray(16))).toEqual([
      1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
    expect([pairs.before[0], pairs.after[0], pairs.after[9]]).toEqual([50, 200, 50]);
  });

  test('leaves the other task alone', async () => {
    await makeImagery(join(root, 'imagery'), { samples: 9 });
    await makePairs(join(root, 'pairs'), 10);
    const processed = join(root, 'processed');
    await preprocessImagery({
      input: join(root, 'imagery'),
      output: processed,
      inputSize: 4,
      seed: 1,
    });
    const imagery = await loadStats(processed, 'classifier');
    await run(8);
    expect(await loadStats(processed, 'classifier')).toEqual(imagery);
    expect((await loadStats(processed, 'siamese')).inputSize).toBe(8);
    expect(Object.keys(await json(join(processed, 'split.json')))).toEqual([
      'schema',
      'classifier',
      'siamese',
    ]);
    expect((await loadProcessed(processed, 'classifier', 'val')).n).toBeGreaterThan(0);
  });

  test('refuses a damaged record before it starts, and label values other than 0 and 255', async () => {
    await makePairs(join(root, 'pairs'), 6);
    await run(4);
    await writeFile(join(root, 'processed/stats.json'), '{');
    await expect(run(4)).rejects.toThrow(/stats.json: expected the record of an earlier run/);
    await writeFile(join(root, 'processed/stats.json'), '{"schema":1}');
    const data = new Uint8Array(64).fill(1);
    await writePng(join(root, 'pairs/label/p0.png'), { data, width: 8, height: 8, channels: 1 });
    await expect(run(4)).rejects.toThrow(
      /label\/p0\.png: expected label values 0 \(unchanged\) or 255/,
    );
    await expect(loadStats(join(root, 'processed'), 'siamese')).rejects.toThrow(
      /an entry "siamese"/,
    );
  });
});
