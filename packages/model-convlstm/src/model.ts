import {
  type ModelFiles,
  type ModelMeta,
  openModel,
  ParameterStore,
  saveModel,
  type SaveModelOptions,
} from '@arctic/nn';
import * as tf from '@tensorflow/tfjs-core';
import { resolveConfig, type ConvLstmConfig } from './config.js';
import { maskedLoss, type ConvLstmTargets } from './loss.js';
import { buildNetwork, type ConvLstmInputs } from './network.js';

const ARCHITECTURE = 'convlstm';

/** A sea-ice concentration forecaster with its parameters. */
export interface ConvLstm {
  readonly config: ConvLstmConfig;
  readonly store: ParameterStore;
  /** What the application saved with the model: channels, normalisation, grid, training data. */
  readonly meta: ModelMeta;
  /**
   * The forecast before clipping, `[B,outputSteps,H,W]`. `training` changes no value: without it the
   * steps run one by one, in a fraction of the memory.
   */
  forward(inputs: ConvLstmInputs, training: boolean): tf.Tensor4D;
  /** The weighted mean cost of an unclipped forecast, a scalar; cells of weight 0 take no part. */
  loss(prediction: tf.Tensor4D, targets: ConvLstmTargets): tf.Scalar;
  /** The forecast as concentration, 0..1, `[B,T,H,W]`; `NaN` where `mask` (1 = valid, broadcast) is 0. */
  decode(prediction: tf.Tensor4D, mask?: tf.Tensor): tf.Tensor4D;
  /** The concentration forecast, 0..1, `[B,outputSteps,H,W]`, of grids of any size. */
  forecast(inputs: ConvLstmInputs): tf.Tensor4D;
  /** The model's files; written to `folder` too where one is given (Node.js). */
  save(options?: SaveModelOptions): Promise<ModelFiles>;
  /** Frees the parameters. */
  dispose(): void;
}

/**
 * A ConvLSTM encoder–forecaster that predicts the change from a reference forecast.
 *
 * Input shape: `past` `[B,inputSteps,H,W,inputChannels]`, `future` `[B,outputSteps,H,W,futureChannels]`,
 * `reference` `[B,outputSteps,H,W]`. H and W are free: a model trained on patches runs on any grid.
 *
 * Output shape: `[B,outputSteps,H,W]`, concentration; clipped to 0..1 by `decode` alone.
 *
 * References:
 * - Shi et al. 2015, Convolutional LSTM Network, {@link https://arxiv.org/abs/1506.04214 | arXiv 1506.04214}
 * - Andersson et al. 2021, IceNet, {@link https://doi.org/10.1038/s41467-021-25257-4 | 10.1038/s41467-021-25257-4}
 *
 * @throws {ConvLstmError} when the configuration is impossible.
 */
export function createConvLstm(
  config: Partial<ConvLstmConfig>,
  { seed }: { readonly seed: number },
): ConvLstm {
  return assemble(resolveConfig(config), seed, {});
}

/**
 * The forecaster saved in a model folder, at an address, or in memory.
 *
 * @throws {ModelFolderError} when the files are missing, damaged, or of another architecture.
 */
export async function fromPretrained(source: string | URL | ModelFiles): Promise<ConvLstm> {
  return openModel(source, ARCHITECTURE, (config, meta) =>
    assemble(resolveConfig(config), 0, meta),
  );
}

function assemble(config: ConvLstmConfig, seed: number, meta: ModelMeta): ConvLstm {
  const store = new ParameterStore({ seed });
  const network = buildNetwork(store, config);
  const forward = (inputs: ConvLstmInputs, training: boolean) =>
    tf.tidy(() => network(inputs, training));
  const decode = (prediction: tf.Tensor4D, mask?: tf.Tensor) =>
    tf.tidy(() => {
      const sic = tf.clipByValue(prediction, 0, 1);
      return mask === undefined ? sic : tf.where(tf.greater(mask, 0), sic, tf.fill(sic.shape, NaN));
    });
  return {
    config,
    store,
    meta,
    forward,
    loss: (prediction, targets) =>
      maskedLoss(prediction, targets, { kind: config.loss, huberDelta: config.huberDelta }),
    decode,
    forecast: (inputs) => tf.tidy(() => decode(forward(inputs, false))),
    save: (options) => saveModel(ARCHITECTURE, { config, store, meta }, options),
    dispose: () => store.dispose(),
  };
}
