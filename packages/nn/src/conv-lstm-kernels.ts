import * as tf from '@tensorflow/tfjs-core';
import { sigmoidGradient, tanhGradient } from './activations.js';
import type { ConvGeometry } from './conv-geometry.js';
import {
  biasForward,
  biasGradient,
  convFilterGradient,
  convForward,
  convInputGradient,
} from './conv-kernels.js';

export interface LstmInputs {
  readonly x: tf.Tensor5D; // [B,T,H,W,C]
  readonly inputFilter: tf.Tensor4D; // [k,k,C,4·hidden]
  readonly hiddenFilter: tf.Tensor4D; // [k,k,hidden,4·hidden]
  readonly bias: tf.Tensor1D; // [4·hidden]
  readonly h: tf.Tensor4D | undefined; // [B,H,W,hidden]
  readonly c: tf.Tensor4D | undefined;
}

/** Everything the backward pass reads again, step by step; the first `h` and `c` are absent for zero. */
interface LstmTape {
  readonly inputFilter: tf.Tensor4D;
  readonly hiddenFilter: tf.Tensor4D;
  readonly x: readonly tf.Tensor4D[];
  readonly gates: readonly Gates[];
  readonly h: readonly (tf.Tensor4D | undefined)[]; // T + 1 of them: from the initial state on
  readonly c: readonly (tf.Tensor4D | undefined)[];
}

/** Activated gates of one step, each [B,H,W,hidden]. */
type Gates = {
  readonly i: tf.Tensor4D;
  readonly f: tf.Tensor4D;
  readonly g: tf.Tensor4D;
  readonly o: tf.Tensor4D;
};

export type LstmGradients = {
  readonly x: tf.Tensor5D | undefined;
  readonly inputFilter: tf.Tensor4D;
  readonly hiddenFilter: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
  readonly h: tf.Tensor4D;
  readonly c: tf.Tensor4D;
};

/** The tape of a run over all steps; its last `h` and `c` are the final state. */
export function lstmForward(inputs: LstmInputs): LstmTape {
  const { inputFilter, hiddenFilter, bias } = inputs;
  const x = tf.unstack(inputs.x, 1) as tf.Tensor4D[];
  const gates: Gates[] = [];
  const h = [inputs.h];
  const c = [inputs.c];
  for (const [t, input] of x.entries()) {
    const step = tf.tidy(() =>
      stepForward(input, { inputFilter, hiddenFilter, bias, h: h[t], c: c[t] }),
    );
    gates.push(step.gates);
    h.push(step.h);
    c.push(step.c);
  }
  return { inputFilter, hiddenFilter, x, gates, h, c };
}

