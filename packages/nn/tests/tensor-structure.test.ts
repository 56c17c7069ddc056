import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import { takeApart } from '../src/tensor-structure.js';

test('gives the tensors in order, and the same structure of others', () => {
  tf.tidy(() => {
    const [a, b, c, d] = [tf.scalar(1), tf.scalar(2), tf.scalar(3), tf.scalar(4)] as const;
    const { tensors, rebuild } = takeApart({ x: a, h: [undefined, b] });
    expect(tensors).toEqual([a, b]);
    expect(rebuild([c, d])).toEqual({ x: c, h: [undefined, d] });
  });
});
