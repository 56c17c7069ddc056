import { depthToSpace, spaceToDepth } from '@arctic/nn';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The sequence with every square of `size`×`size` cells folded into the channels.
 *
 * A grid that is no multiple of `size` is filled up with zeros at the south and the east.
 *
 * @param sequence `[B,T,H,W,C]`
 * @returns `[B,T,ceil(H/size),ceil(W/size),size²·C]`
 */
export function toPatches(sequence: tf.Tensor5D, size: number): tf.Tensor5D {
  if (size === 1) return sequence;
  const [B, T, H, W, C] = sequence.shape;
  const [south, east] = [missing(H, size), missing(W, size)];
  const frames = tf.reshape<tf.Rank.R4>(sequence, [B * T, H, W, C]); // [B·T,H,W,C]
  const full =
    south + east === 0 ? frames : tf.pad(frames, [[0, 0], [0, south], [0, east], [0, 0]]); // prettier-ignore
  const patches = spaceToDepth(full, size); // [B·T,H/size,W/size,size²·C]
  const [, h, w, channels] = patches.shape;
  return tf.reshape<tf.Rank.R5>(patches, [B, T, h, w, channels]);
}

/**
 * The field whose squares of `size`×`size` cells the channels hold, cut to the grid.
 *
 * @param patches `[B·T,h,w,size²]`
 * @param shape `[B,T,H,W]` of the result
 */
export function fromPatches(
  patches: tf.Tensor4D,
  size: number,
  shape: readonly [number, number, number, number],
): tf.Tensor4D {
  const [B, T, H, W] = shape;
  const field = size === 1 ? patches : depthToSpace(patches, size); // [B·T,h·size,w·size,1]
  const [, rows, columns] = field.shape;
  const whole = tf.reshape<tf.Rank.R4>(field, [B, T, rows, columns]);
  return rows === H && columns === W ? whole : tf.slice(whole, [0, 0, 0, 0], [B, T, H, W]);
}

/** How far `length` is from the next multiple of `size`. */
function missing(length: number, size: number): number {
  return (size - (length % size)) % size;
}
