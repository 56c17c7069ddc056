import * as tf from '@tensorflow/tfjs-core';
import { sigmoidGradient, tanhGradient } from './activations.js';
import { sameSize, type LstmGradients, type LstmInputs } from './conv-lstm-inputs.js';
import {
  biasForward,
  biasGradient,
  convFilterGradient,
  convForward,
  convInputGradient,
} from './conv-kernels.js';
import type { Gates, LstmTape } from './conv-lstm-tape.js';

type FilterGradients = {
  readonly inputFilter: tf.Tensor4D;
  readonly hiddenFilter: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
};

/** The tape of a run over all steps; its last `h` and `c` are the final state. */
export function compositeForward({ bias, h, c, ...inputs }: LstmInputs): LstmTape {
  const { inputFilter, hiddenFilter } = inputs;
  const x = tf.unstack(inputs.x, 1) as tf.Tensor4D[];
  const tape = { inputFilter, hiddenFilter, x, gates: [] as Gates[], h: [h], c: [c] };
  for (const group of groupSteps(x)) {
    const driven = tf.tidy(() => {
      const merged = mergeSteps(group.map((t) => x[t] as tf.Tensor4D));
      return splitSteps(
        biasForward(convForward(merged, inputFilter, sameSize(inputFilter)), bias),
        group.length,
      );
    });
    for (const [index, t] of group.entries()) {
      const drive = driven[index] as tf.Tensor4D; // one per step of the group
      const step = tf.tidy(() => stepForward(drive, hiddenFilter, tape.h[t], tape.c[t]));
      drive.dispose();
      tape.gates.push(step.gates);
      tape.h.push(step.h);
      tape.c.push(step.c);
    }
  }
  return tape;
}

function stepForward(
  drive: tf.Tensor4D,
  hiddenFilter: tf.Tensor4D,
  h: tf.Tensor4D | undefined,
  c: tf.Tensor4D | undefined,
): { gates: Gates; h: tf.Tensor4D; c: tf.Tensor4D } {
  const sum = h ? tf.add(drive, convForward(h, hiddenFilter, sameSize(hiddenFilter))) : drive;
  const [zi, zf, zg, zo] = tf.split(sum, 4, 3) as [
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor4D,
  ];
  const gates = { i: tf.sigmoid(zi), f: tf.sigmoid(zf), g: tf.tanh(zg), o: tf.sigmoid(zo) };
  const fresh = tf.mul<tf.Tensor4D>(gates.i, gates.g);
  const cell: tf.Tensor4D = c ? tf.add(tf.mul(gates.f, c), fresh) : fresh;
  return { gates, h: tf.mul(gates.o, tf.tanh(cell)), c: cell };
}

/** Gradients of a run from those of its last hidden states [B,T',H,W,hidden], T' ≤ T, and of its final state. */
export function compositeBackward(
  tape: LstmTape,
  dSequence: tf.Tensor5D,
  dFinal: { readonly h: tf.Tensor4D; readonly c: tf.Tensor4D },
  inputGradient: boolean,
): LstmGradients {
  const { inputFilter, hiddenFilter } = tape;
  return tf.tidy(() => {
    const given = tf.unstack(dSequence, 1) as tf.Tensor4D[];
    const silent = tape.x.length - given.length; // steps before those whose outputs were used
    let state: { h: tf.Tensor4D; c: tf.Tensor4D } = { h: dFinal.h.clone(), c: dFinal.c.clone() };
    let sums: FilterGradients = {
      inputFilter: tf.zerosLike(inputFilter),
      hiddenFilter: tf.zerosLike(hiddenFilter),
      bias: tf.zeros([hiddenFilter.shape[3]]),
    };
    const dx: tf.Tensor4D[] = [];
    for (const group of groupSteps(tape.x).reverse()) {
      const results = tf.tidy(() => {
        const dz: tf.Tensor4D[] = [];
        let inner = state;
        for (const t of [...group].reverse()) {
          const step = tf.tidy(() => stepBackward(tape, t, inner, given[t - silent]));
          tf.dispose([inner.h, inner.c]);
          inner = { h: step.h, c: step.c };
          dz.unshift(step.dz);
        }
        const merged = mergeSteps(dz);
        tf.dispose(dz);
        return {
          state: inner,
          sums: addFilterGradients(sums, tape, group, merged),
          dx: inputGradient ? inputGradients(tape, merged, group.length) : [],
        };
      });
      tf.dispose({ ...sums });
      ({ state, sums } = results);
      dx.unshift(...results.dx);
    }
    return { ...sums, ...state, x: inputGradient ? (tf.stack(dx, 1) as tf.Tensor5D) : undefined };
  });
}

