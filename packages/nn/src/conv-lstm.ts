import * as tf from '@tensorflow/tfjs-core';
import { checkInput, checkWhole } from './check.js';
import { compositeBackward, compositeForward } from './conv-lstm-composite.js';
import { lstmOps, ownBackward, ownForward } from './own-conv-lstm.js';
import { differentiable, isRecording } from './differentiable.js';
import { NnError } from './errors.js';
import type { LstmGradients, LstmInputs } from './conv-lstm-inputs.js';
import { type Initializer, xavierUniform } from './initializers.js';
import { parameterName } from './layer.js';
import { sizeOf } from './named-array.js';
import type { ParameterStore } from './parameter-store.js';
import { takeApart } from './tensor-structure.js';

export interface ConvLstmOptions {
  readonly inChannels: number;
  readonly hiddenChannels: number;
  /** Side of both square filters, odd, in pixels. @default 3 */
  readonly kernelSize?: number;
  /** First bias of the forget gate. @default 1 */
  readonly forgetBias?: number;
  /** Which steps `outputs` holds: `last` saves memory where only the state is read. @default 'all' */
  readonly outputs?: 'all' | 'last';
  /** Whether x needs a gradient; a first layer, fed with data, saves a convolution a step. @default true */
  readonly inputGradient?: boolean;
}

/** Hidden and cell state, each [B,H,W,hiddenChannels]. */
export interface ConvLstmState {
  readonly h: tf.Tensor4D;
  readonly c: tf.Tensor4D;
}

/**
 * Runs over all steps of x [B,T,H,W,inChannels], from zero or from `state`.
 *
 * Returns the hidden state of every step [B,T,H,W,hiddenChannels] (T = 1 with `outputs: 'last'`) and
 * the state after the last one.
 */
export type ConvLstm = (
  x: tf.Tensor5D,
  state?: ConvLstmState,
) => { readonly outputs: tf.Tensor5D; readonly state: ConvLstmState };

/**
 * A convolutional LSTM layer without peepholes.
 *
 * i, f, o = σ(·) and g = tanh(·) of weight_ih ∗ x + weight_hh ∗ h + bias, in the order i, f, g, o;
 * c ← f·c + i·g; h ← o·tanh(c). Zeros surround every image, so height and width stay.
 *
 * The whole layer is one op with back-propagation through time written by hand: the tape holds one
 * node. It keeps x, the four gates, c and h of every step.
 *
 * Parameters: `weight_ih` [4·hidden, in, k, k], `weight_hh` [4·hidden, hidden, k, k] and `bias`
 * [4·hidden] on file.
 *
 * @throws NnError (`config`) on impossible options; the layer throws NnError (`shape`).
 * @see Shi et al., Convolutional LSTM network, 2015
 */
