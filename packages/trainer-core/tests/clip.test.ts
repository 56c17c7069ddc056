import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { clipGradients, globalNorm } from '../src/index.js';
import { useCpuBackend } from './setup.js';

useCpuBackend();

it('takes the norm over all gradients', () => {
  tf.tidy(() => {
    const gradients = new Map<string, tf.Tensor>([
      ['a', tf.tensor1d([3, 0])],
      ['b', tf.scalar(-4)],
    ]);
    expect(globalNorm(gradients).dataSync()[0]).toBeCloseTo(5, 6);
  });
});

it('scales by the norm and cuts by the value', () => {
  tf.tidy(() => {
    const gradient = tf.tensor1d([3, -4]);
    const values = (clip: (g: tf.Tensor) => tf.Tensor) => [...clip(gradient).dataSync()];
    expect(values(clipGradients(5, {}))).toEqual([3, -4]);
    expect(values(clipGradients(5, { clipNorm: 6 }))).toEqual([3, -4]);
    expect(values(clipGradients(5, { clipNorm: 1 }))[1]).toBeCloseTo(-0.8, 6);
    expect(values(clipGradients(5, { clipValue: 3.5 }))).toEqual([3, -3.5]);
    expect(values(clipGradients(5, { clipNorm: 2.5, clipValue: 1.75 }))).toEqual(
      [1.5, -1.75].map((v) => expect.closeTo(v, 5)),
    );
  });
});
