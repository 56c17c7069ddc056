import { channelStatistics } from '@arctic/preprocess';

/**
 * How images become numbers around 0: with per-channel mean and standard deviation (of images scaled to 0…1) of the
 * training set, or each image with its own, which takes light and tint out of it.
 */
export type Normalisation = ChannelNormalisation | 'image';

/** Per channel, of images scaled to 0…1. */
export interface ChannelNormalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Images as numbers around 0. @param data uint8, [B,H,W,C] of `count` images. @returns the same shape. */
export function normalised(
  data: Uint8Array,
  count: number,
  channels: number,
  normalisation: Normalisation,
): Float32Array {
  const values = new Float32Array(data.length);
  const length = data.length / count;
  for (let start = 0; start < data.length; start += length) {
    const image = data.subarray(start, start + length);
    const { mean, std } =
      normalisation === 'image' ? channelStatistics(image, { channels }) : normalisation;
    for (let i = 0; i < length; i++) {
      const c = i % channels;
      values[start + i] = ((image[i] as number) / 255 - (mean[c] as number)) / (std[c] as number);
    }
  }
  return values;
}
