import type { ConvLstmInputs, ConvLstmTargets } from '@arctic/model-convlstm';
import { channelStatistics } from '@arctic/preprocess';
import * as tf from '@tensorflow/tfjs-core';
import type { ForecastArrays } from './forecast/inputs.js';

/** The one place of the app where arrays become tensors. The caller disposes them. */

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

/** Images as a normalised tensor. @param data uint8, [B,H,W,C] */
export function imageTensor(
  data: Uint8Array,
  shape: [number, number, number, number],
  normalisation: Normalisation,
): tf.Tensor4D {
  const [count, , , channels] = shape;
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
  return tf.tensor4d(values, shape);
}

/** Class indices. [B] */
export function labelTensor(labels: ArrayLike<number>): tf.Tensor1D {
  return tf.tensor1d(Int32Array.from(labels), 'int32');
}

/** Binary maps as [B,H,W,1] float32. */
export function maskTensor(data: Uint8Array, shape: [number, number, number]): tf.Tensor4D {
  return tf.tensor4d(Float32Array.from(data), [...shape, 1]);
}

/** A batch of the forecaster. */
type Batch = ConvLstmInputs & ConvLstmTargets;
export type ForecastBatch = { readonly [K in keyof Batch]: Batch[K] };

/** @param leadWeights one factor per lead, multiplied into the weights of the cells. */
export function forecastTensors(
  arrays: ForecastArrays,
  cases: number,
  inputSteps: number,
  leadWeights: readonly number[],
): ForecastBatch {
  const { height, width } = arrays.crop;
  const leads = leadWeights.length;
  const field = (data: Float32Array) => tf.tensor4d(data, [cases, leads, height, width]);
  const area = height * width;
  const weights = arrays.weights.map(
    (w, i) => w * (leadWeights[Math.floor(i / area) % leads] as number),
  );
  return {
    past: tf.tensor5d(arrays.past, [
      cases,
      inputSteps,
      height,
      width,
      arrays.past.length / (cases * inputSteps * area),
    ]),
    future: tf.tensor5d(arrays.future, [
      cases,
      leads,
      height,
      width,
      arrays.future.length / (cases * leads * area),
    ]),
    reference: field(arrays.reference),
    target: field(arrays.target),
    weights: field(weights),
  };
}
