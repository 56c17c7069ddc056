import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fieldErrors,
  isMetricsError,
  marginalIceZoneErrors,
  poolFieldErrors,
} from '../src/index.js';
import { c, f, o, p } from './vectors.js';

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const fieldPairs = fc
  .integer({ min: 1, max: 40 })
  .chain((n) =>
    fc.tuple(
      fc.array(fraction, { minLength: n, maxLength: n }),
      fc.array(fraction, { minLength: n, maxLength: n }),
    ),
  );

describe('fieldErrors', () => {
  test('matches the vector', () => {
    const errors = fieldErrors(f, o);
    expect(errors.mae).toBeCloseTo(0.0766667, 7);
    expect(errors.rmse).toBeCloseTo(0.087178, 7);
    expect(errors.bias).toBeCloseTo(0.0266667, 7);
    expect(errors.n).toBe(6);
    expect(fieldErrors(p, o).rmse).toBeCloseTo(0.1744515, 7);
    expect(fieldErrors(c, o).rmse).toBeCloseTo(0.1779981, 7);
  });

  test('equal weights change nothing but the weight', () => {
    const weighted = fieldErrors(f, o, { weights: o.map(() => 625) });
    expect(weighted.rmse).toBeCloseTo(fieldErrors(f, o).rmse, 12);
    expect(weighted.weight).toBe(3750);
  });

  test('weights count', () => {
    const { bias, mse } = fieldErrors([1, 0], [0, 0], { weights: [1, 3] });
    expect([bias, mse]).toEqual([0.25, 0.25]);
  });

  test('a cell missing in either field is removed, never scored as zero', () => {
    const errors = fieldErrors([NaN, 0.5, 1], [0, NaN, 0.5]);
    expect(errors.n).toBe(1);
    expect(errors.rmse).toBe(0.5);
  });

  test('no cell at all is NaN, not a perfect 0', () => {
    expect(fieldErrors([NaN], [NaN])).toMatchObject({ n: 0, rmse: NaN, mae: NaN, bias: NaN });
    expect(fieldErrors([1, 1], [0, 0], { mask: [0, 0] }).rmse).toBeNaN();
  });

  test('throws on fields of different length', () => {
    expect(() => fieldErrors([1], [1, 2])).toThrow(/Expected "forecast" to have 2 values/);
    try {
      fieldErrors([1], [1, 2]);
    } catch (error) {
      expect(isMetricsError(error)).toBe(true);
    }
  });

  test('a perfect forecast has no error', () => {
    fc.assert(
      fc.property(fc.array(fraction, { minLength: 1 }), (field) => {
        expect(fieldErrors(field, field)).toMatchObject({ bias: 0, mae: 0, mse: 0, rmse: 0 });
      }),
    );
  });

  test('the order of cells does not matter, and |bias| ≤ MAE ≤ RMSE', () => {
    fc.assert(
      fc.property(fieldPairs, ([one, other]) => {
        const errors = fieldErrors(one, other);
        const reversed = fieldErrors([...one].reverse(), [...other].reverse());
        expect(reversed.rmse).toBeCloseTo(errors.rmse, 12);
        expect(Math.abs(errors.bias)).toBeLessThanOrEqual(errors.mae + 1e-12);
        expect(errors.mae).toBeLessThanOrEqual(errors.rmse + 1e-12);
      }),
    );
  });
});

describe('poolFieldErrors', () => {
  test('pools squares over cases and takes one root', () => {
    const pooled = poolFieldErrors([fieldErrors([0, 0, 0], [0, 0, 0]), fieldErrors([1], [0])]);
    expect(pooled.rmse).toBe(0.5); // the mean of the two RMSE is 0.5 too, of the weighted 0.25
    expect(poolFieldErrors([fieldErrors([3], [0]), fieldErrors([1], [0])]).rmse).toBe(Math.sqrt(5));
  });

  test('equals the errors of the joined field', () => {
    fc.assert(
      fc.property(fieldPairs, fieldPairs, ([f1, o1], [f2, o2]) => {
        const pooled = poolFieldErrors([fieldErrors(f1, o1), fieldErrors(f2, o2)]);
        const joined = fieldErrors([...f1, ...f2], [...o1, ...o2]);
        expect(pooled.rmse).toBeCloseTo(joined.rmse, 12);
        expect(pooled.bias).toBeCloseTo(joined.bias, 12);
      }),
    );
  });

  test('leaves out cases without a cell', () => {
    expect(poolFieldErrors([fieldErrors([NaN], [1]), fieldErrors([1], [0])]).rmse).toBe(1);
  });
});

describe('marginalIceZoneErrors', () => {
  test('takes the cells with 0.15 < o < 0.80, both strict', () => {
    const observation = [0.15, 0.16, 0.5, 0.79, 0.8, 1, 0];
    const errors = marginalIceZoneErrors(
      observation.map(() => 0),
      observation,
    );
    expect(errors.n).toBe(3);
    expect(errors.rmse).toBeCloseTo(Math.sqrt((0.16 ** 2 + 0.5 ** 2 + 0.79 ** 2) / 3), 12);
  });

  test('is as strict with the bounds stored in single precision', () => {
    const observation = new Float32Array([0.15, 0.5, 0.8]);
    expect(marginalIceZoneErrors(observation, observation).n).toBe(1);
  });
});
