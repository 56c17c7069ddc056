import type { Classifier } from '@arctic/model-classifier';
import type { Siamese } from '@arctic/model-siamese';
import * as tf from '@tensorflow/tfjs-core';
import { imageTensor } from '../image-tensor.js';
import type { Normalisation } from '../normalise.js';

/** Images of one size, end to end. */
export interface Images {
  /** [N,H,W,3] */
  readonly images: Uint8Array;
  readonly n: number;
  readonly height: number;
  readonly width: number;
}

/** Images per forward pass. */
const BATCH = 16;

/** The class probabilities of images, [N,K] 0..1; of all N where none are picked. */
export async function classProbabilities(
  model: Classifier,
  { images, n, height, width }: Images,
  normalisation: Normalisation,
  picked: readonly number[] = Array.from({ length: n }, (_, i) => i),
): Promise<Float64Array> {
  const classes = model.config.classes.length;
  const length = images.length / n;
  const out = new Float64Array(picked.length * classes);
  for (let first = 0; first < picked.length; first += BATCH) {
    const batch = picked.slice(first, first + BATCH);
    const chunk = new Uint8Array(batch.length * length);
    batch.forEach((image, i) => {
      chunk.set(images.subarray(image * length, (image + 1) * length), i * length);
    });
    const probabilities = tf.tidy(() => {
      const x = imageTensor(chunk, [batch.length, height, width, 3], normalisation);
      return model.decode(model.forward(x, false)).probabilities;
    });
    out.set(await probabilities.data(), first * classes);
    probabilities.dispose();
  }
  return out;
}

/** The probability of change of one pair, [H,W] 0..1. @param before and after: [H,W,3] uint8 */
export async function changeProbability(
  model: Siamese,
  before: Uint8Array,
  after: Uint8Array,
  height: number,
  width: number,
  normalisation: Normalisation,
): Promise<Float32Array> {
  const probability = tf.tidy(() => {
    const shape: [number, number, number, number] = [1, height, width, 3];
    const pair = {
      a: imageTensor(before, shape, normalisation),
      b: imageTensor(after, shape, normalisation),
    };
    return model.decode(model.forward(pair, false)).probability;
  });
  const values = (await probability.data()) as Float32Array; // probabilities are float32
  probability.dispose();
  return values;
}
