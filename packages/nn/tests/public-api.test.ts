import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import * as nn from '../src/index.js';
import {
  batchNorm2d,
  conv2d,
  ParameterStore,
  readSafetensors,
  writeSafetensors,
} from '../src/index.js';

test('exports this and nothing else', () => {
  expect(Object.keys(nn).sort()).toMatchInlineSnapshot(`
    [
      "ModelFolderError",
      "NnError",
      "ParameterStore",
      "avgPool2d",
      "batchNorm2d",
      "constant",
      "conv2d",
      "convBatchNorm2d",
      "convLstm",
      "convTranspose2d",
      "createRng",
      "depthToSpace",
      "describeModel",
      "globalAvgPool2d",
      "isModelFolderError",
      "isNnError",
      "kaimingNormalFanIn",
      "kaimingNormalFanOut",
      "kaimingUniform",
      "linear",
      "loadModelFiles",
      "maxPool2d",
      "normal",
      "ones",
      "openModel",
      "parseModelConfig",
      "readSafetensors",
      "relu",
      "resnetChannels",
      "resnetTrunk",
      "saveModel",
      "saveModelFolder",
      "sigmoid",
      "spaceToDepth",
      "synchroniseNorms",
      "tanh",
      "uniform",
      "upsample2d",
      "writeSafetensors",
      "xavierUniform",
      "zeros",
    ]
  `);
});

test('the example of the package runs', async () => {
  await tf.setBackend('cpu');
  const store = new ParameterStore({ seed: 1 });
  const conv = conv2d(store, 'conv1', {
    inChannels: 3,
    outChannels: 8,
    kernelSize: 3,
    padding: 1,
    bias: false,
  });
  const norm = batchNorm2d(store, 'bn1', { channels: 8, activation: 'relu' });
  const y = tf.tidy(() => norm(conv(tf.zeros([1, 16, 16, 3]), true), true)); // [1,16,16,8]
  expect(y.shape).toEqual([1, 16, 16, 8]);
  const file = writeSafetensors(await store.stateDict());
  expect([...readSafetensors(file).tensors.keys()]).toContain('bn1.running_var');
  y.dispose();
  store.dispose();
});
