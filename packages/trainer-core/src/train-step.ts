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
  const sum = new WeightedSum(task, trained);
  try {
    for await (const { batch, size } of parts) await sum.add(batch, size);
    const loss = await sum.finish(communicator);
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

/** The weighted mean of the losses and gradients of parts. */
class WeightedSum<B extends tf.TensorContainer> {
  readonly gradients = new Map<string, tf.Tensor>();
  private loss = 0;
  private weight = 0;
  /** Of the only part so far, whose gradients are still a mean. */
  private only: number | null = null;

  constructor(
    private readonly task: TrainTask<B>,
    private readonly trained: readonly Parameter[],
  ) {}

  async add(batch: B, size: number): Promise<void> {
    const part = await this.lossAndGradients(batch, size);
    if (this.weight === 0 && this.only === null) {
      this.only = part.weight;
      for (const [name, gradient] of part.gradients) this.gradients.set(name, gradient);
    } else {
      this.scale(this.only);
      this.only = null;
      for (const [name, gradient] of part.gradients) {
        const before = this.gradients.get(name);
        this.gradients.set(
          name,
          tf.tidy(() => {
            const weighted = tf.mul(gradient, part.weight);
            return before ? tf.add(before, weighted) : weighted;
          }),
        );
        tf.dispose([gradient, ...(before ? [before] : [])]);
      }
    }
    this.loss += part.loss * part.weight;
    this.weight += part.weight;
  }

  /** Turns the sums into means over all processes; returns that of the loss. */
  async finish(communicator: Communicator): Promise<number> {
    if (communicator.size === 1 && this.only !== null) {
      return this.weight === 0 ? this.loss : this.loss / this.weight;
    }
    this.scale(this.only);
    this.only = null;
    if (communicator.size > 1) {
      const totals = Float64Array.of(this.loss, this.weight);
      communicator.allReduceInto(totals);
      [this.loss = NaN, this.weight = NaN] = totals;
      const shapes = this.trained.map(({ name, variable: { shape } }) => ({ name, shape }));
      await allReduceGradients(this.gradients, shapes, communicator);
    }
    const total = this.weight === 0 ? 1 : this.weight;
    this.scale(1 / total);
    return this.loss / total;
  }

  private scale(factor: number | null): void {
    if (factor === null || factor === 1) return;
    for (const [name, gradient] of this.gradients) {
      this.gradients.set(name, tf.mul(gradient, factor));
      gradient.dispose();
    }
  }

  private async lossAndGradients(batch: B, size: number) {
    const { task, trained } = this;
    const weighed = task.lossWeight?.(batch) ?? size;
    const { value, gradients } = gradientsOf(task, batch, trained);
    const [loss = NaN] = await value.data();
    const [weight = NaN] = typeof weighed === 'number' ? [weighed] : await weighed.data();
    value.dispose();
    if (typeof weighed !== 'number') weighed.dispose();
    return { loss, weight, gradients };
  }
}

function gradientsOf<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  batch: B,
  trained: readonly Parameter[],
) {
  try {
    const { value, grads } = tf.variableGrads(
      () => task.loss(batch),
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
