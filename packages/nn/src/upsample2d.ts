import * as tf from '@tensorflow/tfjs-core';
import { checkInput, checkWhole } from './check.js';
import { differentiable } from './differentiable.js';
import { nativeExecutor } from './native.js';

export interface Upsample2dOptions {
  /** How many times larger, a whole number. */
  readonly scale: number;
  readonly mode: 'nearest' | 'bilinear';
}

/**
 * x enlarged, equal to `torch.nn.Upsample` with `align_corners=False`.
 *
 * Input shape [B,H,W,C]; output shape [B,scale·H,scale·W,C]. The gradient is the exact transpose
 * (that of `tf.image.resizeBilinear` with half-pixel centres is not).
 *
 * @throws NnError (`config` or `shape`)
 */
export function upsample2d(x: tf.Tensor4D, { scale, mode }: Upsample2dOptions): tf.Tensor4D {
  checkWhole('upsample2d', { scale }, 1);
  checkInput('upsample2d', x, 'B,H,W,C');
  if (scale === 1) return x.clone();
  const [batch, height, width, channels] = x.shape;
  const size: [number, number] = [height * scale, width * scale];
  const [y] = differentiable({
    inputs: { x },
    forward: () => [
      mode === 'nearest'
        ? tf.image.resizeNearestNeighbor(x, size)
        : tf.image.resizeBilinear(x, size, false, true),
    ],
    backward: ([dy]) => ({
      x: () =>
        mode === 'nearest'
          ? tf.mul(tf.avgPool(dy as tf.Tensor4D, scale, scale, 'valid'), scale * scale)
          : bilinearGradient(dy as tf.Tensor4D, [batch, height, width, channels], scale),
    }),
  });
  return y as tf.Tensor4D; // one output, as returned by forward
}

function bilinearGradient(
  dy: tf.Tensor4D,
  shape: [number, number, number, number],
  scale: number,
): tf.Tensor4D {
  const native = nativeExecutor();
  if (native) {
    const attributes = {
      T: { type: 'float32' },
      align_corners: false,
      half_pixel_centers: true,
    } as const;
    const original = tf.zeros(shape); // read for its shape only
    return native.run('ResizeBilinearGrad', attributes, [dy, original]) as tf.Tensor4D;
  }
  const [batch, height, width, channels] = shape;
  const rows = interpolation(height, scale); // [scale·H,H]
  const columns = interpolation(width, scale); // [scale·W,W]
  const byRow = tf.reshape(dy, [batch, height * scale, width * scale * channels]);
  const folded = tf.matMul(spread(rows, batch), byRow, true); // [B,H,scale·W·C]
  const byColumn = tf.reshape(folded, [batch * height, width * scale, channels]);
  return tf.reshape(tf.matMul(spread(columns, batch * height), byColumn, true), shape);
}

function spread(matrix: tf.Tensor2D, count: number): tf.Tensor3D {
  return tf.broadcastTo(tf.expandDims<tf.Tensor3D>(matrix, 0), [
    count,
    matrix.shape[0],
    matrix.shape[1],
  ]);
}

/** The matrix that interpolates `length` values to `scale` times as many. */
function interpolation(length: number, scale: number): tf.Tensor2D {
  const values = new Float32Array(length * scale * length);
  for (let target = 0; target < length * scale; target++) {
    const source = Math.max((target + 0.5) / scale - 0.5, 0);
    const lower = Math.min(Math.floor(source), length - 1);
    const upper = Math.min(lower + 1, length - 1);
    const share = source - lower;
    values[target * length + lower] = (values[target * length + lower] ?? 0) + 1 - share;
    values[target * length + upper] = (values[target * length + upper] ?? 0) + share;
  }
  return tf.tensor2d(values, [length * scale, length]);
}
