import type { ConvLstmInputs, ConvLstmTargets } from '@arctic/model-convlstm';
import * as tf from '@tensorflow/tfjs-core';
import type { ForecastArrays, Steps } from './forecast/inputs.js';

/** The one place where arrays become tensors. The caller disposes them. */

/** A batch of the forecaster. */
export type ForecastBatch = Readonly<ConvLstmInputs & ConvLstmTargets>;

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
