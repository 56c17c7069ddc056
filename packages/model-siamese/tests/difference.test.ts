import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { pairDifference } from '../src/difference.js';

it('is |A − B|, with gradients of opposite sign and none where A equals B', async () => {
  await tf.ready();
  tf.tidy(() => {
    const pair = tf.tensor4d([1, 5, 2, 4, 2, 2], [2, 1, 3, 1]);
    expect([...pairDifference(pair).dataSync()]).toEqual([3, 3, 0]);
    const dy = tf.tensor4d([10, 20, 30], [1, 1, 3, 1]);
    const gradient = tf.grad((x) => pairDifference(x as tf.Tensor4D))(pair, dy);
    expect([...gradient.dataSync()].map((value) => value + 0)).toEqual([-10, 20, 0, 10, -20, 0]);
  });
});
