import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { changeLoss, type ChangeLossOptions, SiameseError } from '../src/index.js';

const map = (values: number[]): tf.Tensor4D => tf.tensor4d(values, [1, 1, values.length, 1]);

function lossOf(
  logits: number[],
  target: number[],
  options: ChangeLossOptions = {},
  valid?: number[],
): number {
  return tf.tidy(() => {
    const mask = valid ? { valid: map(valid) } : {};
    return Number(changeLoss(map(logits), map(target), { ...options, ...mask }).dataSync()[0]);
  });
}

const BCE = { diceWeight: 0 };
const DICE = { bceWeight: 0 };

beforeAll(async () => {
  await tf.ready();
});

it('is the mean cross-entropy, changed pixels times the positive weight', () => {
  expect(lossOf([0, 0], [0, 1], BCE)).toBeCloseTo(Math.LN2, 6);
  expect(lossOf([0, 0], [0, 1], { ...BCE, positiveWeight: 3 })).toBeCloseTo(2 * Math.LN2, 6);
  expect(lossOf([2], [1], BCE)).toBeCloseTo(Math.log(1 + Math.exp(-2)), 6);
});

it('is finite for extreme logits', () => {
  expect(lossOf([200, -200], [1, 0])).toBeCloseTo(0, 6);
  expect(lossOf([-200, 200], [1, 0], BCE)).toBeCloseTo(200, 3);
});

it('is one minus the smoothed overlap', () => {
  // p = ½ at both pixels: 2·½ + 1 over 1 + 1 + 1.
  expect(lossOf([0, 0], [0, 1], DICE)).toBeCloseTo(1 - 2 / 3, 6);
  expect(lossOf([50, -50], [1, 0], DICE)).toBeCloseTo(0, 6);
  expect(lossOf([-50, -50], [0, 0], DICE)).toBeCloseTo(0, 6);
});

it('adds its parts by their weights', () => {
  const [logits, target] = [
    [0.3, -1, 2],
    [1, 0, 0],
  ];
  const sum = 2 * lossOf(logits, target, BCE) + 0.5 * lossOf(logits, target, DICE);
  expect(lossOf(logits, target, { bceWeight: 2, diceWeight: 0.5 })).toBeCloseTo(sum, 5);
});

it('passes over invalid pixels, and is zero with zero gradient when none is valid', () => {
  expect(lossOf([0.3, -1, 9], [1, 0, 0], {}, [1, 1, 0])).toBeCloseTo(lossOf([0.3, -1], [1, 0]), 6);
  expect(lossOf([0.3, -1], [1, 0], {}, [0, 0])).toBe(0);
  tf.tidy(() => {
    const valid = map([0, 0]);
    const gradient = tf.grad((x) => changeLoss(x as tf.Tensor4D, map([1, 0]), { valid }))(
      map([0.3, -1]),
    );
    expect([...gradient.dataSync()].every((value) => value === 0)).toBe(true);
  });
});

it('refuses shapes and weights that do not fit', () => {
  tf.tidy(() => {
    expect(() => changeLoss(map([0, 0]), map([1]))).toThrow(SiameseError);
    expect(() => changeLoss(map([0, 0]), map([1]))).toThrow(
      'target of shape [1,1,2,1]. Received: [1,1,1,1]',
    );
    expect(() => changeLoss(map([0]), map([1]), { positiveWeight: -1 })).toThrow('positiveWeight');
  });
});
