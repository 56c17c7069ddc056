/**
 * Layers with named parameters over TensorFlow.js, equal to their torch namesakes.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { ParameterStore, batchNorm2d, conv2d, writeSafetensors } from '@arctic/nn';
 *
 * const store = new ParameterStore({ seed: 1 });
 * const conv = conv2d(store, 'conv1', { inChannels: 3, outChannels: 8, kernelSize: 3, padding: 1, bias: false });
 * const norm = batchNorm2d(store, 'bn1', { channels: 8, activation: 'relu' });
 * const y = tf.tidy(() => norm(conv(tf.zeros([1, 16, 16, 3]), true), true)); // [1,16,16,8]
 * const file = writeSafetensors(await store.stateDict());
 * ```
 */
export { relu, sigmoid, tanh } from './activations.js';
export { synchroniseNorms, type SumOverProcesses } from './synchronised-norm.js';
export { batchNorm2d, type BatchNorm2d, type BatchNorm2dOptions } from './batch-norm2d.js';
export { conv2d, type Conv2dOptions } from './conv2d.js';
export { convBatchNorm2d, type ConvBatchNorm2dOptions } from './conv-batch-norm2d.js';
export { convLstm, type ConvLstm, type ConvLstmOptions, type ConvLstmState } from './conv-lstm.js';
export { convTranspose2d, type ConvTranspose2dOptions } from './conv-transpose2d.js';
export { isNnError, NnError, type NnErrorReason } from './errors.js';
export type { FileLayout } from './file-layout.js';
export {
  constant,
  type Initializer,
  kaimingNormalFanIn,
  kaimingNormalFanOut,
  kaimingUniform,
  normal,
  ones,
  uniform,
  xavierUniform,
  zeros,
} from './initializers.js';
export type { Layer } from './layer.js';
export { linear, type LinearOptions } from './linear.js';
export type { NamedArray } from './named-array.js';
export { type Parameter, type ParameterOptions, ParameterStore } from './parameter-store.js';
export { avgPool2d, globalAvgPool2d, maxPool2d, type PoolOptions } from './pool.js';
export { createRng, type Rng, type RngState } from './rng.js';
export { readSafetensors, type SafetensorsFile, writeSafetensors } from './safetensors.js';
export { depthToSpace, spaceToDepth } from './space-depth.js';
export { upsample2d, type Upsample2dOptions } from './upsample2d.js';
export {
  describeModel,
  isModelFolderError,
  loadModelFiles,
  type ModelFiles,
  ModelFolderError,
  type ModelMeta,
  parseModelConfig,
  saveModelFolder,
} from './model-folder.js';
export { resnetChannels, type ResnetOptions, resnetTrunk, type ResnetTrunk } from './resnet.js';
export { openModel, type SavableModel, saveModel, type SaveModelOptions } from './saved-model.js';
