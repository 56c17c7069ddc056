import { expect, it } from 'vitest';
import { earlyStoppingStart, earlyStoppingStep } from '../src/index.js';

it('counts epochs since the last improvement by more than minDelta', () => {
  let state = earlyStoppingStart();
  const waits = [1, 0.8, 0.75, 0.6, NaN, 0.7].map((score) => {
    state = earlyStoppingStep(state, score, 'min', 0.1);
    return state.wait;
  });
  expect(waits).toEqual([0, 0, 1, 0, 1, 2]);
  expect(state.best).toBe(0.6);
});

it('can look for the largest', () => {
  const state = earlyStoppingStep({ best: 0.5, wait: 3 }, 0.6, 'max');
  expect(state).toEqual({ best: 0.6, wait: 0 });
  expect(earlyStoppingStep(state, 0.6, 'max').wait).toBe(1);
});
