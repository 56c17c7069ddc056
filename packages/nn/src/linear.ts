import * as tf from '@tensorflow/tfjs-core';
import { checkInput, checkWhole } from './check.js';
import { type Initializer, kaimingUniform, uniform } from './initializers.js';
import { parameterName } from './layer.js';
import type { ParameterStore } from './parameter-store.js';

export interface LinearOptions {
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** @default true */
  readonly bias?: boolean;
  /** First weights. @default kaimingUniform, torch's default */
  readonly init?: Initializer;
}

/**
 * An affine map of the last axis, equal to `torch.nn.Linear`.
 *
 * Parameters: `weight` [out, in] and `bias` [out] on file.
 * Input shape [B,inFeatures]; output shape [B,outFeatures].
 *
 * @throws NnError (`config`) on impossible options; the layer throws NnError (`shape`).
 */
export function linear(
  store: ParameterStore,
  name: string,
  options: LinearOptions,
): (x: tf.Tensor2D) => tf.Tensor2D {
  const { inFeatures, outFeatures, bias = true, init = kaimingUniform } = options;
  const label = `linear "${name}"`;
  checkWhole(label, { inFeatures, outFeatures }, 1);
  const weight = store.add(parameterName(name, 'weight'), {
    shape: [outFeatures, inFeatures],
    init,
    fileLayout: 'OI',
  }) as tf.Variable<tf.Rank.R2>; // two axes, by the shape above
  const offset = bias
    ? store.add(parameterName(name, 'bias'), {
        shape: [outFeatures],
        init: uniform(1 / Math.sqrt(inFeatures)),
      })
    : undefined;
  return (x) => {
    checkInput(label, x, 'B,C', inFeatures);
    const product: tf.Tensor2D = tf.matMul(x, weight);
    return offset ? tf.add(product, offset) : product;
  };
}
