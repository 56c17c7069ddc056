import * as tf from '@tensorflow/tfjs-core';

/** A gradient per input, computed only for the inputs that need one. */
export type LazyGradients<I> = { readonly [K in keyof I]: () => tf.Tensor };

export interface DifferentiableOp<I extends Readonly<Record<string, tf.Tensor>>> {
  readonly inputs: I;
  /** Computes the outputs and names what the gradient will need. Runs inside a tidy, off the tape. */
  forward(save: (tensors: tf.Tensor[]) => void): tf.Tensor[];
  /** Gradients by input from the gradients of the outputs; must return fresh tensors. */
  backward(dys: tf.Tensor[], saved: tf.Tensor[]): LazyGradients<I>;
}

/** The general form behind `tf.customGrad`, which is public at run time but not in its types. */
interface TapeEngine {
  runKernelFunc(op: {
    inputs: Readonly<Record<string, tf.Tensor>>;
    forwardFunc: (backend: unknown, save: (tensors: tf.Tensor[]) => void) => tf.Tensor[];
    backwardsFunc: (
      dy: tf.Tensor | tf.Tensor[],
      saved: tf.Tensor[],
    ) => Readonly<Record<string, () => tf.Tensor>>;
  }): tf.Tensor[];
  isTapeOn(): boolean;
  readonly state: {
    readonly gradientDepth: number;
    readonly activeScope: { readonly id: number } | null;
  };
}

/**
 * The outputs of an op with a gradient of its own.
 *
 * Unlike `tf.customGrad` it may have several outputs, computes a gradient only where the tape asks
 * for it (a first layer never pays for the gradient of its data), and frees activations and gradients
 * while the backward pass runs; the tape itself holds all of them to the end.
 */
export function differentiable<I extends Readonly<Record<string, tf.Tensor>>>(
  op: DifferentiableOp<I>,
): tf.Tensor[] {
  // The method is private in the type declarations only; customGrad is a thin wrapper around it.
  const engine = tf.engine() as unknown as TapeEngine;
  return engine.runKernelFunc({
    inputs: op.inputs,
    forwardFunc: (_, save) => op.forward(save),
    backwardsFunc: (dy, saved) => {
      const dys = Array.isArray(dy) ? dy : [dy];
      retire(engine, dys, saved);
      return op.backward(dys, saved);
    },
  });
}

/** Whether what is computed now may be asked for its gradient. */
export function isRecording(): boolean {
  return (tf.engine() as unknown as TapeEngine).isTapeOn(); // private in the type declarations only
}

/**
 * Frees a layer's own intermediate result at once where no gradient will ask for it: the next one takes
 * its memory while that is still in the processor's cache.
 */
export function release(tensor: tf.Tensor): void {
  if (!isRecording()) tensor.dispose();
}

/** Tensors of the node whose gradients were asked for last: done with as soon as the next one begins. */
let retiring: tf.Tensor[] = [];

function retire(engine: TapeEngine, dys: readonly tf.Tensor[], saved: readonly tf.Tensor[]): void {
  for (const tensor of retiring) tensor.dispose();
  retiring = [];
  // A second derivative would read them again.
  if (engine.state.gradientDepth > 0) return;
  // A gradient that the caller handed in belongs to another scope and stays.
  const scope = engine.state.activeScope?.id;
  retiring = [...dys.filter((dy) => dy.scopeId === scope), ...saved];
}
