import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { ParameterStore, resnetChannels, type ResnetOptions, resnetTrunk } from '../src/index.js';

const tiny = { inChannels: 3, blocks: [1, 1, 1, 1], width: 2 };

it.each<[ResnetOptions, number[]]>([
  [{ ...tiny, depth: 18 }, [2, 2, 4, 8, 16]],
  [{ ...tiny, depth: 50 }, [2, 8, 16, 32, 64]],
])('gives features at five scales, as many channels as it says: %o', async (options, channels) => {
  await tf.setBackend('cpu');
  const store = new ParameterStore({ seed: 1 });
  const trunk = resnetTrunk(store, options);
  expect(resnetChannels(options)).toEqual(channels);
  tf.tidy(() => {
    const shapes = trunk(tf.ones([1, 45, 64, 3]), true).map(({ shape }) => shape);
    const sizes = [
      [23, 32],
      [12, 16],
      [6, 8],
      [3, 4],
      [2, 2],
    ];
    expect(shapes).toEqual(sizes.map((size, index) => [1, ...size, channels[index]]));
  });
  store.dispose();
});

it('names its parameters as torchvision does, after the prefix', () => {
  const store = new ParameterStore({ seed: 1 });
  resnetTrunk(store, { ...tiny, depth: 50, prefix: 'encoder.' });
  const names = store.parameters.map(({ name }) => name);
  expect(names.every((name) => name.startsWith('encoder.'))).toBe(true);
  expect(names).toContain('encoder.layer1.0.downsample.1.running_var');
  expect(names).toContain('encoder.layer4.0.conv3.weight');
  store.dispose();
});

it('starts blocks as the identity unless told otherwise', () => {
  for (const [zeroInitResidual, gain] of [
    [true, 0],
    [false, 1],
  ] as const) {
    const store = new ParameterStore({ seed: 1 });
    resnetTrunk(store, { ...tiny, depth: 18, zeroInitResidual });
    const last = store.parameters.find(({ name }) => name === 'layer1.0.bn2.weight');
    expect([...(last?.variable.dataSync() ?? [])]).toEqual([gain, gain]);
    store.dispose();
  }
});
