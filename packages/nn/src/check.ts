import type * as tf from '@tensorflow/tfjs-core';
import { NnError } from './errors.js';

/** Throws unless every option named is a whole number of at least `least`. */
export function checkWhole(
  layer: string,
  options: Readonly<Record<string, number>>,
  least: number,
): void {
  for (const [option, value] of Object.entries(options)) {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new NnError(
        'config',
        `${layer}: expected ${option} to be a whole number ≥ ${least}. Received: ${value}.`,
      );
    }
  }
}

/** Throws unless `x` has the axes that `layer` takes and `channels` of them last. */
export function checkInput(layer: string, x: tf.Tensor, axes: string, channels?: number): void {
  const rank = axes.split(',').length;
  if (x.rank === rank && (channels === undefined || x.shape[rank - 1] === channels)) return;
  const last = channels === undefined ? '' : ` with ${channels} channels`;
  throw new NnError(
    'shape',
    `${layer}: expected a tensor [${axes}]${last}. Received: shape [${x.shape}].`,
  );
}

/** Throws when a layer would have no output pixel. */
export function checkOutput(layer: string, x: tf.Tensor, height: number, width: number): void {
  if (height > 0 && width > 0) return;
  throw new NnError(
    'shape',
    `${layer}: expected an input no smaller than its window. Received: shape [${x.shape}].`,
  );
}
