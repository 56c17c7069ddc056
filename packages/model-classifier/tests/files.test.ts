import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClassifier, fromPretrained, presets } from '../src/index.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'classifier-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

it('comes back from its folder with config and meta data, by path and by URL', async () => {
  const before = tf.memory().numTensors;
  const model = createClassifier({ ...presets.tiny, classes: ['ice', 'water'] }, { seed: 3 });
  const meta = { normalisation: { mean: [0.5], std: [0.2] } };
  const target = path.join(folder, 'models', 'classifier');
  await model.save({ folder: target, meta });
  expect((await readdir(target)).sort()).toEqual(['config.json', 'model.safetensors']);
  for (const source of [target, pathToFileURL(target)]) {
    const loaded = await fromPretrained(source);
    expect(loaded.config).toEqual(model.config);
    expect(loaded.meta).toEqual(meta);
    expect(await loaded.store.stateDict()).toEqual(await model.store.stateDict());
    expect(JSON.parse((await loaded.save())['config.json'])).toMatchObject({ schema: 1, meta });
    loaded.dispose();
  }
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('says which file is missing, and leaves no tensor behind when parameters do not fit', async () => {
  await expect(fromPretrained(folder)).rejects.toThrow(`${folder}/config.json`);
  const before = tf.memory().numTensors;
  const [tiny, wide] = [8, 16].map((width) =>
    createClassifier({ ...presets.tiny, width }, { seed: 1 }),
  );
  const files = { ...(await tiny?.save()), 'config.json': (await wide?.save())?.['config.json'] };
  tiny?.dispose();
  wide?.dispose();
  // Both files are there, from two models.
  await expect(fromPretrained(files as Parameters<typeof fromPretrained>[0])).rejects.toThrow(
    'shape',
  );
  expect(tf.memory().numTensors).toBe(before);
});
