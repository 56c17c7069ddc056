import * as tf from '@tensorflow/tfjs-core';
import { clipGradients, globalNorm, type ClipOptions } from './clip.js';
import { OptionsError } from './errors.js';
import type { Optimizer } from './optimizer.js';
import type { TrainTask } from './task.js';

/** What one optimizer step saw. */
export interface StepOutcome {
  readonly loss: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
}

/**
 * Computes loss and gradients of a batch, which it disposes, and moves the weights; leaves them
 * alone when loss or gradient is not finite.
 */
export async function trainStep<B extends tf.TensorContainer>(
  task: TrainTask<B>,
  batch: B,
  optimizer: Optimizer,
  learningRate: number,
  limits: ClipOptions,
): Promise<StepOutcome> {
  const { value, gradients } = lossAndGradients(task, batch);
  const norm = globalNorm(gradients);
  try {
    const [loss = NaN] = await value.data();
    const [gradientNorm = NaN] = await norm.data();
    if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) {
      optimizer.apply(gradients, learningRate, clipGradients(gradientNorm, limits));
    }
    return { loss, gradientNorm };
  } finally {
    tf.dispose([value, norm, ...gradients.values()]);
  }
}

function lossAndGradients<B extends tf.TensorContainer>(task: TrainTask<B>, batch: B) {
  const trained = task.parameters.filter((parameter) => parameter.trainable);
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
