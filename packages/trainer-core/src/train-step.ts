import * as tf from '@tensorflow/tfjs-core';
import { allReduceGradients } from './all-reduce-gradients.js';
import { clipGradients, globalNorm, type ClipOptions } from './clip.js';
import type { Communicator } from './communicator.js';
import { OptionsError } from './errors.js';
import type { Optimizer } from './optimizer.js';
import type { Parameter, TrainTask } from './task.js';

/** What one optimizer step saw. */
export interface StepOutcome {
  /** Mean over the whole batch. */
  readonly loss: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
}

/** What a step needs beside batches. */
export interface StepOptions {
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  /** In place of the optimizer's own. */
  readonly momentum?: number | undefined;
  /** The parameters that are trained in this step. */
  readonly trained: readonly Parameter[];
  readonly limits: ClipOptions;
  readonly communicator: Communicator;
}

/**
 * Computes loss and gradients of a batch, which comes in parts and is disposed, over all processes,
 * and moves the weights; leaves them alone when loss or gradient is not finite.
 */
export async function trainStep<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  parts: AsyncIterable<{ readonly batch: B; readonly size: number }>,
  { optimizer, learningRate, momentum, trained, limits, communicator }: StepOptions,
): Promise<StepOutcome> {
  const sum = createWeightedSum(task, trained, communicator);
  try {
    for await (const { batch, size } of parts) await sum.add(batch, size);
    const loss = await sum.finish();
    const norm = globalNorm(sum.gradients);
    const [gradientNorm = NaN] = await norm.data();
    norm.dispose();
    if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) {
      const clip = clipGradients(gradientNorm, limits);
      optimizer.apply(sum.gradients, learningRate, clip, momentum);
    }
    return { loss, gradientNorm };
  } finally {
    tf.dispose([...sum.gradients.values()]);
  }
}

/**
 * The weighted mean of the losses and gradients of parts, over all processes.
 *
 * What a process has in a part counts by its weight before its gradient is taken, not after: where
 * batch norm looks at all processes, gradients of one flow through the values of the others.
 */
function createWeightedSum<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  trained: readonly Parameter[],
  communicator: Communicator,
) {
  const gradients = new Map<string, tf.Tensor>();
  let loss = 0;
  let weight = 0;
  /** Weight of the only part so far, whose gradients are still a mean. */
  let only: number | null = null;

  function scale(factor: number | null): void {
    if (factor === null || factor === 1) return;
    for (const [name, gradient] of gradients) {
      gradients.set(name, tf.mul(gradient, factor));
      gradient.dispose();
    }
  }

  async function weightOf(batch: B, size: number): Promise<{ mine: number; all: number }> {
    const given = task.lossWeight?.(batch) ?? size;
    const [mine = NaN] = typeof given === 'number' ? [given] : await given.data();
    if (typeof given !== 'number') given.dispose();
    if (communicator.size === 1) return { mine, all: mine };
    const total = Float64Array.of(mine);
    communicator.allReduceInto(total);
    return { mine, all: total[0] ?? NaN };
  }

  return {
    gradients,
    async add(batch: B, size: number): Promise<void> {
      const { mine, all } = await weightOf(batch, size);
      const share = all === 0 || communicator.size === 1 ? 1 : mine / all;
      const part = gradientsOf(task, batch, trained, share);
      const [value = NaN] = await part.value.data();
      part.value.dispose();
      if (weight === 0 && only === null) {
        only = all;
        for (const [name, gradient] of part.gradients) gradients.set(name, gradient);
      } else {
        scale(only);
        only = null;
        for (const [name, gradient] of part.gradients) {
          const before = gradients.get(name);
          const sum = tf.tidy(() => {
            const weighted = tf.mul(gradient, all);
            return before ? tf.add(before, weighted) : weighted;
          });
          gradients.set(name, sum);
          tf.dispose([gradient, ...(before ? [before] : [])]);
        }
      }
      loss += value * all;
      weight += all;
    },
    /** Turns the sums into means over all processes; returns that of the loss. */
    async finish(): Promise<number> {
      const total = weight === 0 ? 1 : weight;
      if (only === null) scale(1 / total);
      if (communicator.size > 1) {
        const sum = Float64Array.of(loss);
        communicator.allReduceInto(sum);
        [loss = NaN] = sum;
        const shapes = trained.map(({ name, variable: { shape } }) => ({ name, shape }));
        await allReduceGradients(gradients, shapes, communicator);
      }
      return loss / total;
    },
  };
}

function gradientsOf<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  batch: B,
  trained: readonly Parameter[],
  share: number,
) {
  try {
    const { value, grads } = tf.variableGrads(
      () => (share === 1 ? task.loss(batch) : tf.mul<tf.Scalar>(task.loss(batch), share)),
      trained.map((parameter) => parameter.variable),
    );
    const gradients = new Map<string, tf.Tensor>();
    for (const { name, variable } of trained) {
      // tfjs names gradients by variable and leaves out those the loss does not depend on.
      const gradient = grads[variable.name];
      if (gradient !== undefined) gradients.set(name, gradient);
    }
    return { value, gradients };
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes('gradient function not found')) {
      throw new OptionsError(
        'Expected the gradients of TensorFlow.js to be registered. Received: @tensorflow/tfjs-core ' +
          "alone, which has none in Node. Import '@tensorflow/tfjs' or '@tensorflow/tfjs-node' first.",
        { cause },
      );
    }
    throw cause;
  } finally {
    tf.dispose(batch);
  }
}
