import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import {
  avgPool2d,
  batchNorm2d,
  conv2d,
  convLstm,
  convTranspose2d,
  createRng,
  depthToSpace,
  globalAvgPool2d,
  linear,
  maxPool2d,
  ParameterStore,
  relu,
  spaceToDepth,
  upsample2d,
} from '../src/index.js';
import { onEachBackend } from './backends.js';
import { expectClose, trainable } from './torch-fixture.js';

/** A little of everything: [2,2,8,8,1] to one number per sample. */
function network(store: ParameterStore): (x: tf.Tensor5D) => tf.Tensor2D {
  const cell = convLstm(store, 'cell', { inChannels: 1, hiddenChannels: 4, outputs: 'last' });
  const conv = conv2d(store, 'conv', {
    inChannels: 4,
    outChannels: 4,
    kernelSize: 3,
    padding: 1,
    stride: 2,
    bias: false,
  });
  const norm = batchNorm2d(store, 'norm', { channels: 4, activation: 'relu' });
  const up = convTranspose2d(store, 'up', {
    inChannels: 4,
    outChannels: 4,
    kernelSize: 2,
    stride: 2,
  });
  const head = linear(store, 'head', { inFeatures: 4, outFeatures: 1 });
  return (x) => {
    const h = cell(x).state.h;
    const half = maxPool2d(h, { kernelSize: 3, stride: 2, padding: 1 });
    const mixed = norm(conv(h, true), true, half);
    const larger = upsample2d(mixed, { scale: 2, mode: 'bilinear' });
    const whole = relu<tf.Tensor4D>(tf.add(up(mixed, true), larger));
    const again = depthToSpace(spaceToDepth(avgPool2d(whole, { kernelSize: 2 }), 2), 2);
    return head(globalAvgPool2d(again));
  };
}

const noise = (shape: number[], name: string): tf.Tensor => {
  const rng = createRng(2).fork(name);
  const size = shape.reduce((a, b) => a * b);
  return tf.tensor(Float32Array.from({ length: size }, rng.normal), shape);
};

onEachBackend(() => {
  test('a step of gradient descent lowers the loss and leaves no tensor', () => {
    const store = new ParameterStore({ seed: 1 });
    const model = network(store);
    const x = noise([2, 2, 8, 8, 1], 'x') as tf.Tensor5D;
    const target = noise([2, 1], 'y');
    const loss = (): tf.Scalar => tf.mean(tf.square(tf.sub(model(x), target)));
    const variables = trainable(store).map(({ variable }) => variable);
    const losses: number[] = [];
    let tensors = 0;
    for (let step = 0; step < 6; step++) {
      const { value, grads } = tf.variableGrads(loss, variables);
      tf.tidy(() => {
        for (const v of variables) v.assign(tf.sub(v, tf.mul(grads[v.name] as tf.Tensor, 0.1)));
      });
      losses.push(value.dataSync()[0] as number); // a scalar has one value
      tf.dispose([value, grads]);
      if (step === 0) tensors = tf.memory().numTensors;
      expect(tf.memory().numTensors).toBe(tensors);
    }
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) * 0.9);
    tf.dispose([x, target]);
    store.dispose();
  });

  test('a gradient that the caller hands in is left alone', () => {
    const x = noise([1, 4, 4, 2], 'x') as tf.Tensor4D;
    const dy = noise([1, 4, 4, 2], 'dy');
    const shares = tf.tidy(() => {
      const once = tf.grad((v) => relu(v as tf.Tensor4D))(x, dy);
      const twice = tf.grad((v) => relu(relu(v as tf.Tensor4D)))(x, dy);
      return [once, twice];
    }) as [tf.Tensor, tf.Tensor];
    expectClose(shares[0].dataSync(), shares[1].dataSync(), 'gradient');
    expect(dy.isDisposed).toBe(false);
    tf.dispose([x, dy, ...shares]);
  });

  test('one input in two places gets the sum of both gradients', () => {
    const x = noise([1, 4, 4, 2], 'x') as tf.Tensor4D;
    const gradient = tf.tidy(() => {
      const small = (v: tf.Tensor4D): tf.Tensor4D => maxPool2d(v, { kernelSize: 2 });
      const sum = tf.grad((v) =>
        tf.sum(tf.add(small(v as tf.Tensor4D), small(relu(v as tf.Tensor4D)))),
      )(x);
      const parts = [
        tf.grad((v) => tf.sum(small(v as tf.Tensor4D)))(x),
        tf.grad((v) => tf.sum(small(relu(v as tf.Tensor4D))))(x),
      ] as const;
      return tf.max(tf.abs(tf.sub(sum, tf.add(...parts))));
    });
    expect(gradient.dataSync()[0]).toBeLessThan(1e-6);
    tf.dispose([x, gradient]);
  });
});
