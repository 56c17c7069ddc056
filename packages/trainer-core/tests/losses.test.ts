import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  sigmoidCrossEntropy,
  sigmoidCrossEntropyWeight,
  softmaxCrossEntropy,
  softmaxCrossEntropyWeight,
} from '../src/index.js';
import { expectLossOfTorch } from './loss-cases.js';
import { useCpuBackend } from './setup.js';
import { torchReference } from './torch-reference.js';

useCpuBackend();

describe('the losses of PyTorch, and their gradients', () => {
  it.each(torchReference.softmaxCrossEntropy)('softmax: $name', (reference) => {
    expectLossOfTorch('softmax', reference);
  });

  it.each(torchReference.sigmoidCrossEntropy)('sigmoid: $name', (reference) => {
    expectLossOfTorch('sigmoid', reference);
  });
});

const numberOf = (tensor: tf.Tensor) => tensor.dataSync()[0] ?? NaN;

/** Mean of the losses of the parts, weighed by what `lossWeight` says of each. */
function pooled(parts: readonly (readonly [loss: tf.Scalar, weight: tf.Scalar])[]): number {
  const weights = parts.map(([, weight]) => numberOf(weight));
  const sum = parts.reduce((all, [loss], i) => all + numberOf(loss) * (weights[i] ?? NaN), 0);
  return sum / weights.reduce((a, b) => a + b, 0);
}

describe('parts of a batch', () => {
  const ranges = [
    [0, 2],
    [2, 3],
  ] as const;

  it('make up the softmax loss of the whole', () => {
    tf.tidy(() => {
      const logits = tf.tensor2d([1, -2, 0.5, 3, 1, -1, 0, 2, 2, -3, 1, 1, 0.5, 0, 2], [5, 3]);
      const labels = tf.tensor1d([0, 2, 1, -1, 2], 'int32');
      const sampleWeights = tf.tensor1d([1, 2, 0, 3, 0.5]);
      const options = { classWeights: [1, 4, 0.5], labelSmoothing: 0.1 };
      const whole = softmaxCrossEntropy(logits, labels, { ...options, sampleWeights });
      const parts = ranges.map(([from, size]) => {
        const part = tf.slice(logits, from, size);
        const y = tf.slice(labels, from, size);
        const all = { ...options, sampleWeights: tf.slice(sampleWeights, from, size) };
        return [
          softmaxCrossEntropy(part, y, all),
          softmaxCrossEntropyWeight([size, 3], y, all),
        ] as const;
      });
      expect(pooled(parts)).toBeCloseTo(numberOf(whole), 6);
    });
  });

  it('make up the sigmoid loss of the whole', () => {
    tf.tidy(() => {
      const logits = tf.tensor2d([1, -2, 0.5, 3, 1, -1, 0, 2, 2, -3], [5, 2]);
      const labels = tf.tensor2d([1, 0, 0, 1, 1, 1, 0, 0, 1, 0], [5, 2]);
      const sampleWeights = tf.tensor1d([1, 2, 0, 3, 0.5]);
      const whole = sigmoidCrossEntropy(logits, labels, { sampleWeights });
      const parts = ranges.map(([from, size]) => {
        const y = tf.slice(labels, from, size);
        const all = { sampleWeights: tf.slice(sampleWeights, from, size) };
        return [
          sigmoidCrossEntropy(tf.slice(logits, from, size), y, all),
          sigmoidCrossEntropyWeight(y, all),
        ] as const;
      });
      expect(pooled(parts)).toBeCloseTo(numberOf(whole), 6);
    });
  });
});

describe('losses', () => {
  it('are 0, with gradients of 0, when nothing counts', () => {
    tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
        softmaxCrossEntropy(x, tf.tensor1d([-1, 7], 'int32'), { labelSmoothing: 0.1 }),
      )(tf.tensor2d([1, 2, 3, 4], [2, 2]));
      expect([...value.dataSync(), ...grad.dataSync()].map(Math.abs)).toEqual([0, 0, 0, 0, 0]);
    });
  });

  it('take a weight for every pixel, or for every image', () => {
    tf.tidy(() => {
      const logits = tf.tensor3d([1, -1, 2, 0, 0, 1, 3, -2], [2, 2, 2]);
      const labels = tf.tensor2d([0, 1, 1, 0], [2, 2], 'int32');
      const loss = (sampleWeights: tf.Tensor) =>
        numberOf(softmaxCrossEntropy(logits, labels, { sampleWeights }));
      const first = numberOf(
        softmaxCrossEntropy(tf.slice(logits, 0, 1), tf.slice(labels, [0, 0], [1, 2])),
      );
      expect(loss(tf.tensor1d([3, 0]))).toBeCloseTo(first, 6);
      expect(loss(tf.tensor2d([1, 1, 0, 0], [2, 2]))).toBeCloseTo(first, 6);
    });
  });

  it.each<[string, () => tf.Scalar]>([
    [
      'labels of shape [2]. Received: [3]',
      () => softmaxCrossEntropy(tf.ones([2, 4]), tf.zeros([3], 'int32')),
    ],
    [
      'classWeights of shape [4]. Received: [1]',
      () => softmaxCrossEntropy(tf.ones([2, 4]), tf.zeros([2]), { classWeights: [1] }),
    ],
    [
      'sampleWeights of shape [2]. Received: [3]',
      () => sigmoidCrossEntropy(tf.ones([2]), tf.ones([2]), { sampleWeights: tf.ones([3]) }),
    ],
    [
      'labels of shape [2]. Received: [2,1]',
      () => sigmoidCrossEntropy(tf.ones([2]), tf.ones([2, 1])),
    ],
    [
      'labelSmoothing to be a number from 0 to 1',
      () => sigmoidCrossEntropy(tf.ones([2]), tf.ones([2]), { labelSmoothing: 2 }),
    ],
  ])('expect %s', (message, make) => {
    expect(() => tf.tidy(make)).toThrow(message);
  });
});