function stepForward(
  x: tf.Tensor4D,
  { inputFilter, hiddenFilter, bias, h, c }: Omit<LstmInputs, 'x'>,
): { gates: Gates; h: tf.Tensor4D; c: tf.Tensor4D } {
  const fromInput = convForward(x, inputFilter, sameSize(inputFilter));
  const sum = h
    ? tf.add(fromInput, convForward(h, hiddenFilter, sameSize(hiddenFilter)))
    : fromInput;
  const [zi, zf, zg, zo] = tf.split(biasForward(sum, bias), 4, 3) as [
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

/**
 * Gradients of a run from those of its hidden states, step by step (absent for zero), and of its
 * final state.
 */
export function lstmBackward(
  tape: LstmTape,
  dOutputs: readonly (tf.Tensor4D | undefined)[],
  dFinal: { readonly h: tf.Tensor4D; readonly c: tf.Tensor4D },
  inputGradient: boolean,
): LstmGradients {
  const { inputFilter, hiddenFilter } = tape;
  return tf.tidy(() => {
    let dh = dFinal.h;
    let dc = dFinal.c;
    let sums: FilterGradients = {
      inputFilter: tf.zerosLike(inputFilter),
      hiddenFilter: tf.zerosLike(hiddenFilter),
      bias: tf.zeros([hiddenFilter.shape[3]]),
    };
    const dx: tf.Tensor4D[] = [];
    for (let t = tape.x.length - 1; t >= 0; t--) {
      const dOutput = dOutputs[t];
      const step = tf.tidy(() => {
        const { dz, dc: dcBefore } = gateGradients(tape, t, dOutput ? tf.add(dh, dOutput) : dh, dc);
        return {
          dc: dcBefore,
          dh: convInputGradient(dh.shape, hiddenFilter, dz, sameSize(hiddenFilter)),
          sums: addFilterGradients(sums, tape, t, dz),
          dx: inputGradient
            ? convInputGradient(
                (tape.x[t] as tf.Tensor4D).shape,
                inputFilter,
                dz,
                sameSize(inputFilter),
              )
            : undefined,
        };
      });
      // The first two belong to the caller.
      if (t < tape.x.length - 1) tf.dispose([dh, dc]);
      tf.dispose({ ...sums });
      ({ dh, dc, sums } = step);
      if (step.dx) dx.unshift(step.dx);
    }
    return {
      ...sums,
      h: dh,
      c: dc,
      x: inputGradient ? (tf.stack(dx, 1) as tf.Tensor5D) : undefined,
    };
  });
}

/** Gradients of the summed gates [B,H,W,4·hidden] and of the cell state before step `t`. */
function gateGradients(
  tape: LstmTape,
  t: number,
  dh: tf.Tensor4D,
  dcAfter: tf.Tensor4D,
): { dz: tf.Tensor4D; dc: tf.Tensor4D } {
  const { i, f, g, o } = tape.gates[t] as Gates; // t counts the steps
  const before = tape.c[t];
  const squashed = tf.tanh(tape.c[t + 1] as tf.Tensor4D);
  const dc: tf.Tensor4D = tf.add(dcAfter, tanhGradient(squashed, tf.mul(dh, o)));
  const dz = [
    sigmoidGradient(i, tf.mul(dc, g)),
    before ? sigmoidGradient(f, tf.mul(dc, before)) : tf.zerosLike(f),
    tanhGradient(g, tf.mul(dc, i)),
    sigmoidGradient(o, tf.mul(dh, squashed)),
  ];
  return { dz: tf.concat(dz, 3) as tf.Tensor4D, dc: tf.mul(dc, f) };
}

type FilterGradients = {
  readonly inputFilter: tf.Tensor4D;
  readonly hiddenFilter: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
};

function addFilterGradients(
  sums: FilterGradients,
  tape: LstmTape,
  t: number,
  dz: tf.Tensor4D,
): FilterGradients {
  const { inputFilter, hiddenFilter } = tape;
  const x = tape.x[t] as tf.Tensor4D; // t counts the steps
  const h = tape.h[t];
  const forInput = convFilterGradient(x, inputFilter.shape, dz, sameSize(inputFilter));
  return {
    inputFilter: tf.add(sums.inputFilter, forInput),
    hiddenFilter: h
      ? tf.add(
          sums.hiddenFilter,
          convFilterGradient(h, hiddenFilter.shape, dz, sameSize(hiddenFilter)),
        )
      : sums.hiddenFilter.clone(),
    bias: tf.add(sums.bias, biasGradient(dz)),
  };
}

function sameSize(filter: tf.Tensor4D): ConvGeometry {
  return { stride: 1, padding: (filter.shape[0] - 1) / 2, dilation: 1 };
}

/** The tensors of a tape as a list, the way the gradient op keeps them. */
export function packTape(tape: LstmTape): tf.Tensor[] {
  const gates = tape.gates.flatMap(({ i, f, g, o }) => [i, f, g, o]);
  const states = [...tape.h, ...tape.c].filter((tensor) => tensor !== undefined);
  return [tape.inputFilter, tape.hiddenFilter, ...tape.x, ...gates, ...states];
}

/** The inverse of {@link packTape}. */
export function unpackTape(
  tensors: readonly tf.Tensor[],
  steps: number,
  hasState: boolean,
): LstmTape {
  const [inputFilter, hiddenFilter, ...rest] = tensors as tf.Tensor4D[]; // as packed
  const at = (index: number): tf.Tensor4D => rest[index] as tf.Tensor4D;
  const each = <T>(make: (t: number) => T): T[] => Array.from({ length: steps }, (_, t) => make(t));
  const states = hasState ? steps + 1 : steps;
  const track = (start: number): (tf.Tensor4D | undefined)[] => [
    ...(hasState ? [] : [undefined]),
    ...rest.slice(start, start + states),
  ];
  return {
    inputFilter: inputFilter as tf.Tensor4D,
    hiddenFilter: hiddenFilter as tf.Tensor4D,
    x: each(at),
    gates: each((t) => ({
      i: at(steps + 4 * t),
      f: at(steps + 4 * t + 1),
      g: at(steps + 4 * t + 2),
      o: at(steps + 4 * t + 3),
    })),
    h: track(5 * steps),
    c: track(5 * steps + states),
  };
}
