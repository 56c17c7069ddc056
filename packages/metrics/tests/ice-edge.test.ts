import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binaryAccuracy, iceEdgeError, spatialProbabilityScore } from '../src/index.js';
import { area, f, o } from './vectors.js';

describe('iceEdgeError', () => {
  test('matches the vector', () => {
    expect(iceEdgeError(f, o, { area })).toEqual({
      n: 6,
      over: 625,
      under: 625,
      iiee: 1250,
      extentError: 0,
      misplacement: 1250,
    });
  });

  test('a cell of exactly the threshold is open water, in double and in single precision', () => {
    expect(iceEdgeError([0.15], [0], { area: 1 }).iiee).toBe(0);
    expect(iceEdgeError(new Float32Array([0.15]), [0], { area: 1 }).iiee).toBe(0);
    expect(iceEdgeError([0], new Float32Array([0.15]), { area: 1 }).iiee).toBe(0);
    expect(iceEdgeError([0.1500001], [0], { area: 1 }).iiee).toBe(1);
  });

  test('takes each cell at its own area, masks, and drops missing cells', () => {
    const options = { area: [1, 2, 4, 8], mask: [1, 1, 1, 0] };
    const error = iceEdgeError([1, 0, NaN, 1], [0, 1, 1, 0], options);
    expect(error).toMatchObject({
      n: 2,
      over: 1,
      under: 2,
      iiee: 3,
      extentError: 1,
      misplacement: 2,
    });
  });

  test('is the sum of its parts and symmetric', () => {
    const fields = fc.array(fc.tuple(fc.double({ min: 0, max: 1 }), fc.double({ min: 0, max: 1 })));
    fc.assert(
      fc.property(fields, (pairs) => {
        const one = pairs.map(([value]) => value);
        const other = pairs.map(([, value]) => value);
        const error = iceEdgeError(one, other, { area: 625 });
        expect(error.iiee).toBe(error.extentError + error.misplacement);
        expect(iceEdgeError(other, one, { area: 625 }).iiee).toBe(error.iiee);
        expect(iceEdgeError(one, one, { area: 625 }).iiee).toBe(0);
      }),
    );
  });
});

describe('spatialProbabilityScore', () => {
  test('equals the IIEE for certain forecasts', () => {
    const certain = f.map((value) => (value > 0.15 ? 1 : 0));
    expect(spatialProbabilityScore(certain, o, { area })).toBe(1250);
  });

  test('squares the miss of the probability, by area', () => {
    expect(spatialProbabilityScore([0.5, 0.9, NaN], [0, 1, 1], { area: [4, 100, 7] })).toBeCloseTo(
      2,
      12,
    );
  });
});

describe('binaryAccuracy', () => {
  test('matches the vector', () => {
    expect(binaryAccuracy(f, o)).toBeCloseTo(66.6667, 4);
  });

  test('goes by the active cells and drops missing ones', () => {
    expect(binaryAccuracy([1, 1, NaN], [1, 0, 0], { mask: [1, 0, 1] })).toBe(100);
    expect(binaryAccuracy([NaN], [1])).toBeNaN();
  });
});
