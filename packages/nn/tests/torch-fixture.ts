import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { type NamedArray, type ParameterStore, readSafetensors } from '../src/index.js';

const file = readSafetensors(
  readFileSync(new URL('./fixtures/torch-layers.safetensors', import.meta.url)),
);

export type Options = Readonly<Record<string, number | boolean | string>> & {
  readonly kind: string;
};

/** Names and options of the cases that torch computed. */
export const cases: [string, Options][] = Object.entries(file.metadata)
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([name, options]) => [name, JSON.parse(options) as Options]);

/** One array of a case. */
export function array(name: string): NamedArray {
  const found = file.tensors.get(name);
  if (!found) throw new Error(`The fixture has no "${name}".`);
  return found;
}

export function tensor<T extends tf.Tensor>(name: string): T {
  const { shape, data } = array(name);
  return tf.tensor(data, [...shape], 'float32') as T;
}

/** Arrays of a case below a folder such as `param`, without the prefix. */
export function folder(name: string): Map<string, NamedArray> {
  const prefix = `${name}/`;
  const entries = [...file.tensors].filter(([key]) => key.startsWith(prefix));
  return new Map(entries.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** Values agree to `tolerance` times the largest expected value (at least 1). */
export function expectClose(
  received: ArrayLike<number>,
  expected: ArrayLike<number>,
  message: string,
  tolerance = 2e-5,
): void {
  expect(received.length, message).toBe(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs((received[i] ?? NaN) - (expected[i] ?? NaN));
    worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
  }
  expect(worst / scale, `${message}: largest error`).toBeLessThan(tolerance);
}

/** Expects the gradients of trainable parameters (in memory layout) to be those of torch. */
export function expectParameterGradients(
  store: ParameterStore,
  gradients: readonly tf.Tensor[],
  expected: ReadonlyMap<string, NamedArray>,
): void {
  const names = trainable(store).map(({ name }) => name);
  expect(new Set(names)).toEqual(new Set(expected.keys()));
  for (const [index, name] of names.entries()) {
    const onFile = tf.tidy(() => {
      const gradient = gradients[index] as tf.Tensor;
      if (gradient.rank === 4) return tf.transpose(gradient, [3, 2, 0, 1]);
      return gradient.rank === 2 ? tf.transpose(gradient) : gradient.clone();
    });
    const { shape, data } = expected.get(name) as NamedArray;
    expect(onFile.shape).toEqual(shape);
    expectClose(onFile.dataSync(), data, `gradient of ${name}`);
    onFile.dispose();
  }
}

export function trainable(store: ParameterStore): { name: string; variable: tf.Variable }[] {
  return store.parameters
    .filter((p) => p.trainable)
    .map(({ name, variable }) => ({ name, variable }));
}
