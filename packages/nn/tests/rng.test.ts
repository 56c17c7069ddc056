import { expect, test } from 'vitest';
import { createRng, type RngState } from '../src/index.js';

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

test('the same seed gives the same numbers, on every machine', () => {
  const rng = createRng(42);
  expect(draw(4, rng.next)).toEqual(draw(4, createRng(42).next));
  expect(draw(4, rng.next)).not.toEqual(draw(4, createRng(43).next));
  expect(createRng(-1).next()).not.toBe(createRng(2 ** 32 - 1).next());
  expect(draw(3, createRng(1).next)).toMatchInlineSnapshot(`
    [
      0.5686059962026775,
      0.4932617973536253,
      0.8893939366098493,
    ]
  `);
});

test('uniform numbers are uniform, normal ones normal', () => {
  const rng = createRng(7);
  const uniform = draw(20_000, rng.next);
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...uniform)).toBeLessThan(1);
  expect(mean(uniform)).toBeCloseTo(0.5, 1);
  expect(mean(uniform.map((x) => (x - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
  const normal = draw(20_000, rng.normal);
  expect(mean(normal)).toBeCloseTo(0, 1);
  expect(mean(normal.map((x) => x ** 2))).toBeCloseTo(1, 1);
  expect(mean(normal.map((x) => x ** 4))).toBeGreaterThan(2.7);
});

test('a state written as JSON goes on where it stood', () => {
  const rng = createRng(3);
  draw(5, rng.normal);
  const state = JSON.parse(JSON.stringify(rng.state)) as RngState;
  const ahead = draw(3, rng.next);
  const other = createRng(99);
  other.setState(state);
  expect(draw(3, other.next)).toEqual(ahead);
});

test('forks differ by name and ignore what was drawn before', () => {
  const rng = createRng(3);
  const early = draw(3, rng.fork('augment').next);
  draw(9, rng.next);
  expect(draw(3, rng.fork('augment').next)).toEqual(early);
  expect(draw(3, rng.fork('shuffle').next)).not.toEqual(early);
  expect(draw(3, createRng(4).fork('augment').next)).not.toEqual(early);
  expect(draw(3, rng.fork('').next)).not.toEqual(draw(3, createRng(3).next));
  const names = Array.from({ length: 2000 }, (_, i) => rng.fork(`layer.${i}`).next());
  expect(new Set(names).size).toBe(names.length);
  expect(mean(names)).toBeCloseTo(0.5, 1);
});

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
