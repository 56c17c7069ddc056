import '@tensorflow/tfjs'; // the JavaScript backend, and gradients: tfjs-core alone registers none
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { conv2d, ParameterStore, relu } from '../src/index.js';
import { differentiable } from '../src/differentiable.js';

test('only gradients that are asked for are computed', async () => {
  await tf.setBackend('cpu');
  const store = new ParameterStore({ seed: 1 });
  const layer = conv2d(store, '', { inChannels: 2, outChannels: 3, kernelSize: 3 });
  const weight = store.parameters[0]?.variable as tf.Variable; // the first is the weight
  const x: tf.Tensor4D = tf.ones([1, 6, 6, 2]);
  const kernels = async (wanted: tf.Tensor[]): Promise<string[]> => {
    const run = (): tf.Tensor[] => tf.grads(() => tf.sum(layer(x, true)))(wanted);
    const { kernelNames, result } = await tf.profile(run);
    tf.dispose(result);
    return kernelNames.filter((name) => name.includes('Backprop')).sort();
  };
  expect(await kernels([weight])).toEqual(['Conv2DBackpropFilter']);
  expect(await kernels([x])).toEqual(['Conv2DBackpropInput']);
  expect(await kernels([x, weight])).toEqual(['Conv2DBackpropFilter', 'Conv2DBackpropInput']);
  x.dispose();
  store.dispose();
});

test('activations and gradients are freed while the backward pass runs', async () => {
  await tf.setBackend('cpu');
  const x = tf.ones([1000]);
  const alive: number[] = [];
  const watch = (v: tf.Tensor): tf.Tensor => {
    const [y] = differentiable({
      inputs: { v },
      forward: () => [v.clone()],
      backward: ([dy]) => {
        alive.push(tf.memory().numTensors);
        return { v: () => (dy as tf.Tensor).clone() };
      },
    });
    return y as tf.Tensor; // one output, as returned by forward
  };
  const deep = (v: tf.Tensor): tf.Tensor =>
    Array.from({ length: 10 }).reduce((y: tf.Tensor) => relu(watch(y)), v);
  tf.tidy(() => tf.grad((v) => tf.sum(deep(v)))(x));
  const growth = (alive.at(-1) ?? NaN) - (alive[0] ?? NaN);
  expect(growth).toBeLessThan(0);
  x.dispose();
});
