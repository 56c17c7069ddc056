import { expect, test } from 'vitest';
import { createRng } from '../src/rng.js';

test('streams of a seed are even, normal where asked, and forks depend on name alone', () => {
  const rng = createRng(42);
  const fork = rng.fork('waves').next();
  const draws = Array.from({ length: 20_000 }, () => rng.next());
  expect(rng.fork('waves').next()).toBe(fork);
  expect(rng.fork('floes').next()).not.toBe(fork);
  expect(draws.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(draws.reduce((a, b) => a + b, 0) / draws.length).toBeCloseTo(0.5, 2);
  const normals = Array.from({ length: 20_000 }, () => rng.normal());
  expect(normals.reduce((a, b) => a + b, 0) / normals.length).toBeCloseTo(0, 1);
  expect(normals.reduce((a, b) => a + b * b, 0) / normals.length).toBeCloseTo(1, 1);
});