export function convLstm(store: ParameterStore, name: string, options: ConvLstmOptions): ConvLstm {
  const {
    inChannels,
    hiddenChannels,
    kernelSize = 3,
    forgetBias = 1,
    outputs = 'all',
    inputGradient = true,
  } = options;
  const label = `convLstm "${name}"`;
  checkWhole(label, { inChannels, hiddenChannels, kernelSize }, 1);
  if (kernelSize % 2 === 0) {
    throw new NnError('config', `${label}: expected an odd kernelSize. Received: ${kernelSize}.`);
  }
  const add = (leaf: string, shape: number[], init: Initializer): tf.Variable =>
    store.add(parameterName(name, leaf), {
      shape,
      init,
      fileLayout: shape.length === 4 ? 'OIHW' : 'same',
    });
  const filterShape = (channels: number): number[] => [
    4 * hiddenChannels,
    channels,
    kernelSize,
    kernelSize,
  ];
  const inputFilter = add(
    'weight_ih',
    filterShape(inChannels),
    gateByGate,
  ) as tf.Variable<tf.Rank.R4>;
  const hiddenFilter = add(
    'weight_hh',
    filterShape(hiddenChannels),
    gateByGate,
  ) as tf.Variable<tf.Rank.R4>;
  const bias = add('bias', [4 * hiddenChannels], (shape) =>
    new Float32Array(sizeOf(shape)).fill(forgetBias, hiddenChannels, 2 * hiddenChannels),
  ) as tf.Variable<tf.Rank.R1>;
  return (x, state) => {
    checkInput(label, x, 'B,T,H,W,C', inChannels);
    const stateShape = [x.shape[0], x.shape[2], x.shape[3], hiddenChannels];
    for (const tensor of state ? [state.h, state.c] : []) {
      if (tensor.shape.join() === stateShape.join()) continue;
      throw new NnError(
        'shape',
        `${label}: expected a state [${stateShape}]. Received: shape [${tensor.shape}].`,
      );
    }
    const inputs = {
      x,
      inputFilter,
      hiddenFilter,
      bias,
      ...(state ? { h: state.h, c: state.c } : {}),
    };
    const keep = isRecording();
    let backward: LstmBackward | undefined;
    const [sequence, h, c] = differentiable<Record<string, tf.Tensor>>({
      inputs,
      forward: (save) => {
        const run = runSteps({ ...inputs, h: state?.h, c: state?.c }, keep);
        if (keep) save(run.saved);
        backward = run.backward;
        const hidden = outputs === 'all' ? run.h : run.h.slice(-1);
        return [tf.stack([...hidden], 1), run.h.at(-1), run.c] as tf.Tensor[]; // a sequence has a last step
      },
      backward: ([dSequence, dh, dc], saved) => {
        const dFinal = { h: dh as tf.Tensor4D, c: dc as tf.Tensor4D };
        const gradients = (backward as LstmBackward)(
          // forward has run
          saved,
          dSequence as tf.Tensor5D,
          dFinal,
          inputGradient,
        );
        return {
          x: () => gradients.x ?? tf.zeros(x.shape),
          inputFilter: () => gradients.inputFilter,
          hiddenFilter: () => gradients.hiddenFilter,
          bias: () => gradients.bias,
          h: () => gradients.h,
          c: () => gradients.c,
        };
      },
    }) as [tf.Tensor5D, tf.Tensor4D, tf.Tensor4D]; // as returned by forward
    return { outputs: sequence, state: { h, c } };
  };
}

/** Gradients from the saved tensors, and those of the last outputs and of the final state. */
type LstmBackward = (
  saved: readonly tf.Tensor[],
  dOutputs: tf.Tensor5D,
  dFinal: ConvLstmState,
  inputGradient: boolean,
) => LstmGradients;

interface LstmRun {
  /** The hidden state after each step. */
  readonly h: readonly tf.Tensor4D[];
  /** The cell state after the last. */
  readonly c: tf.Tensor4D;
  readonly saved: tf.Tensor[];
  readonly backward: LstmBackward;
}

/** All steps, by the fastest way the backend has. */
function runSteps(inputs: LstmInputs, keep: boolean): LstmRun {
  const ops = lstmOps(inputs.hiddenFilter.shape[2]);
  const finish = <T extends Tape>(
    tape: T,
    backward: (tape: T, ...rest: Skip<Parameters<LstmBackward>>) => LstmGradients,
  ): LstmRun => {
    const { tensors, rebuild } = takeApart(tape);
    return {
      h: tape.h.slice(1) as tf.Tensor4D[], // only the first may be absent
      c: tape.c.at(-1) as tf.Tensor4D,
      saved: tensors,
      backward: (saved, ...rest) => backward(rebuild(saved), ...rest),
    };
  };
  if (ops === null) return finish(compositeForward(inputs), compositeBackward);
  return finish(ownForward(ops, inputs, keep), (tape, ...rest) => ownBackward(ops, tape, ...rest));
}

type Tape = { readonly h: readonly (tf.Tensor4D | undefined)[]; readonly c: Tape['h'] };
type Skip<T extends unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never;

/** Each gate's filter drawn as a filter of its own. */
const gateByGate: Initializer = ([gates = 0, ...rest], rng) => {
  const shape = [gates / 4, ...rest];
  const size = sizeOf(shape);
  const values = new Float32Array(4 * size);
  for (let gate = 0; gate < 4; gate++) values.set(xavierUniform(shape, rng), gate * size);
  return values;
};
