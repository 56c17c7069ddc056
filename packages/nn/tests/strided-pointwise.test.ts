import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { conv2d, ParameterStore } from '../src/index.js';
import { onEachBackend } from './backends.js';
import { expectClose } from './torch-fixture.js';

onEachBackend(() => {
  // TensorFlow's own filter gradient of this shape corrupts memory; a process that does it often dies.
  test('the filter gradient of a 1 × 1 convolution with stride 2 is that of every second pixel', () => {
    const store = new ParameterStore({ seed: 1 });
    const options = { inChannels: 8, outChannels: 16, kernelSize: 1, bias: false };
    const strided = conv2d(store, 'strided', { ...options, stride: 2 });
    const plain = conv2d(store, 'plain', options);
    const [a, b] = [store.get('strided.weight').variable, store.get('plain.weight').variable];
    b.assign(a);
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([15, 16, 16, 8], 0, 1, 'float32', 1);
      const picked = tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, 2, 2, 1]) as tf.Tensor4D;
      const gradient = (f: () => tf.Tensor, of: tf.Variable) =>
        tf.variableGrads(() => tf.sum<tf.Scalar>(tf.square(f())), [of]).grads[of.name] as tf.Tensor;
      const expected = gradient(() => plain(picked, true), b).dataSync();
      for (let i = 0; i < 50; i++) {
        const received = tf.tidy(() => gradient(() => strided(x, true), a).dataSync());
        if (i === 0) expectClose(received, expected, 'gradient of the filter');
        expect(received).toHaveLength(expected.length);
      }
    });
    store.dispose();
  });
});
