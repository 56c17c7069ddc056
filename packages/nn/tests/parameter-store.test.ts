import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, test } from 'vitest';
import {
  batchNorm2d,
  constant,
  conv2d,
  convTranspose2d,
  isNnError,
  linear,
  type NamedArray,
  ones,
  ParameterStore,
} from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

function sample(seed: number): ParameterStore {
  const store = new ParameterStore({ seed });
  conv2d(store, 'a', { inChannels: 2, outChannels: 3, kernelSize: 3 });
  convTranspose2d(store, 'b', { inChannels: 3, outChannels: 4, kernelSize: 2, stride: 2 });
  batchNorm2d(store, 'c', { channels: 4 });
  linear(store, 'd', { inFeatures: 4, outFeatures: 5, bias: false });
  return store;
}

test('lists names, roles and shapes as torch does', async () => {
  const store = sample(1);
  const state = await store.stateDict();
  const rows = store.parameters.map(({ name, trainable, decay }) => [
    name,
    state.get(name)?.shape,
    trainable,
    decay,
  ]);
  expect(rows).toEqual([
    ['a.weight', [3, 2, 3, 3], true, true],
    ['a.bias', [3], true, false],
    ['b.weight', [3, 4, 2, 2], true, true],
    ['b.bias', [4], true, false],
    ['c.weight', [4], true, false],
    ['c.bias', [4], true, false],
    ['c.running_mean', [4], false, false],
    ['c.running_var', [4], false, false],
    ['d.weight', [5, 4], true, true],
  ]);
  expect(store.count()).toBe(54 + 3 + 48 + 4 + 8 + 20);
  store.dispose();
});

test('keeps layouts apart: memory order is not file order', async () => {
  const store = new ParameterStore({ seed: 1 });
  const values = Float32Array.from({ length: 12 }, (_, i) => i);
  const weight = store.add('w', { shape: [3, 2, 1, 2], init: () => values, fileLayout: 'OIHW' });
  const matrix = store.add('m', { shape: [3, 4], init: () => values, fileLayout: 'OI' });
  expect(weight.shape).toEqual([1, 2, 2, 3]);
  expect([...weight.dataSync()]).toEqual([0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11]);
  expect([...matrix.dataSync()]).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
  const state = await store.stateDict();
  expect(state.get('w')).toEqual({ shape: [3, 2, 1, 2], data: values });
  expect(state.get('m')).toEqual({ shape: [3, 4], data: values });
  store.dispose();
});

test('a state moves from one store to another, and leaves no tensor', async () => {
  const before = tf.memory().numTensors;
  const [from, to] = [sample(1), sample(2)];
  const state = await from.stateDict();
  expect(await to.stateDict()).not.toEqual(state);
  to.loadStateDict(state);
  expect(await to.stateDict()).toEqual(state);
  from.dispose();
  to.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('first values depend on seed and name, not on order', async () => {
  const make = async (seed: number, names: string[]): Promise<Map<string, NamedArray>> => {
    const store = new ParameterStore({ seed });
    for (const name of names) linear(store, name, { inFeatures: 3, outFeatures: 2 });
    const state = await store.stateDict();
    store.dispose();
    return state;
  };
  const [one, two, other] = [
    await make(4, ['a', 'b']),
    await make(4, ['b', 'a']),
    await make(5, ['a']),
  ];
  expect(one.get('a.weight')).toEqual(two.get('a.weight'));
  expect(one.get('a.weight')).not.toEqual(one.get('b.weight'));
  expect(one.get('a.weight')).not.toEqual(other.get('a.weight'));
});

test('refuses what does not fit, and then changes nothing', async () => {
  const store = new ParameterStore({ seed: 1 });
  store.add('a', { shape: [2], init: ones });
  store.add('b', { shape: [2], init: ones });
  const values = (n: number): NamedArray => ({ shape: [n], data: new Float32Array(n).fill(7) });
  const load = (state: Record<string, NamedArray>, strict = true): void =>
    store.loadStateDict(new Map(Object.entries(state)), { strict });
  expect(() => load({ a: values(2) })).toThrow('1 missing (b), 0 unknown (none)');
  expect(() => load({ a: values(2), b: values(2), z: values(2) })).toThrow(
    '0 missing (none), 1 unknown (z)',
  );
  expect(() => load({ a: values(2), b: values(3) })).toThrow(
    'Expected shape [2] for "b". Received: [3]',
  );
  const kept = (await store.stateDict()).get('a')?.data;
  expect([...(kept ?? [])]).toEqual([1, 1]);
  load({ a: values(2), 'x.num_batches_tracked': { shape: [], data: new Int32Array(1) } }, false);
  load({ a: values(2), b: values(2), num_batches_tracked: { shape: [], data: new Int32Array(1) } });
  store.dispose();
});

test('refuses names twice and impossible shapes', () => {
  const store = new ParameterStore({ seed: 1 });
  store.add('a', { shape: [2], init: constant(3) });
  const failures = [
    () => store.add('a', { shape: [2], init: ones }),
    () => store.add('b', { shape: [0], init: ones }),
    () => conv2d(store, 'c', { inChannels: 1.5, outChannels: 1, kernelSize: 1 }),
    () => conv2d(store, 'd', { inChannels: 1, outChannels: 1, kernelSize: 1, padding: -1 }),
    () => batchNorm2d(store, 'e', { channels: 2, momentum: 0 }),
    () => new ParameterStore({ seed: 0.5 }),
  ];
  for (const failure of failures) {
    try {
      failure();
      expect.unreachable();
    } catch (error) {
      expect(isNnError(error) && error.reason).toBe('config');
      expect(String(error)).toContain('Received: ');
    }
  }
  store.dispose();
});
