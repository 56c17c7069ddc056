/**
 * Sea-ice change detector: one ResNet encoder for both dates, feature differences, a U-Net decoder.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { createSiamese, presets } from '@arctic/model-siamese';
 *
 * const model = createSiamese(presets.tiny, { seed: 1 });
 * // Images of both dates: [B,H,W,C].
 * const logits = model.forward({ a: tf.zeros([1, 64, 64, 3]), b: tf.ones([1, 64, 64, 3]) }, false);
 * const { probability, binary } = model.decode(logits);
 * probability.shape; // [1, 64, 64, 1]
 * model.dispose();
 * ```
 *
 * @packageDocumentation
 */
export { presets } from './config.js';
export type { SiameseConfig } from './config.js';
export { isSiameseError, SiameseError } from './errors.js';
export { changeLoss } from './loss.js';
export type { ChangeLossOptions } from './loss.js';
export { createSiamese, fromPretrained } from './siamese.js';
export type { Decoded, ImagePair, Siamese } from './siamese.js';
