import {
  type ModelFiles,
  type ModelMeta,
  openModel,
  ParameterStore,
  resnetChannels,
  resnetTrunk,
  saveModel,
  type SaveModelOptions,
} from '@arctic/nn';
import * as tf from '@tensorflow/tfjs-core';
import { resolveConfig, type SiameseConfig } from './config.js';
import { decoder } from './decoder.js';
import { pairDifference } from './difference.js';
import { SiameseError } from './errors.js';
import { changeLoss, type ChangeLossOptions } from './loss.js';

const ARCHITECTURE = 'siamese-unet';

/** The same places at two dates. Each of shape [B,H,W,C] float32, normalised alike. */
export interface ImagePair {
  /** The earlier date. */
  readonly a: tf.Tensor4D;
  /** The later date. */
  readonly b: tf.Tensor4D;
}

/** What the logits say. */
export interface Decoded {
  /** Probability of change, 0..1. Shape: [B,H,W,1] float32. */
  readonly probability: tf.Tensor4D;
  /** 1 where the probability is above the threshold, else 0. Shape: [B,H,W,1] int32. */
  readonly binary: tf.Tensor4D;
}

/** A network that maps what changed between two dates. */
export interface Siamese {
  readonly config: SiameseConfig;
  /** The parameters: one encoder under torchvision's names after `encoder.`, then `decoder.` and `head.`. */
  readonly store: ParameterStore;
  /** What the application saved with the model; empty for a new one. */
  readonly meta: ModelMeta;
  /**
   * The logits of change.
   *
   * @param pair input shape [B,H,W,C] each; any H and W.
   * @param training whether batch statistics are used, and the running ones updated.
   * @returns output shape [B,H,W,1] float32.
   * @throws {SiameseError} when the images do not fit one another or the model.
   */
  forward(pair: ImagePair, training: boolean): tf.Tensor4D;
  /** The training loss; see {@link changeLoss}. */
  loss(logits: tf.Tensor4D, target: tf.Tensor4D, options?: ChangeLossOptions): tf.Scalar;
  /** Probability and binary map of logits [B,H,W,1]. @param threshold 0..1; by default the configuration's. */
  decode(logits: tf.Tensor4D, threshold?: number): Decoded;
  /** The model's files; written to `folder` too where one is given (Node.js). `meta` replaces the model's own. */
  save(options?: SaveModelOptions): Promise<ModelFiles>;
  /** Frees the parameters. */
  dispose(): void;
}

/**
 * A new change detector: one ResNet encoder for both dates, the absolute difference of the images and
 * of their features at every scale, and a U-Net decoder.
 *
 * Both dates go through the encoder as one batch: weights are shared, and batch norm sees both. Torchvision's
 * ResNet weights load into the encoder under the prefix `encoder.`.
 * References: Daudt et al. 2018, Fully Convolutional Siamese Networks for Change Detection (arXiv 1810.08462).
 *
 * @param config what differs from the defaults.
 * @param options.seed decides the first parameters.
 * @throws {SiameseError} when the configuration is impossible.
 */
export function createSiamese(
  config: Partial<SiameseConfig>,
  options: { readonly seed: number },
): Siamese {
  return build(resolveConfig(config), options.seed, {});
}

/**
 * A saved change detector, with the meta data it was saved with.
 *
 * @param source path of the model folder, its `http(s)` address, or its files in memory.
 * @throws {ModelFolderError} when the folder is missing or damaged, or holds another architecture.
 */
export async function fromPretrained(source: string | URL | ModelFiles): Promise<Siamese> {
  return openModel(source, ARCHITECTURE, (config, meta) => build(resolveConfig(config), 0, meta));
}

function build(config: SiameseConfig, seed: number, meta: ModelMeta): Siamese {
  const { depth, blocks, width, inChannels, decoderChannels, zeroInitResidual, threshold } = config;
  const store = new ParameterStore({ seed });
  const size = { depth, width, ...(blocks ? { blocks } : {}) };
  const encoder = resnetTrunk(store, { ...size, inChannels, zeroInitResidual, prefix: 'encoder.' });
  const decode = decoder(store, 'decoder', {
    featureChannels: [inChannels, ...resnetChannels(size)],
    decoderChannels,
  });
  return {
    config,
    store,
    meta,
    forward: ({ a, b }, training) =>
      tf.tidy(() => {
        checkPair(a, b, inChannels);
        const features = encoder(tf.concat([a, b], 0), training); // [2B,H/2^k,W/2^k,C]
        const differences = features.map(pairDifference); // [B,H/2^k,W/2^k,C]
        const images = tf.abs(tf.sub<tf.Tensor4D>(a, b)); // [B,H,W,C]
        return decode([images, ...differences], training);
      }),
    loss: changeLoss,
    decode: (logits, limit = threshold) =>
      tf.tidy(() => {
        const probability = tf.sigmoid(logits);
        return {
          probability,
          binary: tf.cast(tf.greater<tf.Tensor4D>(probability, limit), 'int32'),
        };
      }),
    save: (options) => saveModel(ARCHITECTURE, { config, store, meta }, options),
    dispose: () => store.dispose(),
  };
}

function checkPair(a: tf.Tensor4D, b: tf.Tensor4D, channels: number): void {
  if (a.shape.length === 4 && a.shape[3] === channels && a.shape.join() === b.shape.join()) return;
  throw new SiameseError(
    `Expected two images of one shape [B,H,W,${channels}]. Received: [${a.shape.join()}] and [${b.shape.join()}].`,
  );
}
