import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createSiamese, fromPretrained, presets } from '../src/index.js';

it('comes back from its folder with config and meta data', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'siamese-'));
  const before = tf.memory().numTensors;
  const model = createSiamese({ ...presets.tiny, threshold: 0.4 }, { seed: 3 });
  const meta = { normalisation: { mean: [0.5], std: [0.2] } };
  await model.save({ folder, meta });
  const loaded = await fromPretrained(folder);
  expect(loaded.config).toEqual(model.config);
  expect(loaded.meta).toEqual(meta);
  expect(await loaded.store.stateDict()).toEqual(await model.store.stateDict());
  loaded.dispose();
  const classifier = (await model.save())['config.json'].replace(
    'siamese-unet',
    'resnet-classifier',
  );
  await expect(
    fromPretrained({ ...(await model.save()), 'config.json': classifier }),
  ).rejects.toThrow('siamese-unet');
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
  await rm(folder, { recursive: true });
});
