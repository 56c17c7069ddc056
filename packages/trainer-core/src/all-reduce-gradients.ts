import * as tf from '@tensorflow/tfjs-core';
import type { Communicator } from './communicator.js';

/** Values sent at once: few large messages, yet never a second copy of all gradients. */
const BUCKET_VALUES = 4 << 20;

/**
 * Replaces gradients by their sum over all processes, in flat buckets. The old tensors are disposed.
 *
 * @param names Of all trained parameters, the same in every process: a gradient that one process
 * lacks counts as zero, if any has it.
 */
export async function allReduceGradients(
  gradients: Map<string, tf.Tensor>,
  shapes: readonly { readonly name: string; readonly shape: readonly number[] }[],
  { allReduceInto }: Communicator,
): Promise<void> {
  const there = Float32Array.from(shapes, ({ name }) => (gradients.has(name) ? 1 : 0));
  allReduceInto(there);
  const shared = shapes.filter((_, i) => there[i]);
  for (const bucket of buckets(shared)) {
    const values = new Float32Array(bucket.reduce((sum, { size }) => sum + size, 0));
    let at = 0;
    for (const { name, size } of bucket) {
      const gradient = gradients.get(name);
      if (gradient) values.set(await gradient.data(), at);
      at += size;
    }
    allReduceInto(values);
    at = 0;
    for (const { name, shape, size } of bucket) {
      gradients.get(name)?.dispose();
      gradients.set(name, tf.tensor(values.subarray(at, at + size), [...shape], 'float32'));
      at += size;
    }
  }
}

interface Sized {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
}

function buckets(
  shapes: readonly { readonly name: string; readonly shape: readonly number[] }[],
): Sized[][] {
  const all: Sized[][] = [];
  let room = 0;
  for (const { name, shape } of shapes) {
    const size = shape.reduce((product, n) => product * n, 1);
    if (all.length === 0 || size > room) {
      all.push([]);
      room = BUCKET_VALUES;
    }
    all.at(-1)?.push({ name, shape, size });
    room -= size;
  }
  return all;
}
