import type * as tf from '@tensorflow/tfjs-core';

// Type aliases, not interfaces: tf.tidy takes no interfaces.

/** Activated gates of one step, each [B,H,W,hidden]. */
export type Gates = {
  readonly i: tf.Tensor4D;
  readonly f: tf.Tensor4D;
  readonly g: tf.Tensor4D;
  readonly o: tf.Tensor4D;
};

/** Everything the backward pass reads again, step by step. */
export type LstmTape = {
  readonly inputFilter: tf.Tensor4D; // [k,k,C,4·hidden]
  readonly hiddenFilter: tf.Tensor4D; // [k,k,hidden,4·hidden]
  readonly x: readonly tf.Tensor4D[];
  readonly gates: readonly Gates[];
  /** From the initial state (absent for zero) to the final one: one more than steps. */
  readonly h: readonly (tf.Tensor4D | undefined)[];
  readonly c: readonly (tf.Tensor4D | undefined)[];
};

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
