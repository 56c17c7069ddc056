import {
  depthToSpace,
  kaimingUniform,
  ParameterStore,
  relu,
  spaceToDepth,
  zeros,
} from '@arctic/nn';
import * as tf from '@tensorflow/tfjs';

/**
 * A layer of one's own: a 3 × 3 convolution as one matrix product over nine shifted copies of its input. The WASM
 * backend, which lacks the gradient of TensorFlow.js's own convolution, can train it.
 */
function conv3x3(store, name, { from, to, init = kaimingUniform }) {
  const weight = store.add(`${name}.weight`, { shape: [to, 9 * from], init });
  const bias = store.add(`${name}.bias`, { shape: [to], init: zeros });
  const border = [0, 1, 1, 0].map((cells) => [cells, cells]);
  return (x) => {
    const [batch, height, width] = x.shape;
    const padded = tf.pad(x, border);
    const shifted = Array.from({ length: 9 }, (_, i) =>
      tf.slice(padded, [0, Math.floor(i / 3), i % 3, 0], [batch, height, width, from]),
    );
    const rows = tf.reshape(tf.concat(shifted, 3), [-1, 9 * from]);
    return tf.reshape(tf.add(tf.matMul(rows, weight, false, true), bias), [
      batch,
      height,
      width,
      to,
    ]);
  };
}

/**
 * A U-Net of two scales: days of ice [B,H,W,days] in, the change since the newest of them out, [B,H,W,1]. The last
 * convolution starts at zero, so an untrained network forecasts persistence.
 */
export function createUNet({ days, width, seed }) {
  const store = new ParameterStore({ seed });
  const down = conv3x3(store, 'down', { from: days, to: width });
  const middle = [
    conv3x3(store, 'middle.0', { from: 4 * width, to: 2 * width }),
    conv3x3(store, 'middle.1', { from: 2 * width, to: 4 * width }),
  ];
  const up = conv3x3(store, 'up', { from: 2 * width, to: width });
  const head = conv3x3(store, 'head', { from: width, to: 1, init: zeros });
  return {
    store,
    forward: (x) =>
      tf.tidy(() => {
        const fine = relu(down(x)); // [B,H,W,width]
        let coarse = spaceToDepth(fine, 2); // [B,H/2,W/2,4·width]
        for (const layer of middle) coarse = relu(layer(coarse));
        const back = depthToSpace(coarse, 2); // [B,H,W,width]
        return head(relu(up(tf.concat([fine, back], 3))));
      }),
  };
}

/**
 * The mean squared error of a forecast [B,H,W,1] over the ocean, in which cells near the ice edge (concentration 0.15 to
 * 0.80) count three times.
 */
export function edgeLoss(forecast, { target, ocean }) {
  return tf.tidy(() => {
    const nearEdge = tf.logicalAnd(tf.greater(target, 0.15), tf.less(target, 0.8));
    const weight = tf.mul(ocean, tf.add(1, tf.mul(2, tf.cast(nearEdge, 'float32'))));
    const errors = tf.mul(weight, tf.squaredDifference(forecast, target));
    return tf.div(tf.sum(errors), tf.sum(weight));
  });
}
