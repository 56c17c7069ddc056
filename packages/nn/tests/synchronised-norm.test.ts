import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, test } from 'vitest';
import { batchNorm2d, ParameterStore, synchroniseNorms } from '../src/index.js';
import { onEachBackend } from './backends.js';
import { expectClose } from './torch-fixture.js';

const CHANNELS = 3;
const [MINE, OTHERS] = [5, 2];

afterEach(() => synchroniseNorms(null));

/** Sums over all axes but the last of what another process would have: [sums…, count]. */
function sumsOf(parts: readonly tf.Tensor[], count: number): number[] {
  return tf.tidy(() => [
    ...parts.flatMap((part) => [...tf.sum(part, [0, 1, 2]).dataSync()]),
    count,
  ]);
}

function close(received: tf.Tensor, expected: tf.Tensor, what: string): void {
  expectClose(received.dataSync(), expected.dataSync(), what);
}

onEachBackend(() => {
  test('is the norm of the whole batch, of which another process has the smaller part', () => {
    const make = () => {
      const store = new ParameterStore({ seed: 1 });
      const norm = batchNorm2d(store, 'norm', { channels: CHANNELS, activation: 'relu' });
      tf.tidy(() => {
        store.get('norm.weight').variable.assign(tf.tensor1d([0.7, 1.3, -0.4]));
        store.get('norm.bias').variable.assign(tf.tensor1d([0.1, -0.2, 0.3]));
      });
      return { store, norm };
    };
    const [whole, part] = [make(), make()];
    tf.tidy(() => {
      const random = (mean: number, seed: number) =>
        tf.randomNormal<tf.Rank.R4>([MINE + OTHERS, 4, 3, CHANNELS], mean, 1, 'float32', seed);
      const [x, residual, weight] = [random(5, 1), random(0, 2), random(0, 3)];
      const split = (t: tf.Tensor4D) => tf.split<tf.Tensor4D>(t, [MINE, OTHERS], 0);
      // What the loss weighs the outputs with, so that gradients are not alike.
      const gradientsOf = (norm: typeof whole.norm, parts: readonly tf.Tensor4D[]) =>
        tf.grads((...[a, b, w]: tf.Tensor[]) =>
          tf.sum(tf.mul(norm(a as tf.Tensor4D, true, b as tf.Tensor4D), w as tf.Tensor)),
        )([...parts]) as tf.Tensor4D[];
      const expected = tf.variableGrads(() =>
        tf.sum<tf.Scalar>(tf.mul(whole.norm(x, true, residual), weight)),
      );
      const [dx] = gradientsOf(whole.norm, [x, residual, weight]);
      const y = whole.norm(x, true, residual);

      const [[x1, x2], [r1], [w1, w2]] = [split(x), split(residual), split(weight)] as [
        [tf.Tensor4D, tf.Tensor4D],
        [tf.Tensor4D],
        [tf.Tensor4D, tf.Tensor4D],
      ];
      const count = x2.size / CHANNELS;
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      const normed = tf.mul(tf.sub(x2, mean), tf.rsqrt(tf.add(variance, 1e-5)));
      const [, others] = split(tf.cast(tf.greater(y, 0), 'float32') as tf.Tensor4D);
      const dy2 = tf.mul(w2, others as tf.Tensor);
      // What the other process sends, in its order: twice forward, once backward.
      const messages = [
        sumsOf([x2], count),
        sumsOf([tf.square(tf.sub(x2, mean))], count),
        sumsOf([dy2, tf.mul(dy2, normed)], count),
      ];
      let sent = 0;
      synchroniseNorms((values) => {
        messages[sent++ % 3]?.forEach((value, i) => (values[i] = (values[i] ?? NaN) + value));
      });
      const [y1] = split(y);
      close(part.norm(x1, true, r1), y1 as tf.Tensor, 'output');
      sent = 0;
      const [dx1] = gradientsOf(part.norm, [x1, r1, w1]);
      expect(sent).toBe(3);
      const [expectedDx1] = split(dx ?? x);
      close(dx1 as tf.Tensor, expectedDx1 as tf.Tensor, 'gradient of x');
      sent = 0;
      const received = tf.variableGrads(() =>
        tf.sum<tf.Scalar>(tf.mul(part.norm(x1, true, r1), w1)),
      );
      // This process's share; the other's is its own sums.
      const name = part.store.get('norm.bias').variable.name;
      const share = tf.add(received.grads[name] as tf.Tensor, tf.sum(dy2, [0, 1, 2]));
      const whole1 = expected.grads[whole.store.get('norm.bias').variable.name] as tf.Tensor;
      close(share, whole1, 'gradient of the bias');
      for (const leaf of ['norm.running_mean', 'norm.running_var']) {
        close(part.store.get(leaf).variable, whole.store.get(leaf).variable, leaf);
      }
    });
    whole.store.dispose();
    part.store.dispose();
  });
});
