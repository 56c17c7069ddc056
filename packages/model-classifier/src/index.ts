/**
 * Sea-ice classifier: ResNet-18, -34 and -50 on any TensorFlow.js backend.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { createClassifier, presets } from '@arctic/model-classifier';
 *
 * const model = createClassifier(presets.tiny, { seed: 1 });
 * const logits = model.forward(tf.zeros([2, 64, 64, 3]), false); // images [B,H,W,C]
 * const { probabilities } = model.decode(logits);
 * probabilities.shape; // [2, 3]
 * model.dispose();
 * ```
 *
 * @packageDocumentation
 */
export { createClassifier, fromPretrained } from './classifier.js';
export type { Classifier, Decoded } from './classifier.js';
export { presets } from './config.js';
export type { ClassifierConfig } from './config.js';
export { ClassifierError, isClassifierError } from './errors.js';
export { crossEntropy } from './loss.js';
export type { CrossEntropyOptions } from './loss.js';
