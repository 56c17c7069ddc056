import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from '../src/index.js';
import { difference } from './optimizer-cases.js';
import type { LossCase } from './torch-reference.js';

/** Compares a loss and its gradient with torch's, to 1e-6 of their size. */
export function expectLossOfTorch(kind: 'softmax' | 'sigmoid', reference: LossCase): number {
  const { logitsShape, labelsShape, labels, sampleWeights, name, ...options } = reference;
  const loss = kind === 'softmax' ? softmaxCrossEntropy : sigmoidCrossEntropy;
  return tf.tidy(() => {
    const classes = kind === 'softmax' && labelsShape.length < logitsShape.length;
    const y = tf.tensor(labels, labelsShape, classes ? 'int32' : 'float32');
    const weights = sampleWeights && { sampleWeights: tf.tensor1d(sampleWeights) };
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
      loss(x, y, { ...options, ...weights }),
    )(tf.tensor(reference.logits, logitsShape));
    const size = Math.max(1, Math.abs(reference.loss));
    const differences = [
      difference(value.dataSync(), [reference.loss]) / size,
      difference(grad.dataSync(), reference.gradient),
    ];
    const largest = Math.max(...differences);
    expect(largest, name).toBeLessThan(1e-6);
    return largest;
  });
}
