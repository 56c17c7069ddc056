import {
  globalAvgPool2d,
  linear,
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
import { type ClassifierConfig, resolveConfig } from './config.js';
import { ClassifierError } from './errors.js';
import { crossEntropy, type CrossEntropyOptions } from './loss.js';

const ARCHITECTURE = 'resnet-classifier';

/** What the logits say. */
export interface Decoded {
  /** Probability of each class, 0..1. Shape: [B,K] float32. */
  readonly probabilities: tf.Tensor2D;
  /** Index of the likeliest class. Shape: [B] int32. */
  readonly classIndex: tf.Tensor1D;
}

/** A ResNet that tells the class of an image. */
export interface Classifier {
  readonly config: ClassifierConfig;
  /** The parameters, under torchvision's names. */
  readonly store: ParameterStore;
  /** What the application saved with the model; empty for a new one. */
  readonly meta: ModelMeta;
  /**
   * The logits of a batch of images.
   *
   * @param images input shape [B,H,W,C] float32, normalised; any size, `config.inputSize` is what it was made for.
   * @param training whether batch statistics are used, and the running ones updated.
   * @returns output shape [B,K] float32.
   * @throws {ClassifierError} when the images have another rank or number of channels.
   */
  forward(images: tf.Tensor4D, training: boolean): tf.Tensor2D;
  /** The training loss; see {@link crossEntropy}. */
  loss(logits: tf.Tensor2D, labels: tf.Tensor1D, options?: CrossEntropyOptions): tf.Scalar;
  /** Probabilities and likeliest class of logits [B,K]. */
  decode(logits: tf.Tensor2D): Decoded;
  /** The model's files; written to `folder` too where one is given (Node.js). `meta` replaces the model's own. */
  save(options?: SaveModelOptions): Promise<ModelFiles>;
  /** Frees the parameters. */
  dispose(): void;
}

/**
 * A new classifier with torchvision's initialisation.
 *
 * Torchvision's weights load with `store.loadStateDict`. References: He et al. 2015, Deep Residual Learning for
 * Image Recognition (arXiv 1512.03385); Goyal et al. 2017 (arXiv 1706.02677) for the zero-initialised gains.
 *
 * @param config what differs from the defaults.
 * @param options.seed decides the first parameters.
 * @throws {ClassifierError} when the configuration is impossible.
 */
export function createClassifier(
  config: Partial<ClassifierConfig>,
  options: { readonly seed: number },
): Classifier {
  return build(resolveConfig(config), options.seed, {});
}

/**
 * A saved classifier, with the meta data it was saved with.
 *
 * @param source path of the model folder, its `http(s)` address, or its files in memory.
 * @throws {ModelFolderError} when the folder is missing or damaged, or holds another architecture.
 */
export async function fromPretrained(source: string | URL | ModelFiles): Promise<Classifier> {
  return openModel(source, ARCHITECTURE, (config, meta) => build(resolveConfig(config), 0, meta));
}

function build(config: ClassifierConfig, seed: number, meta: ModelMeta): Classifier {
  const { depth, blocks, width, inChannels, classes, zeroInitResidual } = config;
  const store = new ParameterStore({ seed });
  const size = { depth, width, ...(blocks ? { blocks } : {}) };
  const trunk = resnetTrunk(store, { ...size, inChannels, zeroInitResidual });
  const head = linear(store, 'fc', {
    inFeatures: resnetChannels(size).at(-1) ?? width,
    outFeatures: classes.length,
  });
  return {
    config,
    store,
    meta,
    forward: (images, training) =>
      tf.tidy(() => {
        checkImages(images, inChannels);
        const features = trunk(images, training);
        return head(globalAvgPool2d(features[features.length - 1] as tf.Tensor4D)); // the stem at least is there
      }),
    loss: crossEntropy,
    decode: (logits) =>
      tf.tidy(() => ({
        probabilities: tf.softmax(logits),
        classIndex: tf.argMax(logits, 1) as tf.Tensor1D,
      })),
    save: (options) => saveModel(ARCHITECTURE, { config, store, meta }, options),
    dispose: () => store.dispose(),
  };
}

function checkImages(images: tf.Tensor4D, channels: number): void {
  if (images.shape.length === 4 && images.shape[3] === channels) return;
  throw new ClassifierError(
    `Expected images of shape [B,H,W,${channels}]. Received: [${images.shape.join()}].`,
  );
}
