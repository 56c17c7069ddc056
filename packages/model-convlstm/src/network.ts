import {
  conv2d,
  convLstm,
  type ConvLstm,
  kaimingUniform,
  relu,
  zeros,
  type ParameterStore,
} from '@arctic/nn';
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
): (inputs: ConvLstmInputs, training: boolean) => tf.Tensor4D {
  const { hiddenChannels, kernelSize, patchSize, headChannels } = config;
  const top = hiddenChannels.length - 1;
  const layers = (stack: 'encoder' | 'forecaster', firstChannels: number) =>
    hiddenChannels.map((hidden, n) =>
      convLstm(store, `${stack}.${n}`, {
        inChannels: hiddenChannels[n - 1] ?? firstChannels,
        hiddenChannels: hidden,
        kernelSize,
        // Of the encoder's top layer only the state is read; the first layers read data.
        outputs: stack === 'encoder' && n === top ? 'last' : 'all',
        inputGradient: n > 0,
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

  /** The change [B·T,h,w,patchSize²] that the forecaster's layers see in `ahead` [B,T,h,w,C], and their last states. */
  const look = (ahead: tf.Tensor5D, start: readonly LayerState[]) => {
    const { outputs, states } = advance(forecaster, ahead, start);
    const joined = outputs.length === 1 ? (outputs[0] as tf.Tensor5D) : tf.concat(outputs, 4); // [B,T,h,w,C]
    const [, , h, w] = joined.shape;
    const frames = tf.reshape<tf.Rank.R4>(joined, [-1, h, w, features]); // [B·T,h,w,C]
    const mixed = mix === false ? frames : relu(mix(frames, false));
    return { patches: tf.add<tf.Tensor4D>(change(mixed, false), bias), states };
  };

  return (inputs, training) => {
    checkInputs(inputs, config);
    const { past, future, reference } = inputs;
    const history = toPatches(past, patchSize); // [B,T,h,w,C]
    const [, , h, w] = history.shape;
    const ahead =
      future === undefined || config.futureChannels === 0
        ? leadFraction(reference.shape, h, w) // [B,T,h,w,1]
        : toPatches(future, patchSize); // [B,T,h,w,C]
    const patches = training
      ? look(ahead, advance(encoder, history, []).states).patches
      : stepByStep(encoder, look, history, ahead); // [B·T,h,w,patchSize²]
    return tf.add<tf.Tensor4D>(reference, fromPatches(patches, patchSize, reference.shape)); // [B,T,H,W]
  };
}

type LayerState = ReturnType<ConvLstm>['state'];

/** Layers over a sequence, each reading the one before: their outputs, and the state after the last step. */
function advance(
  layers: readonly ConvLstm[],
  sequence: tf.Tensor5D,
  start: readonly LayerState[],
): { readonly outputs: tf.Tensor5D[]; readonly states: LayerState[] } {
  let input = sequence;
  const runs = layers.map((layer, n) => {
    const run = layer(input, start[n]);
    input = run.outputs;
    return run;
  });
  return {
    outputs: runs.map(({ outputs }) => outputs),
    states: runs.map(({ state }) => state),
  };
}

/** The same as all steps at once, in the memory of one: for grids far larger than a training patch. */
function stepByStep(
  encoder: readonly ConvLstm[],
  look: (
    ahead: tf.Tensor5D,
    start: readonly LayerState[],
  ) => { readonly patches: tf.Tensor4D; readonly states: LayerState[] },
  history: tf.Tensor5D,
  ahead: tf.Tensor5D,
): tf.Tensor4D {
  const at = (sequence: tf.Tensor5D, step: number): tf.Tensor5D =>
    tf.slice(sequence, [0, step, 0, 0, 0], [-1, 1, -1, -1, -1]);
  let states: LayerState[] = [];
  const follow = (next: LayerState[]): void => {
    tf.dispose(states.map(({ h, c }) => [h, c]));
    states = next;
  };
  for (let step = 0; step < history.shape[1]; step++) {
    follow(tf.tidy(() => keepStates(advance(encoder, at(history, step), states).states)));
  }
  const patches: tf.Tensor4D[] = [];
  for (let step = 0; step < ahead.shape[1]; step++) {
    const seen = tf.tidy(() => {
      const run = look(at(ahead, step), states);
      return { patches: run.patches, states: keepStates(run.states) };
    });
    follow(seen.states);
    patches.push(seen.patches);
  }
  const [, h, w, channels] = (patches[0] as tf.Tensor4D).shape; // a forecast has a first step
  return tf.reshape<tf.Rank.R4>(tf.stack(patches, 1), [-1, h, w, channels]);
}

/** As plain objects, which tf.tidy looks into. */
function keepStates(states: readonly LayerState[]): { h: tf.Tensor4D; c: tf.Tensor4D }[] {
  return states.map(({ h, c }) => ({ h, c }));
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
