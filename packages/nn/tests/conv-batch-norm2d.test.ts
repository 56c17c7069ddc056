import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { batchNorm2d, conv2d, convBatchNorm2d, ParameterStore } from '../src/index.js';
import { onEachBackend } from './backends.js';
import { expectClose } from './torch-fixture.js';

const NAMES = { conv: 'conv', norm: 'norm' };

/** Statistics and gains that a trained network might have. */
function shake(store: ParameterStore): void {
  tf.tidy(() => {
    for (const { name, variable } of store.parameters) {
      if (name === 'conv.weight') continue;
      const noise = tf.randomUniform(variable.shape, 0.5, 1.5, 'float32', name.length);
      variable.assign(noise);
    }
  });
}

onEachBackend(() => {
  describe('convBatchNorm2d', () => {
    test.each([
      { kernelSize: 3, stride: 1, padding: 1, inChannels: 8, outChannels: 21 },
      { kernelSize: 3, stride: 2, padding: 1, inChannels: 3, outChannels: 16 },
      { kernelSize: 1, stride: 1, padding: 0, inChannels: 20, outChannels: 65 },
      { kernelSize: 7, stride: 2, padding: 3, inChannels: 3, outChannels: 5 },
      { kernelSize: 3, stride: 1, padding: 0, inChannels: 33, outChannels: 9 },
    ])('is conv2d and batchNorm2d one after the other: %o', (sizes) => {
      const store = new ParameterStore({ seed: 1 });
      const fused = convBatchNorm2d(store, NAMES, { ...sizes, activation: 'relu' });
      shake(store);
      const apart = new ParameterStore({ seed: 1 });
      const conv = conv2d(apart, 'conv', { ...sizes, bias: false });
      const norm = batchNorm2d(apart, 'norm', { channels: sizes.outChannels, activation: 'relu' });
      shake(apart);
      tf.tidy(() => {
        const x = tf.randomNormal<tf.Rank.R4>([2, 9, 11, sizes.inChannels], 0, 1, 'float32', 2);
        for (const training of [false, true, false]) {
          const plain = conv(x, training);
          const residual = tf.randomNormal<tf.Rank.R4>(plain.shape, 0, 1, 'float32', 3);
          for (const around of [undefined, residual]) {
            const expected = norm(plain, training, around);
            const y = fused(x, training, around);
            expect(y.shape).toEqual(expected.shape);
            expectClose(y.dataSync(), expected.dataSync(), `training: ${training}`);
          }
        }
      });
      store.dispose();
      apart.dispose();
    });

    test('sees a parameter that was assigned after the first call', () => {
      const store = new ParameterStore({ seed: 1 });
      const layer = convBatchNorm2d(store, NAMES, {
        inChannels: 2,
        outChannels: 3,
        kernelSize: 1,
      });
      tf.tidy(() => {
        const x = tf.ones<tf.Rank.R4>([1, 4, 4, 2]);
        const before = layer(x, false).dataSync();
        const weight = store.get('norm.weight').variable;
        weight.assign(tf.mul(weight, 2));
        const after = layer(x, false).dataSync();
        expectClose(
          after,
          before.map((value) => 2 * value),
          'twice the gain',
        );
      });
      store.dispose();
    });

    test('has gradients outside training', () => {
      const store = new ParameterStore({ seed: 1 });
      const layer = convBatchNorm2d(store, NAMES, {
        inChannels: 2,
        outChannels: 3,
        kernelSize: 3,
      });
      const { value, grads } = tf.variableGrads(() =>
        tf.sum<tf.Scalar>(layer(tf.ones([1, 5, 5, 2]), false)),
      );
      expect(Object.keys(grads)).toHaveLength(3);
      tf.dispose([value, grads]);
      store.dispose();
    });
  });
});
