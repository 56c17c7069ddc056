import * as tf from '@tensorflow/tfjs-core';
import { sameSize, type LstmGradients, type LstmInputs } from './conv-lstm-inputs.js';
import { ownConv, ownFilterGradient, type PackedFilter, packFilter } from './own-conv.js';
import { ownOps, present, type OwnOps } from './own-ops.js';

// One op a step: both convolutions and the cell's update, while the gates are in registers. The
// backward pass is one op for the gates' arithmetic and a convolution with the turned filter.

/** Everything the backward pass reads again. */
export type OwnTape = {
  readonly inputFilter: tf.Tensor4D;
  readonly hiddenFilter: tf.Tensor4D;
  readonly x: tf.Tensor5D;
  /** Activated gates of each step, [B,H,W,4·hidden]. */
  readonly gates: readonly tf.Tensor4D[];
  /** From the initial state (absent for zero) to the final one: one more than steps. */
  readonly h: readonly (tf.Tensor4D | undefined)[];
  readonly c: readonly (tf.Tensor4D | undefined)[];
};

/** The ops for a layer of so many hidden channels, or null where they do not take it. */
export function lstmOps(hiddenChannels: number): OwnOps | null {
  const ops = ownOps();
  return ops !== null && hiddenChannels % ops.lanes === 0 ? ops : null;
}

/** The tape of a run over all steps; without `keep`, of the cells only the last is there, and no gates. */
export function ownForward(
  ops: OwnOps,
  { x, inputFilter, hiddenFilter, bias, ...start }: LstmInputs,
  keep: boolean,
): OwnTape {
  const [packed] = ops.run('ArcticLstmPack', [inputFilter, hiddenFilter], 1, []) as [tf.Tensor];
  const kernel = inputFilter.shape[0];
  const hidden = hiddenFilter.shape[2];
  const gates: tf.Tensor4D[] = [];
  const h = [start.h];
  let c = [start.c];
  for (let step = 0; step < x.shape[1]; step++) {
    const state = present([h[step], c.at(-1)]);
    const outputs = ops.run('ArcticLstmStep', [x, packed, bias, ...state.inputs], keep ? 3 : 2, [
      step,
      kernel,
      hidden,
      keep ? 1 : 0,
      state.bits,
    ]) as tf.Tensor4D[];
    const [nextH, nextC, active] = outputs;
    h.push(nextH);
    if (keep) {
      c.push(nextC);
      gates.push(active as tf.Tensor4D); // three outputs asked for
    } else {
      if (step > 0) tf.dispose(c);
      c = [nextC];
    }
  }
  packed.dispose();
  return { inputFilter, hiddenFilter, x, gates, h, c };
}

/**
 * Gradients of a run from those of its last hidden states [B,T',H,W,hidden], T' ≤ T, and of its final
 * state.
 */
export function ownBackward(
  ops: OwnOps,
  tape: OwnTape,
  dOutputs: tf.Tensor5D,
  dFinal: { readonly h: tf.Tensor4D; readonly c: tf.Tensor4D },
  inputGradient: boolean,
): LstmGradients {
  const { inputFilter, hiddenFilter } = tape;
  return tf.tidy(() => {
    const steps = tape.gates.length;
    const silent = steps - dOutputs.shape[1]; // steps before those whose outputs were used
    const towardsHidden = packFilter(ops, hiddenFilter, sameSize(hiddenFilter), true);
    const towardsInput = inputGradient
      ? packFilter(ops, inputFilter, sameSize(inputFilter), true)
      : undefined;
    const dx: tf.Tensor4D[] = [];
    let dh = dFinal.h.clone();
    let dc = dFinal.c.clone();
    let sums = {
      inputFilter: tf.zerosLike(inputFilter),
      hiddenFilter: tf.zerosLike(hiddenFilter),
      bias: tf.zeros<tf.Rank.R1>([hiddenFilter.shape[3]]),
    };
    for (let step = steps - 1; step >= 0; step--) {
      const results = tf.tidy(() => {
        const before = tape.h[step];
        const state = present([dh, dc, tape.c[step]]);
        const [dz, dcBefore, dBias] = ops.run(
          'ArcticLstmGradient',
          [tape.gates[step], tape.c[step + 1], dOutputs, ...state.inputs] as tf.Tensor[], // one more c than steps
          3,
          [step < silent ? -1 : step - silent, state.bits],
        ) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D];
        const through = (packed: PackedFilter, filter: tf.Tensor4D): tf.Tensor4D =>
          ownConv(ops, dz, packed, {
            ...sameSize(filter),
            kernelSize: filter.shape[0],
            outChannels: filter.shape[2],
          });
        const towards = (input: tf.Tensor4D | tf.Tensor5D, filter: tf.Tensor4D): tf.Tensor4D =>
          ownFilterGradient(ops, input, filter.shape, dz, sameSize(filter), step);
        return {
          dx: towardsInput ? [through(towardsInput, inputFilter)] : [],
          dh: through(towardsHidden, hiddenFilter),
          dc: dcBefore,
          sums: {
            inputFilter: tf.add<tf.Tensor4D>(sums.inputFilter, towards(tape.x, inputFilter)),
            hiddenFilter: before
              ? tf.add<tf.Tensor4D>(sums.hiddenFilter, towards(before, hiddenFilter))
              : sums.hiddenFilter.clone(),
            bias: tf.add<tf.Tensor1D>(sums.bias, dBias),
          },
        };
      });
      tf.dispose([dh, dc, { ...sums }]);
      ({ dh, dc, sums } = results);
      dx.unshift(...results.dx);
    }
    return {
      ...sums,
      h: dh,
      c: dc,
      x: inputGradient ? (tf.stack(dx, 1) as tf.Tensor5D) : undefined,
    };
  });
}
