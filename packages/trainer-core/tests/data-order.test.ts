import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDataOrder } from '../src/data-order.js';
import { epochOrder } from '../src/index.js';

it('shows every sample once a pass, in another order each time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer(), fc.nat(5), (size, seed, pass) => {
      const order = epochOrder(size, seed, pass);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
      expect(epochOrder(size, seed, pass)).toEqual(order);
    }),
  );
  expect(epochOrder(20, 1, 0)).not.toEqual(epochOrder(20, 1, 1));
  expect(epochOrder(20, 1, 0)).not.toEqual(epochOrder(20, 2, 0));
});

it('depends on the step alone, not on the steps before', () => {
  const options = { trainSize: 10, batchSize: 4, seed: 3, lastBatch: 'keep' as const };
  const order = createDataOrder(options);
  const all = [0, 1, 2, 3, 4, 5].map((step) => order.batch(step));
  const { indices, rngs } = createDataOrder(options).batch(4);
  expect(indices).toEqual(all[4]?.indices);
  expect(rngs.map((rng) => rng.next())).toEqual(all[4]?.rngs.map((rng) => rng.next()));
  expect(new Set(rngs.map((rng) => rng.key)).size).toBe(indices.length);
  expect(all.map((batch) => batch.indices.length)).toEqual([4, 4, 2, 4, 4, 2]);
});

it('can drop the last batch', () => {
  const order = createDataOrder({ trainSize: 10, batchSize: 4, seed: 3, lastBatch: 'drop' });
  expect(order.batchesPerPass).toBe(2);
  expect([0, 1, 2, 3].map((step) => order.batch(step).indices.length)).toEqual([4, 4, 4, 4]);
});
