import type * as tf from '@tensorflow/tfjs-core';
import { checkInput, checkOutput, checkWhole } from './check.js';
import { type ConvGeometry, convOutputLength } from './conv-geometry.js';
import {
  biasForward,
  biasGradient,
  convFilterGradient,
  convForward,
  convInputGradient,
} from './conv-kernels.js';
import { differentiable, isRecording } from './differentiable.js';
import { type Initializer, kaimingUniform, uniform } from './initializers.js';
import { type Layer, parameterName } from './layer.js';
import { ownConv, packFilter, usesWinograd } from './own-conv.js';
import { ownOps } from './own-ops.js';
import type { ParameterStore } from './parameter-store.js';

export interface Conv2dOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Side of the square filter, in pixels. */
  readonly kernelSize: number;
  /** @default 1 */
  readonly stride?: number;
  /** Zeros on every side, in pixels: symmetric at every stride, as in torch. @default 0 */
  readonly padding?: number;
  /** @default 1 */
  readonly dilation?: number;
  /** @default true */
  readonly bias?: boolean;
  /** First weights. @default kaimingUniform, torch's default */
  readonly init?: Initializer;
}

/**
 * A convolution, equal to `torch.nn.Conv2d`.
 *
 * Parameters: `weight` [out, in, k, k] and `bias` [out] on file.
 * Input shape [B,H,W,inChannels]; output shape [B,H',W',outChannels] with
 * H' = ⌊(H + 2·padding − dilation·(kernelSize − 1) − 1) / stride⌋ + 1.
 *
 * @throws NnError (`config`) on impossible options; the layer throws NnError (`shape`).
 */
export function conv2d(store: ParameterStore, name: string, options: Conv2dOptions): Layer {
  const { inChannels, outChannels, kernelSize, stride = 1, padding = 0, dilation = 1 } = options;
  const label = `conv2d "${name}"`;
  checkWhole(label, { inChannels, outChannels, kernelSize, stride, dilation }, 1);
  checkWhole(label, { padding }, 0);
  const { bias = true, init = kaimingUniform } = options;
  const weight = store.add(parameterName(name, 'weight'), {
    shape: [outChannels, inChannels, kernelSize, kernelSize],
    init,
    fileLayout: 'OIHW',
  }) as tf.Variable<tf.Rank.R4>; // four axes, by the shape above
  const biasBound = 1 / Math.sqrt(inChannels * kernelSize * kernelSize);
  const offset = bias
    ? (store.add(parameterName(name, 'bias'), {
        shape: [outChannels],
        init: uniform(biasBound),
      }) as tf.Tensor1D)
    : undefined;
  const geometry: ConvGeometry = { stride, padding, dilation };
  const packed = store.derive([weight], () => {
    const ops = ownOps();
    return ops ? [packFilter(ops, weight, geometry).values] : [];
  });
  return (x) => {
    checkInput(label, x, 'B,H,W,C', inChannels);
    const [height, width] = [x.shape[1], x.shape[2]];
    checkOutput(
      label,
      x,
      convOutputLength(height, kernelSize, geometry),
      convOutputLength(width, kernelSize, geometry),
    );
    const ops = dilation > 1 || isRecording() ? null : ownOps();
    if (ops === null) return applyConv2d(x, weight, offset, geometry);
    const options = { ...geometry, kernelSize, outChannels, ...(offset && { bias: offset }) };
    const [values] = packed() as [tf.Tensor1D]; // there are ops
    const winograd = usesWinograd(kernelSize, geometry, inChannels, outChannels);
    return ownConv(ops, x, { values, winograd }, options);
  };
}

/** Convolution with bias and gradients; filter [kh,kw,C,O]. */
export function applyConv2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  geometry: ConvGeometry,
): tf.Tensor4D {
  const inputShape = x.shape;
  const filterShape = filter.shape;
  const inputs: Record<string, tf.Tensor> = { x, filter, ...(bias ? { bias } : {}) };
  const [y] = differentiable({
    inputs,
    forward: (save) => {
      const product = convForward(x, filter, geometry);
      save([x, filter]);
      return [bias ? biasForward(product, bias) : product];
    },
    backward: ([dy], [savedX, savedFilter]) => ({
      x: () =>
        convInputGradient(inputShape, savedFilter as tf.Tensor4D, dy as tf.Tensor4D, geometry),
      filter: () =>
        convFilterGradient(savedX as tf.Tensor4D, filterShape, dy as tf.Tensor4D, geometry),
      bias: () => biasGradient(dy as tf.Tensor),
    }),
  });
  return y as tf.Tensor4D; // one output, as returned by forward
}
