import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeSkill, fieldErrors, meanSquareSkill, rootMeanSquareSkill } from '../src/index.js';
import { c, f, o, p } from './vectors.js';

const positive = fc.double({ min: 1e-6, max: 1e3, noNaN: true });

describe('skill', () => {
  test('matches the vectors', () => {
    const model = fieldErrors(f, o);
    const persistence = fieldErrors(p, o);
    expect(meanSquareSkill(model.mse, persistence.mse)).toBeCloseTo(0.7502738, 7);
    expect(meanSquareSkill(model.mse, fieldErrors(c, o).mse)).toBeCloseTo(0.7601262, 7);
    expect(rootMeanSquareSkill(model.rmse, persistence.rmse)).toBeCloseTo(0.5002739, 7);
  });

  test('a model far worse than persistence is far below zero, and said so', () => {
    const skill = rootMeanSquareSkill(0.29, 0.035);
    expect(skill).toBeCloseTo(-7.2857, 4);
    expect(describeSkill(skill, 'persistence')).toBe(
      'WORSE than persistence by 728.6 % (skill −728.6 %)',
    );
    expect(describeSkill(0.29, 'persistence')).toBe(
      'better than persistence by 29.0 % (skill +29.0 %)',
    );
    expect(describeSkill(NaN, 'persistence')).toContain('undefined');
  });

  test('keeps its sign', () => {
    fc.assert(
      fc.property(positive, positive, (error, reference) => {
        const sign = Math.sign(reference - error);
        expect(Math.sign(rootMeanSquareSkill(error, reference))).toBe(sign);
        expect(Math.sign(meanSquareSkill(error, reference))).toBe(sign);
      }),
    );
  });

  test('a perfect forecast scores 1, the reference itself 0', () => {
    fc.assert(
      fc.property(positive, (reference) => {
        expect(rootMeanSquareSkill(0, reference)).toBe(1);
        expect(meanSquareSkill(reference, reference)).toBe(0);
      }),
    );
  });
});
