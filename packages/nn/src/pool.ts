import * as tf from '@tensorflow/tfjs-core';
import { checkInput, checkOutput, checkWhole } from './check.js';
import { convOutputLength } from './conv-geometry.js';
import { differentiable } from './differentiable.js';
import { NnError } from './errors.js';
import { type Attributes, FLOAT, nativeExecutor } from './native.js';
import { ownOps } from './own-ops.js';

export interface PoolOptions {
  /** Side of the square window, in pixels. */
  readonly kernelSize: number;
  /** @default kernelSize */
  readonly stride?: number;
  /** Pixels on every side, at most half the window. @default 0 */
  readonly padding?: number;
}

/**
 * The largest value in each window, equal to `torch.nn.MaxPool2d`: padding counts as −∞, and among
 * equal values the first in reading order gets the gradient.
 *
 * Input shape [B,H,W,C]; output shape [B,H',W',C], H' = ⌊(H + 2·padding − kernelSize) / stride⌋ + 1.
 *
 * @throws NnError (`config` or `shape`)
 */
export function maxPool2d(x: tf.Tensor4D, options: PoolOptions): tf.Tensor4D {
  const { kernelSize, stride, padding } = checkPool('maxPool2d', x, options);
  const native = nativeExecutor();
  if (!native) return tf.maxPool(x, kernelSize, stride, padding);
  const attributes = nativeAttributes(kernelSize, stride, padding);
  const [y] = differentiable({
    inputs: { x },
    forward: (save) => {
      const output = native.run('MaxPool', attributes, [x]);
      save([x, output]);
      return [output];
    },
    backward: ([dy], [savedX, savedY]) => ({
      x: () => {
        const inputs = [savedX, savedY, dy] as tf.Tensor[]; // saved above
        const ops = ownOps();
        return ops
          ? (ops.run('ArcticMaxPoolGradient', inputs, 1, [
              kernelSize,
              stride,
              padding,
            ])[0] as tf.Tensor)
          : native.run('MaxPoolGrad', attributes, inputs);
      },
    }),
  });
  return y as tf.Tensor4D; // one output, as returned by forward
}

/**
 * The mean of each window, equal to `torch.nn.AvgPool2d`: padding counts as 0 and is counted.
 *
 * Input shape [B,H,W,C]; output shape [B,H',W',C], H' = ⌊(H + 2·padding − kernelSize) / stride⌋ + 1.
 *
 * @throws NnError (`config` or `shape`)
 */
export function avgPool2d(x: tf.Tensor4D, options: PoolOptions): tf.Tensor4D {
  const { kernelSize, stride, padding } = checkPool('avgPool2d', x, options);
  const edge: [number, number] = [padding, padding];
  const padded = padding === 0 ? x : tf.pad(x, [[0, 0], edge, edge, [0, 0]]);
  return tf.avgPool(padded, kernelSize, stride, 'valid');
}

/** The mean over all pixels: [B,H,W,C] to [B,C]. */
export function globalAvgPool2d(x: tf.Tensor4D): tf.Tensor2D {
  checkInput('globalAvgPool2d', x, 'B,H,W,C');
  const shape = x.shape;
  const [batch, height, width, channels] = shape;
  const [y] = differentiable({
    inputs: { x },
    forward: () => [tf.mean(x, [1, 2])],
    backward: ([dy]) => ({
      x: () => {
        const share = tf.div(dy as tf.Tensor, height * width);
        return tf.broadcastTo(tf.reshape(share, [batch, 1, 1, channels]), shape);
      },
    }),
  });
  return y as tf.Tensor2D; // two axes are left
}

function checkPool(layer: string, x: tf.Tensor4D, options: PoolOptions): Required<PoolOptions> {
  const { kernelSize, stride = kernelSize, padding = 0 } = options;
  checkWhole(layer, { kernelSize, stride }, 1);
  checkWhole(layer, { padding }, 0);
  if (2 * padding > kernelSize) {
    throw new NnError(
      'config',
      `${layer}: expected padding of at most half the window. Received: ${padding}.`,
    );
  }
  checkInput(layer, x, 'B,H,W,C');
  const geometry = { stride, padding, dilation: 1 };
  checkOutput(
    layer,
    x,
    convOutputLength(x.shape[1], kernelSize, geometry),
    convOutputLength(x.shape[2], kernelSize, geometry),
  );
  return { kernelSize, stride, padding };
}

function nativeAttributes(kernelSize: number, stride: number, padding: number): Attributes {
  const p = padding;
  return {
    ...FLOAT,
    ksize: [1, kernelSize, kernelSize, 1],
    strides: [1, stride, stride, 1],
    data_format: 'NHWC',
    ...(p === 0
      ? { padding: 'VALID' }
      : { padding: 'EXPLICIT', explicit_paddings: [0, 0, p, p, p, p, 0, 0] }),
  };
}
