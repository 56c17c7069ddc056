/**
 * Sea-ice concentration forecaster: a ConvLSTM encoder–forecaster that predicts the change from a
 * reference forecast.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { createConvLstm } from '@arctic/model-convlstm';
 *
 * const model = createConvLstm({ hiddenChannels: [8] }, { seed: 1 });
 * const past = tf.fill<tf.Rank.R5>([1, 30, 48, 48, 1], 0.9); // 30 days of concentration, 0..1
 * const reference = tf.fill<tf.Rank.R4>([1, 7, 48, 48], 0.9); // here: persistence
 * const future = tf.expandDims<tf.Tensor5D>(reference, 4); // what is known of each target day
 * const sic = model.forecast({ past, future, reference });
 * sic.shape; // [1, 7, 48, 48]
 * ```
 *
 * @module
 */
export { createConvLstm, fromPretrained } from './model.js';
export type { ConvLstm } from './model.js';
export type { ConvLstmInputs } from './network.js';
export type { ConvLstmTargets, LossKind } from './loss.js';
export { presets } from './config.js';
export type { ConvLstmConfig } from './config.js';
export { ConvLstmError, isConvLstmError } from './errors.js';
