import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { storedParameters } from './checkpoint.js';
import type { NonFiniteError } from './errors.js';
import type { StoredTensor } from './optimizer.js';
import type { Run } from './run.js';
import { writeTensorFolder } from './tensor-folder.js';

/**
 * Writes what led to a loss or gradient that is not finite, so that it can be looked at: weights
 * (`parameters/…`), the batch, made once more (`batch/…`), and where the run stood. Returns the
 * folder, `nonfinite/step-N` in the run folder, or null without one.
 */
export async function saveOffence<B extends tf.TensorContainer>(
  { task, config, order }: Run<B>,
  { step, epoch, quantity, value }: Omit<NonFiniteError, 'folder'>,
  learningRate: number,
): Promise<string | null> {
  const { runFolder, communicator, seed } = config;
  if (runFolder === undefined || communicator.rank > 0) return null;
  const folder = join(runFolder, 'nonfinite', `step-${step}`);
  const { indices, rngs } = order.batch(step - 1);
  const batch = await task.trainBatch(indices, rngs);
  try {
    const state = { step, epoch, quantity, value: String(value), learningRate, seed, indices };
    const tensors = [
      ...storedParameters(task.parameters).map((stored) => ({
        ...stored,
        name: `parameters/${stored.name}`,
      })),
      ...storedBatch(batch, 'batch'),
    ];
    await writeTensorFolder(folder, state, tensors, false);
    return folder;
  } finally {
    tf.dispose(batch);
  }
}

/** The numeric tensors of a container, named by their place in it. */
function storedBatch(part: tf.TensorContainer, name: string): StoredTensor[] {
  if (part instanceof tf.Tensor) {
    if (part.dtype === 'string' || part.dtype === 'complex64') return [];
    const dtype = part.dtype === 'float32' ? 'float32' : 'int32';
    const read = async () => {
      const data = await part.data<'float32' | 'int32'>();
      return data instanceof Float32Array ? data : Int32Array.from(data);
    };
    return [{ name, shape: part.shape, dtype, read }];
  }
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    storedBatch(value as tf.TensorContainer, `${name}/${key}`),
  );
}
