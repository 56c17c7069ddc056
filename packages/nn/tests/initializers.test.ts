import { expect, test } from 'vitest';
import {
  constant,
  createRng,
  type Initializer,
  kaimingNormalFanIn,
  kaimingNormalFanOut,
  kaimingUniform,
  normal,
  ones,
  uniform,
  xavierUniform,
  zeros,
} from '../src/index.js';

const SHAPE = [64, 32, 3, 3];

test.each<[string, Initializer, number, number]>([
  ['zeros', zeros, 0, 0],
  ['normal', normal(0.2), 0.2, Infinity],
  ['uniform', uniform(0.3), 0.3 / Math.sqrt(3), 0.3],
  ['kaimingNormalFanOut', kaimingNormalFanOut, Math.sqrt(2 / (64 * 9)), Infinity],
  ['kaimingNormalFanIn', kaimingNormalFanIn, Math.sqrt(2 / (32 * 9)), Infinity],
  ['kaimingUniform', kaimingUniform, 1 / Math.sqrt(3 * 32 * 9), 1 / Math.sqrt(32 * 9)],
  ['xavierUniform', xavierUniform, Math.sqrt(2 / (96 * 9)), Math.sqrt(6 / (96 * 9))],
])('%s has the spread it says', (_, init, deviation, bound) => {
  const values = init(SHAPE, createRng(5));
  expect(values.length).toBe(64 * 32 * 9);
  const square = values.reduce((sum, x) => sum + x * x, 0) / values.length;
  expect(Math.abs(Math.sqrt(square) - deviation)).toBeLessThanOrEqual(deviation * 0.02);
  expect(values.reduce((most, x) => Math.max(most, Math.abs(x)), 0)).toBeLessThanOrEqual(
    bound * 1.000001,
  );
});

test('constants are constant', () => {
  expect([...ones([2], createRng(1)), ...constant(-3)([1, 2], createRng(1))]).toEqual([
    1, 1, -3, -3,
  ]);
});

test('linear weights count their features', () => {
  const values = kaimingUniform([10, 400], createRng(1));
  expect(values.reduce((most, x) => Math.max(most, Math.abs(x)), 0)).toBeLessThanOrEqual(1 / 20);
});
