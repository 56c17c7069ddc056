import * as tf from '@tensorflow/tfjs-core';
import type { NamedArray, StoredTensor } from './optimizer.js';
import { createSlot, loadSlot, storedSlot } from './slots.js';
import type { Parameter } from './task.js';

/** Settings of the averages. */
export interface EmaOptions {
  /** Share of the average that stays in a step. */
  readonly decay: number;
}

/** Moving averages of weights. */
export interface Ema {
  update(): void;
  swapIn(): void;
  swapOut(): void;
  slots(): readonly StoredTensor[];
  load(tensors: ReadonlyMap<string, NamedArray>): void;
  dispose(): void;
}

/** Placeholder of the averages. */
export function createEma(parameters: readonly Parameter[], { decay }: EmaOptions): Ema {
  const all = parameters
    .filter((p) => p.trainable)
    .map((parameter) => ({ parameter, slot: createSlot(parameter) }));
  const swap = () => {
    for (const { parameter, slot } of all) {
      const weights = tf.clone(parameter.variable);
      parameter.variable.assign(slot.tensor);
      slot.set(weights);
    }
  };
  return {
    update() {
      for (const { parameter, slot } of all)
        slot.set(
          tf.tidy(() => tf.add(tf.mul(slot.tensor, decay), tf.mul(parameter.variable, 1 - decay))),
        );
    },
    swapIn: swap,
    swapOut: swap,
    slots: () => all.map(({ parameter, slot }) => storedSlot(`ema/${parameter.name}`, slot)),
    load: (tensors) => {
      for (const { parameter, slot } of all) loadSlot(`ema/${parameter.name}`, slot, tensors);
    },
    dispose: () => {
      for (const { slot } of all) slot.dispose();
    },
  };
}
