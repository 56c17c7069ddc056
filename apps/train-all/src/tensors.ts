import type { ConvLstmInputs, ConvLstmTargets } from '@arctic/model-convlstm';
import * as tf from '@tensorflow/tfjs-core';
import type { ForecastArrays, Steps } from './forecast/inputs.js';
import { normalised, type Normalisation } from './imagery/normalise.js';

/** The one place of the app where arrays become tensors. The caller disposes them. */

export type { Normalisation } from './imagery/normalise.js';

/** Images as a normalised tensor. @param data uint8, [B,H,W,C] */
export function imageTensor(
  data: Uint8Array,
  shape: [number, number, number, number],
  normalisation: Normalisation,
): tf.Tensor4D {
  return fieldTensor(normalised(data, shape[0], shape[3], normalisation), shape);
}

/** Numbers that are ready for the model. @param data [B,H,W,C] */
export function fieldTensor(
  data: Float32Array,
  shape: [number, number, number, number],
): tf.Tensor4D {
  return tf.tensor4d(data, shape);
}

/** Class indices. [B] */
export function labelTensor(labels: ArrayLike<number>): tf.Tensor1D {
  return tf.tensor1d(Int32Array.from(labels), 'int32');
}

/** Binary maps as [B,H,W,1] float32. */
export function maskTensor(data: Uint8Array, shape: [number, number, number]): tf.Tensor4D {
  return fieldTensor(Float32Array.from(data), [...shape, 1]);
}

/** A batch of the forecaster. */
type Batch = ConvLstmInputs & ConvLstmTargets;
export type ForecastBatch = { readonly [K in keyof Batch]: Batch[K] };

/** The arrays of cases as a batch. */
export function forecastTensors(
  arrays: ForecastArrays,
  cases: number,
  { inputSteps, outputSteps: leads }: Steps,
): ForecastBatch {
  const { height, width } = arrays.crop;
  const field = (data: Float32Array) => tf.tensor4d(data, [cases, leads, height, width]);
  const area = height * width;
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
    weights: field(arrays.weights),
  };
}
