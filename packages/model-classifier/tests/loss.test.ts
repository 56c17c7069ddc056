import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, expect, it } from 'vitest';
import { crossEntropy } from '../src/index.js';

interface Fixture {
  readonly logits: number[][];
  readonly labels: number[];
  readonly cases: {
    classWeights: number[] | null;
    labelSmoothing: number;
    loss: number;
    gradient: number[][];
  }[];
}

const fixture = JSON.parse(
  readFileSync(new URL('./fixtures/cross-entropy.json', import.meta.url), 'utf8'),
) as Fixture; // written by tools/fixtures/cross_entropy.py

beforeEach(async () => {
  await tf.ready();
});

it.each(fixture.cases)(
  'equals torch with weights $classWeights and smoothing $labelSmoothing',
  (each) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const options = {
        labelSmoothing: each.labelSmoothing,
        ...(each.classWeights && { classWeights: each.classWeights }),
      };
      const labels = tf.tensor1d(fixture.labels, 'int32');
      const { value, grad } = tf.valueAndGrad((x) =>
        crossEntropy(x as tf.Tensor2D, labels, options),
      )(tf.tensor2d(fixture.logits));
      expect(value.dataSync()[0]).toBeCloseTo(each.loss, 5);
      const expected = each.gradient.flat();
      grad
        .dataSync()
        .forEach((received, index) => expect(received).toBeCloseTo(expected[index] ?? NaN, 5));
    });
    expect(tf.memory().numTensors).toBe(before);
  },
);

it('counts a sample of weight two as two samples', () => {
  tf.tidy(() => {
    const options = { classWeights: [0.5, 2, 1, 1.5], labelSmoothing: 0.1 };
    const logits = tf.tensor2d(fixture.logits);
    const labels = tf.tensor1d(fixture.labels, 'int32');
    const weighted = crossEntropy(logits, labels, {
      ...options,
      sampleWeights: tf.tensor1d([2, 1, 0, 1, 1, 1]),
    });
    const rows = tf.tensor1d([0, 0, 1, 3, 4, 5], 'int32');
    const repeated = crossEntropy(tf.gather(logits, rows), tf.gather(labels, rows), options);
    expect(weighted.dataSync()[0]).toBeCloseTo(Number(repeated.dataSync()[0]), 5);
  });
});

it('is zero, not NaN, when no sample counts', () => {
  tf.tidy(() => {
    const loss = crossEntropy(tf.zeros([1, 3]), tf.tensor1d([1], 'int32'), {
      sampleWeights: tf.tensor1d([0]),
    });
    expect(loss.dataSync()[0]).toBeCloseTo(0, 6);
  });
});

it('refuses labels, weights and smoothing that do not fit', () => {
  tf.tidy(() => {
    const logits = tf.zeros<tf.Rank.R2>([2, 3]);
    const labels = tf.tensor1d([0, 1], 'int32');
    expect(() => crossEntropy(logits, tf.tensor1d([0], 'int32'))).toThrow(
      'labels of shape [2]. Received: [1]',
    );
    expect(() => crossEntropy(logits, labels, { classWeights: [1, 2] })).toThrow('3 class weights');
    expect(() => crossEntropy(logits, labels, { labelSmoothing: 2 })).toThrow(
      'labelSmoothing in 0..1',
    );
    expect(() => crossEntropy(logits, labels, { sampleWeights: tf.tensor1d([1]) })).toThrow(
      'sampleWeights',
    );
  });
});
