import { augmentSample } from '@arctic/preprocess';
import { rngOf, type WorkerHandler } from '@arctic/trainer-core/worker';
import { type Normalisation, normalised } from '@arctic/inference/inputs';
import { item, join } from '../imagery/arrays.js';
import { binary } from '../imagery/arrays.js';
import type { BatchRequest } from './open-feeder.js';

/** The pairs that the change detector trains on. */
export interface SiameseFeed {
  /** [N,H,W,3] uint8 each. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** [N,H,W] uint8 */
  readonly change: Uint8Array;
  readonly n: number;
  readonly height: number;
  readonly width: number;
  readonly normalisation: Normalisation;
  /** Pixels a side of random crops; 0 for whole images. */
  readonly cropSize: number;
}

/** A batch of pairs, h × w pixels. */
export interface PairArrays {
  readonly height: number;
  readonly width: number;
  /** [B,h,w,3] each. */
  readonly a: Float32Array;
  readonly b: Float32Array;
  /** [B,h,w] 1 = changed. */
  readonly target: Float32Array;
}

/** The two dates are lit apart: light is no change. */
const AUGMENTATION = {
  geometry: 'symmetries',
  brightness: 0.1,
  contrast: 0.2,
  noise: 0.01,
  light: 'independent',
} as const;

/** Makes batches of augmented, normalised pairs. */
export function createWorker(feed: SiameseFeed): WorkerHandler<BatchRequest, PairArrays> {
  const { before, after, change, n, height, width, normalisation, cropSize } = feed;
  const augmentation = cropSize === 0 ? AUGMENTATION : { ...AUGMENTATION, cropSize };
  return ({ indices, keys }) => {
    const samples = indices.map((i, position) =>
      augmentSample(
        {
          height,
          width,
          channels: 3,
          images: [item(before, i, n), item(after, i, n)],
          masks: [item(change, i, n)],
        },
        augmentation,
        rngOf(keys[position] as string), // one for each sample
      ),
    );
    const stack = (pick: (sample: (typeof samples)[number]) => Uint8Array | undefined) =>
      join(samples.map((s) => pick(s) as Uint8Array)); // two images, one mask
    const imagesOf = (date: 0 | 1) =>
      normalised(
        stack(({ images }) => images[date]),
        indices.length,
        3,
        normalisation,
      );
    const a = imagesOf(0);
    const b = imagesOf(1);
    const target = Float32Array.from(binary(stack(({ masks }) => masks[0])));
    const size = { height: samples[0]?.height ?? height, width: samples[0]?.width ?? width };
    return { value: { ...size, a, b, target }, transfer: [a, b, target] };
  };
}
