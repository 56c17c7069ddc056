import { conv2d, convLstm, kaimingUniform, relu, zeros, type ParameterStore } from '@arctic/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { ConvLstmConfig } from './config.js';
import { ConvLstmError } from './errors.js';
import { fromPatches, toPatches } from './patches.js';

/** What the forecaster reads. No value may be `NaN`: missing cells are filled and told by a mask channel. */
export interface ConvLstmInputs {
  /** History, newest step last, `[B,inputSteps,H,W,inputChannels]`. */
  readonly past: tf.Tensor5D;
  /** What is known of the target steps, `[B,outputSteps,H,W,futureChannels]`; left out when `futureChannels` is 0. */
  readonly future?: tf.Tensor5D;
  /** Concentration the reference forecast gives, 0..1, `[B,outputSteps,H,W]`. */
  readonly reference: tf.Tensor4D;
}

/**
 * A function from the inputs to the forecast `[B,outputSteps,H,W]`, with its parameters added to `store`.
 *
 * The encoder's layers read the history; their last states start the forecaster's layers, which read
 * what is known of the target steps. A 1×1 convolution over the hidden outputs of all layers gives
 * the change from the reference forecast.
 */
export function buildNetwork(
  store: ParameterStore,
  config: ConvLstmConfig,
): (inputs: ConvLstmInputs) => tf.Tensor4D {
  const { hiddenChannels, kernelSize, patchSize, headChannels } = config;
  const top = hiddenChannels.length - 1;
  const layers = (stack: 'encoder' | 'forecaster', firstChannels: number) =>
    hiddenChannels.map((hidden, n) =>
      convLstm(store, `${stack}.${n}`, {
        inChannels: hiddenChannels[n - 1] ?? firstChannels,
        hiddenChannels: hidden,
        kernelSize,
        // Of the encoder's top layer only the state is read.
        outputs: stack === 'encoder' && n === top ? 'last' : 'all',
      }),
    );
  const encoder = layers('encoder', config.inputChannels * patchSize ** 2);
  // Without channels of its own the forecaster is told how far ahead each step lies.
  const forecaster = layers('forecaster', config.futureChannels * patchSize ** 2 || 1);

  const features = hiddenChannels.reduce((sum, hidden) => sum + hidden, 0);
  const mix =
    headChannels > 0 &&
    conv2d(store, 'head.mix', {
      inChannels: features,
      outChannels: headChannels,
      kernelSize: 3,
      padding: 1,
    });
  const change = conv2d(store, 'head.change', {
    inChannels: headChannels || features,
    outChannels: patchSize ** 2,
    kernelSize: 1,
    bias: false, // the layer's own would not start at zero
    init: config.headInit === 'zero' ? zeros : kaimingUniform,
  });
  const bias = store.add('head.change.bias', { shape: [patchSize ** 2], init: zeros });

  return (inputs) => {
    checkInputs(inputs, config);
    const { past, future, reference } = inputs;
    let history = toPatches(past, patchSize); // [B,T,h,w,C]
    const states = encoder.map((layer) => {
      const { outputs, state } = layer(history);
      history = outputs;
      return state;
    });
    const [, , h, w] = history.shape;
    let ahead =
      future === undefined || config.futureChannels === 0
        ? leadFraction(reference.shape, h, w) // [B,T,h,w,1]
        : toPatches(future, patchSize); // [B,T,h,w,C]
    const hidden = forecaster.map((layer, n) => {
      ahead = layer(ahead, states[n]).outputs;
      return ahead;
    });
    const joined = hidden.length === 1 ? ahead : tf.concat(hidden, 4); // [B,T,h,w,C]
    const frames = tf.reshape<tf.Rank.R4>(joined, [-1, h, w, features]); // [B·T,h,w,C]
    const mixed = mix === false ? frames : relu(mix(frames, false));
    const patches = tf.add<tf.Tensor4D>(change(mixed, false), bias); // [B·T,h,w,patchSize²]
    return tf.add<tf.Tensor4D>(reference, fromPatches(patches, patchSize, reference.shape)); // [B,T,H,W]
  };
}

/** One channel with the lead time of each step as a part of the horizon, `[B,T,h,w,1]`. */
function leadFraction([B, T]: readonly number[], h: number, w: number): tf.Tensor5D {
  const steps = Array.from({ length: T ?? 0 }, (_, step) => (step + 1) / (T ?? 1));
  return tf.tile(tf.tensor5d(steps, [1, steps.length, 1, 1, 1]), [B ?? 1, 1, h, w, 1]);
}

function checkInputs({ past, future, reference }: ConvLstmInputs, config: ConvLstmConfig): void {
  const { inputSteps, outputSteps, inputChannels, futureChannels } = config;
  const [B, , H, W] = past.shape;
  expectShape('past', past.shape, ['B', inputSteps, 'H', 'W', inputChannels]);
  expectShape('reference', reference.shape, [B, outputSteps, H, W]);
  if (futureChannels > 0) {
    expectShape('future', future?.shape, [B, outputSteps, H, W, futureChannels]);
  }
}

function expectShape(
  name: string,
  shape: readonly number[] | undefined,
  expected: readonly (number | string)[],
): void {
  const fits =
    shape?.length === expected.length &&
    expected.every((length, axis) => typeof length === 'string' || length === shape[axis]);
  if (fits) return;
  throw new ConvLstmError(
    `ConvLSTM input: ${name} must have shape [${expected.join(',')}]. ` +
      `Received: ${shape === undefined ? 'nothing' : `[${shape.join(',')}]`}.`,
  );
}
