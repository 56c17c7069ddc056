import * as tf from '@tensorflow/tfjs-core';
import { checkInput, checkWhole } from './check.js';
import { differentiable } from './differentiable.js';
import { NnError } from './errors.js';
import { FLOAT, nativeExecutor } from './native.js';

/**
 * Blocks of pixels laid into channels: [B,H,W,C] to [B,H/block,W/block,block²·C].
 *
 * Channels are ordered as in TensorFlow: row in the block, column in the block, C. (torch's
 * `pixel_unshuffle` has C first.)
 *
 * @throws NnError (`config` or `shape`) also when the block does not divide height and width.
 */
export function spaceToDepth(x: tf.Tensor4D, block: number): tf.Tensor4D {
  checkWhole('spaceToDepth', { block }, 1);
  checkInput('spaceToDepth', x, 'B,H,W,C');
  if (x.shape[1] % block !== 0 || x.shape[2] % block !== 0) {
    throw new NnError(
      'shape',
      `spaceToDepth: expected sides that ${block} divides. Received: shape [${x.shape}].`,
    );
  }
  return rearrange(x, block, gather, scatter);
}

/**
 * The inverse of {@link spaceToDepth}: [B,H,W,block²·C] to [B,block·H,block·W,C].
 *
 * @throws NnError (`config` or `shape`) also when block² does not divide the channels.
 */
export function depthToSpace(x: tf.Tensor4D, block: number): tf.Tensor4D {
  checkWhole('depthToSpace', { block }, 1);
  checkInput('depthToSpace', x, 'B,H,W,C');
  if (x.shape[3] % block ** 2 !== 0) {
    throw new NnError(
      'shape',
      `depthToSpace: expected channels that ${block}² divides. Received: [${x.shape}].`,
    );
  }
  return rearrange(x, block, scatter, gather);
}

type Rearrangement = (x: tf.Tensor4D, block: number) => tf.Tensor4D;

function rearrange(
  x: tf.Tensor4D,
  block: number,
  forward: Rearrangement,
  backward: Rearrangement,
): tf.Tensor4D {
  if (block === 1) return x.clone();
  const [y] = differentiable({
    inputs: { x },
    forward: () => [forward(x, block)],
    backward: ([dy]) => ({ x: () => backward(dy as tf.Tensor4D, block) }),
  });
  return y as tf.Tensor4D; // one output, as returned by forward
}

function gather(x: tf.Tensor4D, block: number): tf.Tensor4D {
  const native = nativeExecutor();
  if (native) {
    const attributes = { ...FLOAT, block_size: block, data_format: 'NHWC' };
    return native.run('SpaceToDepth', attributes, [x]) as tf.Tensor4D;
  }
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = [height / block, width / block];
  return tf.tidy(() => {
    const blocks = tf.reshape(x, [batch, rows, block, columns, block * channels]);
    return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4]), [
      batch,
      rows,
      columns,
      block * block * channels,
    ]);
  });
}

function scatter(x: tf.Tensor4D, block: number): tf.Tensor4D {
  const native = nativeExecutor();
  if (native) {
    const attributes = { ...FLOAT, block_size: block, data_format: 'NHWC' };
    return native.run('DepthToSpace', attributes, [x]) as tf.Tensor4D;
  }
  const [batch, rows, columns, depth] = x.shape;
  const channels = depth / block ** 2;
  return tf.tidy(() => {
    const blocks = tf.reshape(x, [batch, rows, columns, block, block * channels]);
    return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4]), [
      batch,
      rows * block,
      columns * block,
      channels,
    ]);
  });
}
