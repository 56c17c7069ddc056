import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { maskedLoss, type LossKind } from '../src/loss.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The loss and its gradient to the prediction, of cells in a row. */
function evaluate(
  prediction: number[],
  target: number[],
  weights: number[],
  kind: LossKind = 'mse',
): { loss: number; gradient: number[] } {
  return tf.tidy(() => {
    const row = (values: number[]) => tf.tensor4d(values, [1, 1, 1, values.length]);
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
      maskedLoss(
        x as tf.Tensor4D, // the tensor made one line below
        { target: row(target), weights: row(weights) },
        { kind, huberDelta: 0.1 },
      ),
    )(row(prediction));
    return { loss: Number(value.dataSync()[0]), gradient: [...grad.dataSync()] };
  });
}

describe('maskedLoss', () => {
  it('is the weighted mean of the cost', () => {
    const [f, o, w] = [
      [0.5, 0.2, 0.9],
      [0.3, 0.25, 0.9],
      [1, 3, 0],
    ];
    expect(evaluate(f, o, w).loss).toBeCloseTo((0.04 + 3 * 0.0025) / 4, 6);
    expect(evaluate(f, o, w, 'mae').loss).toBeCloseTo((0.2 + 3 * 0.05) / 4, 6);
    expect(evaluate(f, o, w, 'huber').loss).toBeCloseTo((0.1 * 0.15 + (3 * 0.05 ** 2) / 2) / 4, 6);
  });

  it('is 0 with a gradient of 0 where no cell has weight', () => {
    for (const kind of ['mse', 'mae', 'huber'] as const) {
      const { loss, gradient } = evaluate([0.5, NaN], [NaN, 1], [0, 0], kind);
      expect([loss, ...gradient].map(Math.abs)).toEqual([0, 0, 0]);
    }
  });

  it('does not see cells of weight 0, NaN or not', () => {
    const cell = fc.record({
      f: fc.double({ min: 0, max: 1, noNaN: true }),
      o: fc.double({ min: 0, max: 1, noNaN: true }),
      w: fc.integer({ min: 0, max: 3 }),
      garbage: fc.constantFrom(NaN, Infinity, -999, 255),
    });
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 1, maxLength: 12 }),
        fc.constantFrom<LossKind>('mse', 'mae', 'huber'),
        (cells, kind) => {
          const weights = cells.map(({ w }) => w);
          const run = (f: number[], o: number[]) => evaluate(f, o, weights, kind);
          const clean = run(
            cells.map(({ f }) => f),
            cells.map(({ o }) => o),
          );
          const spoiled = run(
            cells.map(({ f, w, garbage }) => (w === 0 ? garbage : f)),
            cells.map(({ o, w, garbage }) => (w === 0 ? garbage : o)),
          );
          expect(spoiled).toEqual(clean);
          expect(Number.isFinite(clean.loss)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});
