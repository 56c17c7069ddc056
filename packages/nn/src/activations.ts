import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { FLOAT, nativeExecutor } from './native.js';

/** max(x, 0), of any shape. */
export function relu<T extends tf.Tensor>(x: T): T {
  return fromOutput(x, tf.relu, reluGradient);
}

/** 1 / (1 + e⁻ˣ), of any shape. */
export function sigmoid<T extends tf.Tensor>(x: T): T {
  return fromOutput(x, tf.sigmoid, sigmoidGradient);
}

/** The hyperbolic tangent, of any shape. */
export function tanh<T extends tf.Tensor>(x: T): T {
  return fromOutput(x, tf.tanh, tanhGradient);
}

/** dy where y > 0, else 0. */
export function reluGradient(y: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  const native = nativeExecutor();
  if (native) return native.run('ReluGrad', FLOAT, [dy, y]);
  return tf.tidy(() => tf.mul(dy, tf.step(y)));
}

/** dy · y · (1 − y), for y = sigmoid(x). */
export function sigmoidGradient(y: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  const native = nativeExecutor();
  if (native) return native.run('SigmoidGrad', FLOAT, [y, dy]);
  return tf.tidy(() => tf.mul(dy, tf.sub(y, tf.square(y))));
}

/** dy · (1 − y²), for y = tanh(x). */
export function tanhGradient(y: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  const native = nativeExecutor();
  if (native) return native.run('TanhGrad', FLOAT, [y, dy]);
  return tf.tidy(() => tf.sub(dy, tf.mul(dy, tf.square(y))));
}

/** An activation whose gradient needs its output only. */
function fromOutput<T extends tf.Tensor>(
  x: T,
  forward: (x: T) => T,
  gradient: (y: tf.Tensor, dy: tf.Tensor) => tf.Tensor,
): T {
  const [y] = differentiable({
    inputs: { x },
    forward: (save) => {
      const output = forward(x);
      save([output]);
      return [output];
    },
    backward: ([dy], [output]) => ({
      x: () => gradient(output as tf.Tensor, dy as tf.Tensor),
    }),
  });
  return y as T; // same shape as x
}
