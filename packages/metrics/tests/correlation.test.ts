import { describe, expect, test } from 'vitest';
import { anomalyCorrelation, nashSutcliffe } from '../src/index.js';
import { c, f, o } from './vectors.js';

describe('nashSutcliffe', () => {
  test('matches the vector', () => {
    expect(nashSutcliffe(f, o)).toBeCloseTo(0.9255308, 7);
  });

  test('is negative, not clipped, for a forecast worse than the mean', () => {
    expect(nashSutcliffe([1, 0], [0, 1])).toBe(-3);
  });

  test('is NaN where the observation does not vary', () => {
    expect(nashSutcliffe([1, 0], [0.5, 0.5])).toBeNaN();
    expect(nashSutcliffe([1, 0, 1], [0.1, 0.1, 0.1])).toBeNaN();
  });

  test('leaves out missing cells', () => {
    expect(nashSutcliffe([...f, NaN, 1], [...o, 1, NaN])).toBeCloseTo(0.9255308, 7);
  });
});

describe('anomalyCorrelation', () => {
  test('matches the vectors', () => {
    expect(anomalyCorrelation(f, o, c, { kind: 'uncentred' })).toBeCloseTo(0.8733547, 7);
    expect(anomalyCorrelation(f, o, c, { kind: 'centred' })).toBeCloseTo(0.8688753, 7);
  });

  test('is NaN where a variance is 0', () => {
    expect(anomalyCorrelation(c, o, c, { kind: 'uncentred' })).toBeNaN();
    const shifted = c.map((value) => value + 0.1);
    expect(
      anomalyCorrelation(
        shifted,
        o,
        c.map(() => 0),
        { kind: 'centred' },
      ),
    ).not.toBeNaN();
    expect(
      anomalyCorrelation([0.1, 0.1, 0.1], [0, 1, 2], [0, 0, 0], { kind: 'centred' }),
    ).toBeNaN();
  });

  test('leaves out masked and missing cells', () => {
    const more = { kind: 'centred', mask: [...f.map(() => 1), 0, 1] } as const;
    const value = anomalyCorrelation([...f, 9, NaN], [...o, 0, 1], [...c, 0, 0], more);
    expect(value).toBeCloseTo(0.8688753, 7);
  });
});