/** Gradients of the summed gates of step `t` [B,H,W,4·hidden] and of the state before it. */
function stepBackward(
  tape: LstmTape,
  t: number,
  dAfter: { readonly h: tf.Tensor4D; readonly c: tf.Tensor4D },
  dOutput: tf.Tensor4D | undefined,
): { dz: tf.Tensor4D; h: tf.Tensor4D; c: tf.Tensor4D } {
  const { hiddenFilter } = tape;
  const { i, f, g, o } = tape.gates[t] as Gates; // t counts the steps
  const before = tape.c[t];
  const squashed = tf.tanh(tape.c[t + 1] as tf.Tensor4D);
  const dh: tf.Tensor4D = dOutput ? tf.add(dAfter.h, dOutput) : dAfter.h;
  const dc: tf.Tensor4D = tf.add(dAfter.c, tanhGradient(squashed, tf.mul(dh, o)));
  const gates = [
    sigmoidGradient(i, tf.mul(dc, g)),
    before ? sigmoidGradient(f, tf.mul(dc, before)) : tf.zerosLike(f),
    tanhGradient(g, tf.mul(dc, i)),
    sigmoidGradient(o, tf.mul(dh, squashed)),
  ];
  const dz = tf.concat(gates, 3) as tf.Tensor4D;
  return {
    dz,
    h: convInputGradient(dh.shape, hiddenFilter, dz, sameSize(hiddenFilter)),
    c: tf.mul(dc, f),
  };
}

function addFilterGradients(
  sums: FilterGradients,
  tape: LstmTape,
  group: readonly number[],
  dz: tf.Tensor4D,
): FilterGradients {
  const { inputFilter, hiddenFilter } = tape;
  const gradient = (steps: tf.Tensor4D[], filter: tf.Tensor4D): tf.Tensor4D =>
    convFilterGradient(mergeSteps(steps), filter.shape, dz, sameSize(filter));
  const x = group.map((t) => tape.x[t] as tf.Tensor4D); // t counts the steps
  const h = group.map((t) => tape.h[t]);
  const known = h.find((state) => state !== undefined);
  return {
    inputFilter: tf.add(sums.inputFilter, gradient(x, inputFilter)),
    hiddenFilter: known
      ? tf.add(
          sums.hiddenFilter,
          gradient(
            h.map((state) => state ?? tf.zerosLike(known)),
            hiddenFilter,
          ),
        )
      : sums.hiddenFilter.clone(),
    bias: tf.add(sums.bias, biasGradient(dz)),
  };
}

function inputGradients(tape: LstmTape, dz: tf.Tensor4D, steps: number): tf.Tensor4D[] {
  const { inputFilter } = tape;
  const [batch, height, width] = dz.shape;
  const shape: [number, number, number, number] = [batch, height, width, inputFilter.shape[2]];
  return splitSteps(convInputGradient(shape, inputFilter, dz, sameSize(inputFilter)), steps);
}

/** Pixels that fill a convolution: with fewer, calling it costs more than joining several steps. */
const FULL_CONVOLUTION = 16_384;

/** The steps, in groups that share their convolutions. */
function groupSteps(x: readonly tf.Tensor4D[]): number[][] {
  const [batch, height, width] = (x[0] as tf.Tensor4D).shape; // a sequence has a first step
  const size = Math.max(1, Math.floor(FULL_CONVOLUTION / (batch * height * width)));
  const groups = Math.ceil(x.length / size);
  return Array.from({ length: groups }, (_, group) =>
    Array.from({ length: Math.min(size, x.length - group * size) }, (_, t) => group * size + t),
  );
}

function mergeSteps(steps: readonly tf.Tensor4D[]): tf.Tensor4D {
  return steps.length === 1 ? (steps[0] as tf.Tensor4D).clone() : tf.concat([...steps], 0);
}

function splitSteps(merged: tf.Tensor4D, steps: number): tf.Tensor4D[] {
  return steps === 1 ? [merged.clone()] : tf.split(merged, steps, 0);
}
