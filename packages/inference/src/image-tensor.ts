import * as tf from '@tensorflow/tfjs-core';
import { normalised, type Normalisation } from './normalise.js';

/** Images as a normalised tensor, which the caller disposes. @param data uint8, [B,H,W,C] */
export function imageTensor(
  data: Uint8Array,
  shape: [number, number, number, number],
  normalisation: Normalisation,
): tf.Tensor4D {
  return tf.tensor4d(normalised(data, shape[0], shape[3], normalisation), shape);
}
