import * as tf from '@tensorflow/tfjs-core';
import { reluGradient } from './activations.js';
import { normBackward, normForward } from './batch-norm-kernels.js';
import { ownNormBackward, ownNormForward } from './own-batch-norm.js';
import { checkInput, checkWhole } from './check.js';
import { differentiable, type DifferentiableOp } from './differentiable.js';
import { NnError } from './errors.js';
import { constant, ones, zeros } from './initializers.js';
import { parameterName } from './layer.js';
import { type OwnOps, ownOps } from './own-ops.js';
import type { ParameterStore } from './parameter-store.js';
import {
  normSum,
  type SumOverProcesses,
  synchronisedBackward,
  synchronisedForward,
} from './synchronised-norm.js';

export interface BatchNorm2dOptions {
  readonly channels: number;
  /** Weight of the newest batch in the running statistics. @default 0.1 */
  readonly momentum?: number;
  /** Added to the variance. @default 1e-5 */
  readonly eps?: number;
  /** First value of `weight`; 0 lets a residual block start as the identity. @default 1 */
  readonly initialGain?: number;
  /** What follows the norm, in one op that keeps less for the gradient. @default 'none' */
  readonly activation?: 'none' | 'relu';
}

/**
 * x normalised, plus `residual` where given, through the activation: activation(norm(x) + residual).
 */
export type BatchNorm2d = (
  x: tf.Tensor4D,
  training: boolean,
  residual?: tf.Tensor4D,
) => tf.Tensor4D;

/**
 * Batch norm, equal to `torch.nn.BatchNorm2d`.
 *
 * In training it uses the batch's statistics (biased variance) and updates the running ones (unbiased
 * variance); else it uses the running ones, and gradients flow through it as through an affine map.
 *
 * Parameters: `weight`, `bias`, and the untrained `running_mean`, `running_var`, all [channels].
 * Input and output shape [B,H,W,channels].
 *
 * @throws NnError (`config`) on impossible options; the layer throws NnError (`shape`), also when a
 * training batch has a single value per channel.
 */
export function batchNorm2d(
  store: ParameterStore,
  name: string,
  options: BatchNorm2dOptions,
): BatchNorm2d {
  const { channels, momentum = 0.1, eps = 1e-5, initialGain = 1, activation = 'none' } = options;
  const label = `batchNorm2d "${name}"`;
  checkWhole(label, { channels }, 1);
  if (!(momentum > 0 && momentum <= 1) || !(eps > 0)) {
    throw new NnError(
      'config',
      `${label}: expected 0 < momentum ≤ 1 and eps > 0. Received: ${momentum}, ${eps}.`,
    );
  }
  const add = (leaf: string, init: typeof zeros, trainable: boolean): tf.Variable<tf.Rank.R1> =>
    store.add(parameterName(name, leaf), {
      shape: [channels],
      init,
      trainable,
    }) as tf.Variable<tf.Rank.R1>;
  const gain = add('weight', constant(initialGain), true);
  const offset = add('bias', zeros, true);
  const runningMean = add('running_mean', zeros, false);
  const runningVariance = add('running_var', ones, false);
  const relu = activation === 'relu';
  const own = (ops: OwnOps, x: tf.Tensor4D, residual?: tf.Tensor4D): NormSteps => ({
    forward: (save) => {
      const { y, saved, running } = ownNormForward(ops, {
        ...{ x, gain, offset, runningMean, runningVariance, residual, relu, momentum, eps },
      });
      runningMean.assign(running.mean);
      runningVariance.assign(running.variance);
      save(saved);
      return [y];
    },
    backward: ([dy], saved) => {
      const options = { relu, hasResidual: residual !== undefined };
      const gradients = ownNormBackward(ops, dy as tf.Tensor4D, saved, options);
      return {
        x: () => gradients.x,
        gain: () => gradients.gain,
        offset: () => gradients.offset,
        residual: () => gradients.residual as tf.Tensor4D, // asked for only where there was one
      };
    },
  });
  const composed = (
    x: tf.Tensor4D,
    training: boolean,
    residual?: tf.Tensor4D,
    pool: SumOverProcesses | null = null,
  ): NormSteps => ({
    forward: (save) => {
      const inputs = {
        ...{ x, gain, offset, runningMean, runningVariance, training, momentum, eps },
      };
      const norm = pool ? synchronisedForward(pool, inputs) : normForward(inputs);
      if (norm.running) {
        runningMean.assign(norm.running.mean);
        runningVariance.assign(norm.running.variance);
      }
      const sum = residual ? tf.add(norm.y, residual) : norm.y;
      if (residual) norm.y.dispose();
      const output = relu ? tf.relu(sum) : sum;
      save([x, gain, ...norm.saved, ...(relu ? [output] : [])]);
      return [output];
    },
    backward: ([dy], [savedX, savedGain, ...rest]) => {
      const outer = dy as tf.Tensor4D;
      const output = relu ? rest.pop() : undefined;
      const inner = output ? reluGradient(output, outer) : outer.clone();
      const inputs = {
        dy: inner as tf.Tensor4D,
        x: savedX as tf.Tensor4D,
        gain: savedGain as tf.Tensor1D,
        saved: rest,
        training,
        eps,
      };
      const gradients = pool ? synchronisedBackward(pool, inputs) : normBackward(inputs);
      if (!residual) inner.dispose();
      return {
        x: () => gradients.x,
        gain: () => gradients.gain,
        offset: () => gradients.offset,
        residual: () => inner,
      };
    },
  });
  return (x, training, residual) => {
    checkInput(label, x, 'B,H,W,C', channels);
    if (training && x.size === channels && normSum() === null) {
      throw new NnError(
        'shape',
        `${label}: expected several values per channel to train on. Received: [${x.shape}].`,
      );
    }
    const inputs: Record<string, tf.Tensor> = {
      x,
      gain,
      offset,
      ...(residual ? { residual } : {}),
    };
    const pool = training ? normSum() : null;
    const ops = training && pool === null ? ownOps() : null;
    const [y] = differentiable({
      inputs,
      ...(ops ? own(ops, x, residual) : composed(x, training, residual, pool)),
    });
    return y as tf.Tensor4D; // one output, as returned by forward
  };
}

/** The norm as an op with a gradient, but for its inputs. */
type NormSteps = Omit<DifferentiableOp<Record<string, tf.Tensor>>, 'inputs'>;
