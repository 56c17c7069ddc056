import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, test } from 'vitest';
import {
  avgPool2d,
  batchNorm2d,
  conv2d,
  convTranspose2d,
  depthToSpace,
  isNnError,
  linear,
  maxPool2d,
  type NnErrorReason,
  ParameterStore,
  spaceToDepth,
  upsample2d,
} from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const store = new ParameterStore({ seed: 1 });
const zeros = (...shape: [number, number, number, number]): tf.Tensor4D => tf.zeros(shape);
const conv = (): unknown =>
  conv2d(store, 'conv', { inChannels: 3, outChannels: 2, kernelSize: 3 })(zeros(1, 4, 4, 2), true);
const tooSmall = (): unknown =>
  conv2d(store, 'small', { inChannels: 1, outChannels: 2, kernelSize: 5 })(zeros(1, 4, 4, 1), true);

test.each<[string, () => unknown, NnErrorReason, string]>([
  [
    'channels',
    conv,
    'shape',
    'conv2d "conv": expected a tensor [B,H,W,C] with 3 channels. Received: shape [1,4,4,2].',
  ],
  ['window', tooSmall, 'shape', 'no smaller than its window'],
  [
    'pool padding',
    () => maxPool2d(zeros(1, 4, 4, 1), { kernelSize: 3, padding: 2 }),
    'config',
    'half the window',
  ],
  ['pool window', () => avgPool2d(zeros(1, 4, 4, 1), { kernelSize: 5 }), 'shape', 'no smaller'],
  ['block', () => spaceToDepth(zeros(1, 4, 5, 1), 2), 'shape', 'sides that 2 divides'],
  ['depth', () => depthToSpace(zeros(1, 4, 4, 6), 2), 'shape', 'channels that 2² divides'],
  [
    'scale',
    () => upsample2d(zeros(1, 4, 4, 6), { scale: 1.5, mode: 'nearest' }),
    'config',
    'scale',
  ],
  [
    'rank',
    () =>
      upsample2d(tf.zeros([4, 4, 6]) as tf.Tensor as tf.Tensor4D, { scale: 2, mode: 'nearest' }),
    'shape',
    '[B,H,W,C]',
  ],
  [
    'features',
    () => linear(store, 'fc', { inFeatures: 3, outFeatures: 1 })(tf.zeros([1, 2])),
    'shape',
    '[B,C]',
  ],
  [
    'one value',
    () => batchNorm2d(store, 'bn', { channels: 2 })(zeros(1, 1, 1, 2), true),
    'shape',
    'several values',
  ],
  [
    'output padding',
    () =>
      convTranspose2d(store, 'up', {
        inChannels: 1,
        outChannels: 1,
        kernelSize: 2,
        outputPadding: 1,
      }),
    'config',
    'outputPadding < stride',
  ],
])('a wrong %s is named', (_, run, reason, message) => {
  try {
    tf.tidy(() => void run());
    expect.unreachable();
  } catch (error) {
    expect(isNnError(error) && error.reason, String(error)).toBe(reason);
    expect(String(error)).toContain(message);
  }
});
