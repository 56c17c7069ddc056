import * as tf from '@tensorflow/tfjs-core';
import { check, share, wholeFrom } from './check.js';
import { CheckpointError, OptionsError } from './errors.js';
import type { NamedArray, StoredTensor } from './optimizer.js';
import { createSlot, loadCount, loadSlot, storedCount, storedSlot } from './slots.js';
import type { Parameter } from './task.js';

/** Settings of the averages. */
export interface EmaOptions {
  /** Share of the average that stays at an update, 0 … 1; for example 0.999. */
  readonly decay: number;
  /**
   * Let the average follow more closely at first: the share that stays is no more than
   * (1 + n) / (warmup + n) after n updates. TensorFlow takes 10; 1 is no warm-up. @default 1
   */
  readonly warmup?: number;
}

/** Moving averages of weights, which can take the place of the weights for a while. */
export interface Ema {
  /** Takes the present weights into the averages; the first update takes them as they are. */
  update(): void;
  /** Puts the averages into the parameters and keeps the weights. Nothing, if they are there. */
  swapIn(): void;
  /** Puts the weights back. Nothing, if they are there. */
  swapOut(): void;
  /** The averages, to be saved while the weights are in the parameters. */
  slots(): readonly StoredTensor[];
  /** Goes on from saved averages. @throws CheckpointError when they are not there. */
  load(tensors: ReadonlyMap<string, NamedArray>): void;
  /** Puts the weights back and frees the averages. */
  dispose(): void;
}

const COUNT = 'ema/updates';

/**
 * Moving averages of the trainable parameters, equal to `torch.optim.swa_utils.AveragedModel` with
 * `get_ema_multi_avg_fn(decay)`. What is not trained (running statistics) is not averaged: it is
 * used as it is.
 *
 * @throws OptionsError when `decay` is not a share or `warmup` not a whole number from 1.
 * @example
 * const ema = createEma(task.parameters, { decay: 0.999 });
 * // after each optimizer step
 * ema.update();
 * // round a validation
 * ema.swapIn();
 * const scores = await validate();
 * ema.swapOut();
 */
export function createEma(
  parameters: readonly Parameter[],
  { decay, warmup = 1 }: EmaOptions,
): Ema {
  check('ema.decay', decay, share);
  check('ema.warmup', warmup, wholeFrom(1));
  const averages = parameters
    .filter(({ trainable }) => trainable)
    .map((parameter) => ({
      parameter,
      average: createSlot(parameter, tf.clone(parameter.variable)),
    }));
  let updates = 0;
  let isIn = false;
  const expectOut = (what: string) => {
    if (!isIn) return;
    throw new OptionsError(
      `Expected the weights in the parameters to ${what}. Received: their averages. Call swapOut first.`,
    );
  };
  const swap = () => {
    for (const { parameter, average } of averages) {
      const weights = tf.clone(parameter.variable);
      parameter.variable.assign(average.tensor);
      average.set(weights);
    }
    isIn = !isIn;
  };
  const swapOut = () => {
    if (isIn) swap();
  };
  return {
    update() {
      expectOut('update the averages');
      const stays = updates === 0 ? 0 : Math.min(decay, (1 + updates) / (warmup + updates));
      for (const { parameter, average } of averages) {
        average.set(tf.tidy(() => between(average.tensor, parameter.variable, 1 - stays)));
      }
      updates += 1;
    },
    swapIn() {
      // Before the first update there is nothing but the weights, which may have been loaded since.
      if (!isIn && updates > 0) swap();
    },
    swapOut,
    slots() {
      expectOut('save them and the averages');
      const stored = averages.map(({ parameter, average }) =>
        storedSlot(`ema/${parameter.name}`, average),
      );
      return [...stored, storedCount(COUNT, updates)];
    },
    load(tensors) {
      swapOut();
      for (const { parameter, average } of averages) {
        loadSlot(`ema/${parameter.name}`, average, tensors);
      }
      const saved = loadCount(COUNT, tensors);
      if (saved === undefined) {
        throw new CheckpointError(
          `Expected the checkpoint to hold "${COUNT}". Received: no such tensor. Start afresh.`,
          null,
        );
      }
      updates = saved;
    },
    dispose() {
      swapOut();
      for (const { average } of averages) average.dispose();
    },
  };
}

/** The value a share of the way from one to the other; exact at both ends and where they are equal. */
function between(from: tf.Tensor, to: tf.Tensor, way: number): tf.Tensor {
  if (way === 1) return tf.clone(to);
  return way < 0.5
    ? tf.add(from, tf.mul(tf.sub(to, from), way))
    : tf.sub(to, tf.mul(tf.sub(to, from), 1 - way));
}
