import type * as tf from '@tensorflow/tfjs-core';
import { checkInput, checkOutput, checkWhole } from './check.js';
import type { ConvGeometry } from './conv-geometry.js';
import {
  biasForward,
  biasGradient,
  convFilterGradient,
  convForward,
  convInputGradient,
} from './conv-kernels.js';
import { differentiable } from './differentiable.js';
import { NnError } from './errors.js';
import { type Initializer, kaimingUniform, uniform } from './initializers.js';
import { type Layer, parameterName } from './layer.js';
import type { ParameterStore } from './parameter-store.js';

export interface ConvTranspose2dOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: number;
  /** @default 1 */
  readonly stride?: number;
  /** Pixels cut from every side of the result. @default 0 */
  readonly padding?: number;
  /** Pixels added at the bottom and right, less than `stride`. @default 0 */
  readonly outputPadding?: number;
  /** @default true */
  readonly bias?: boolean;
  /** First weights. @default kaimingUniform, torch's default */
  readonly init?: Initializer;
}

/**
 * A transposed convolution, equal to `torch.nn.ConvTranspose2d`.
 *
 * Parameters: `weight` [in, out, k, k] and `bias` [out] on file.
 * Input shape [B,H,W,inChannels]; output shape [B,H',W',outChannels] with
 * H' = (H − 1)·stride − 2·padding + kernelSize + outputPadding.
 *
 * @throws NnError (`config`) on impossible options; the layer throws NnError (`shape`).
 */
export function convTranspose2d(
  store: ParameterStore,
  name: string,
  options: ConvTranspose2dOptions,
): Layer {
  const {
    inChannels,
    outChannels,
    kernelSize,
    stride = 1,
    padding = 0,
    outputPadding = 0,
  } = options;
  const label = `convTranspose2d "${name}"`;
  checkWhole(label, { inChannels, outChannels, kernelSize, stride }, 1);
  checkWhole(label, { padding, outputPadding }, 0);
  if (outputPadding >= stride) {
    throw new NnError(
      'config',
      `${label}: expected outputPadding < stride. Received: ${outputPadding}, ${stride}.`,
    );
  }
  const { bias = true, init = kaimingUniform } = options;
  const weight = store.add(parameterName(name, 'weight'), {
    shape: [inChannels, outChannels, kernelSize, kernelSize],
    init,
    fileLayout: 'OIHW',
  }) as tf.Variable<tf.Rank.R4>; // in memory [k, k, out, in]: the filter of the convolution it transposes
  const biasBound = 1 / Math.sqrt(outChannels * kernelSize * kernelSize);
  const offset = bias
    ? (store.add(parameterName(name, 'bias'), {
        shape: [outChannels],
        init: uniform(biasBound),
      }) as tf.Tensor1D)
    : undefined;
  const geometry: ConvGeometry = { stride, padding, dilation: 1 };
  const grow = (length: number): number =>
    (length - 1) * stride - 2 * padding + kernelSize + outputPadding;
  return (x) => {
    checkInput(label, x, 'B,H,W,C', inChannels);
    const [batch, height, width] = x.shape;
    checkOutput(label, x, grow(height), grow(width));
    return applyTransposed(x, weight, offset, geometry, [
      batch,
      grow(height),
      grow(width),
      outChannels,
    ]);
  };
}

function applyTransposed(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  geometry: ConvGeometry,
  outputShape: [number, number, number, number],
): tf.Tensor4D {
  const filterShape = filter.shape;
  const inputs: Record<string, tf.Tensor> = { x, filter, ...(bias ? { bias } : {}) };
  const [y] = differentiable({
    inputs,
    forward: (save) => {
      const product = convInputGradient(outputShape, filter, x, geometry);
      save([x, filter]);
      return [bias ? biasForward(product, bias) : product];
    },
    backward: ([dy], [savedX, savedFilter]) => ({
      x: () => convForward(dy as tf.Tensor4D, savedFilter as tf.Tensor4D, geometry),
      filter: () =>
        convFilterGradient(dy as tf.Tensor4D, filterShape, savedX as tf.Tensor4D, geometry),
      bias: () => biasGradient(dy as tf.Tensor),
    }),
  });
  return y as tf.Tensor4D; // one output, as returned by forward
}
