import type { NamedArray } from '@arctic/nn';
import type { createSiamese } from '../src/index.js';

type Store = ReturnType<typeof createSiamese>['store'];

/** `count` values in [-1, 1) that depend on the name alone; the same function stands in `tools/fixtures`. */
export function noise(name: string, count: number): Float32Array {
  let seed = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name))
    seed = Math.imul(seed ^ byte, 0x01000193) >>> 0;
  return Float32Array.from({ length: count }, (_, index) => {
    let x = (Math.imul(index, 0x9e3779b1) + seed) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
  });
}

/** The fixture's value for every parameter of a model, under torchvision's names and in its layouts. */
export async function noiseState(store: Store): Promise<Map<string, NamedArray>> {
  const state = await store.stateDict();
  return new Map(
    [...state].map(([name, { shape }]) => [name, { shape, data: valuesOf(name, shape) }]),
  );
}

function valuesOf(name: string, shape: readonly number[]): Float32Array {
  const u = noise(
    name,
    shape.reduce((product, length) => product * length, 1),
  );
  if (name.endsWith('running_mean')) return u.map((value) => 0.1 * value);
  if (name.endsWith('running_var')) return u.map((value) => 1 + 0.5 * value);
  const fanIn = shape.slice(1).reduce((product, length) => product * length, 1);
  if (shape.length > 1) return u.map((value) => value * Math.sqrt(6 / fanIn));
  if (name.endsWith('weight')) return u.map((value) => 0.6 + 0.3 * value);
  return u.map((value) => 0.1 * value);
}
