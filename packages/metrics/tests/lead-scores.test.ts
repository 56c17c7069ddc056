import { describe, expect, test } from 'vitest';
import {
  binaryAccuracy,
  createLeadScores,
  fieldErrors,
  iceEdgeError,
  leadInterval,
  leadSkill,
  marginalIceZoneErrors,
  type LeadScore,
  type LeadScores,
} from '../src/index.js';
import { createGenerator } from '../src/generator.js';
import { area, f, o, p } from './vectors.js';

const mask = [1, 1, 1, 1, 1, 1];
const start = (leads = 1): LeadScores => createLeadScores({ leads, mask, area });
const first = (scores: LeadScores): LeadScore => scores.result()[0] as LeadScore; // leads ≥ 1

describe('createLeadScores', () => {
  test('one case gives the scores of the single functions', () => {
    const scores = start();
    scores.add(1, f, o);
    const edge = iceEdgeError(f, o, { area });
    const errors = fieldErrors(f, o);
    const score = first(scores);
    expect(score).toMatchObject({
      lead: 1,
      n: 1,
      cells: 6,
      iiee: edge.iiee,
      aee: edge.extentError,
      me: edge.misplacement,
      binaryAccuracy: binaryAccuracy(f, o),
    });
    expect(score.rmse).toBeCloseTo(errors.rmse, 12);
    expect(score.mae).toBeCloseTo(errors.mae, 12);
    expect(score.bias).toBeCloseTo(errors.bias, 12);
    expect(score.mizRmse).toBeCloseTo(marginalIceZoneErrors(f, o).rmse, 12);
  });

  test('pools squares over cases but averages the IIEE and its parts', () => {
    const scores = start();
    scores.add(1, [1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]);
    scores.add(1, [0, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0]);
    const score = first(scores);
    expect(score.rmse).toBeCloseTo(Math.sqrt(4 / 12), 12);
    expect(score.iiee).toBe((625 + 3 * 625) / 2);
    expect(score.aee).toBe((625 + 3 * 625) / 2); // not |mean O − mean U|
    expect(score.mizRmse).toBeNaN();
  });

  test('keeps leads apart, and a lead without cases is NaN', () => {
    const scores = start(2);
    scores.add(2, f, o);
    const [one, two] = scores.result();
    expect(one).toMatchObject({ lead: 1, n: 0, rmse: NaN, iiee: NaN });
    expect(two).toMatchObject({ lead: 2, n: 1 });
  });

  test('masked and always-missing cells are not scored as zero', () => {
    const scores = createLeadScores({ leads: 1, mask: [1, 1, 0], area: 1 });
    scores.add(1, [0.5, NaN, 0], [0, NaN, 0.9]);
    expect(first(scores)).toMatchObject({ cells: 1, rmse: 0.5 });
  });

  test('weighs by area when asked', () => {
    const scores = createLeadScores({ leads: 1, mask: [1, 1], area: [1, 3], weighting: 'area' });
    scores.add(1, [1, 0], [0, 0]);
    expect(first(scores).rmse).toBe(0.5);
  });

  test('refuses percent, flag codes, an empty mask, a wrong lead', () => {
    expect(() =>
      start().add(
        1,
        f,
        o.map((value) => value * 100),
      ),
    ).toThrow(/fraction 0..1.*Received: 20 /);
    expect(() => start().add(1, f, [254, ...o.slice(1)])).toThrow(/decode flag values/);
    expect(() => createLeadScores({ leads: 1, mask: [0], area: 1 })).toThrow(/empty mask/);
    expect(() => start().add(0, f, o)).toThrow(/"lead" in 1..1. Received: 0/);
    expect(() => start().add(1, [1], o)).toThrow(/"forecast" to have 6/);
  });
});

describe('leadSkill and leadInterval', () => {
  const random = createGenerator(8);
  const days = Array.from({ length: 90 }, (_, i) => 17_000 + i);
  const good = start();
  const bad = start();
  for (const day of days) {
    const truth = o.map(() => random());
    good.add(
      1,
      truth.map((value) => value + 0.1 * (random() - 0.5)),
      truth,
      day,
    );
    bad.add(
      1,
      truth.map((value) => value + 0.8 * (random() - 0.5)),
      truth,
      day,
    );
  }

  test('match the vector', () => {
    const model = start();
    const persistence = start();
    model.add(1, f, o);
    persistence.add(1, p, o);
    const skill = leadSkill(first(model), first(persistence), { seed: 1 });
    expect(skill.msess.value).toBeCloseTo(0.7502738, 7);
    expect(skill.rmsess.value).toBeCloseTo(0.5002739, 7);
    expect(skill.rmsess.low).toBeNaN(); // one case has no interval
  });

  test('a worse model keeps its negative skill, the whole interval below zero', () => {
    const skill = leadSkill(first(bad), first(good), { seed: 1 });
    expect(skill.rmsess.value).toBeLessThan(-6);
    expect(skill.rmsess.high).toBeLessThan(-5);
    expect(skill.n).toBe(90);
  });

  test('the interval of a score holds the score', () => {
    for (const name of ['rmse', 'mae', 'iiee', 'binaryAccuracy', 'mizRmse'] as const) {
      const interval = leadInterval(first(good), name, { seed: 1 });
      expect(interval.value).toBe(first(good)[name]);
      expect(interval.low).toBeLessThanOrEqual(interval.value);
      expect(interval.high).toBeGreaterThanOrEqual(interval.value);
    }
  });

  test('refuse a reference scored on other days or other cells', () => {
    const other = start();
    other.add(1, f, o);
    expect(() => leadSkill(first(good), first(other), { seed: 1 })).toThrow(/90 and 1 cases/);
    const holes = start();
    holes.add(1, [NaN, ...f.slice(1)], o);
    expect(() => leadSkill(first(holes), first(other), { seed: 1 })).toThrow(
      /same cases and cells/,
    );
  });
});
