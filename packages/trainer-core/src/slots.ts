import * as tf from '@tensorflow/tfjs-core';
import { CheckpointError } from './errors.js';
import type { NamedArray, StoredTensor } from './optimizer.js';
import type { Parameter } from './task.js';

/** One tensor of optimizer state, shaped like its parameter, that changes from step to step. */
export interface Slot {
  readonly tensor: tf.Tensor;
  /** Takes over `next` and disposes what was there, if that has not been done. */
  set(next: tf.Tensor): void;
  dispose(): void;
}

/** A slot of zeros, or of the values given, which it takes over. */
export function createSlot(parameter: Parameter, values?: tf.Tensor): Slot {
  let tensor = tf.keep(values ?? tf.zeros(parameter.variable.shape));
  return {
    get tensor() {
      return tensor;
    },
    set(next) {
      tensor.dispose();
      tensor = tf.keep(next);
    },
    dispose: () => tensor.dispose(),
  };
}

/** How a slot goes into a checkpoint. */
export function storedSlot(name: string, slot: Slot): StoredTensor {
  return {
    name,
    shape: slot.tensor.shape,
    dtype: 'float32',
    read: () => slot.tensor.data<'float32'>(),
  };
}

/** Fills a slot from a checkpoint. */
export function loadSlot(name: string, slot: Slot, slots: ReadonlyMap<string, NamedArray>): void {
  const saved = slots.get(name);
  const shape = slot.tensor.shape;
  if (saved === undefined || saved.shape.join() !== shape.join()) {
    throw new CheckpointError(
      `Expected the checkpoint to hold optimizer slot "${name}" of shape [${shape.join()}]. ` +
        `Received: ${saved ? `shape [${saved.shape.join()}]` : 'no such slot'}. ` +
        'Resume with the optimizer and model the run was started with.',
      null,
    );
  }
  slot.set(tf.tensor(saved.data, shape, 'float32'));
}

/** How a count goes into a checkpoint. */
export function storedCount(name: string, count: number): StoredTensor {
  return { name, shape: [], dtype: 'int32', read: () => Promise.resolve(Int32Array.of(count)) };
}

/** A count from a checkpoint, or undefined when there is none. */
export function loadCount(
  name: string,
  slots: ReadonlyMap<string, NamedArray>,
): number | undefined {
  return slots.get(name)?.data[0];
}
