import { augmentSample } from '@arctic/preprocess';
import { rngOf, type WorkerHandler } from '@arctic/trainer-core/worker';
import { type Normalisation, normalised } from '@arctic/inference/inputs';
import { item, join } from '../imagery/arrays.js';
import type { BatchRequest } from './open-feeder.js';

/** The scenes that the classifier trains on. */
export interface ClassifierFeed {
  /** [N,H,W,3] uint8 */
  readonly images: Uint8Array;
  readonly n: number;
  readonly height: number;
  readonly width: number;
  readonly normalisation: Normalisation;
}

/** Strong light augmentation: the class must not hang on exposure. */
const AUGMENTATION = {
  geometry: 'symmetries',
  brightness: 0.15,
  contrast: 0.25,
  noise: 0.01,
} as const;

/** Makes batches of augmented, normalised scenes: [B,H,W,3]. */
export function createWorker({
  images,
  n,
  height,
  width,
  normalisation,
}: ClassifierFeed): WorkerHandler<BatchRequest, Float32Array> {
  return ({ indices, keys }) => {
    const changed = indices.map((i, position) => {
      const sample = { height, width, channels: 3, images: [item(images, i, n)] };
      const rng = rngOf(keys[position] as string); // one for each sample
      return augmentSample(sample, AUGMENTATION, rng).images[0] as Uint8Array; // one image in, one out
    });
    const value = normalised(join(changed), indices.length, 3, normalisation);
    return { value, transfer: [value] };
  };
}
