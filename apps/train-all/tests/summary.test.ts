import { describe, expect, it } from 'vitest';
import { summarySchema } from '../src/summary.js';
import { makeSummary } from './sample-summary.js';

describe('summarySchema', () => {
  it('takes a whole summary and keeps every field', () => {
    const summary = makeSummary();
    expect(summarySchema.parse(summary)).toEqual(summary);
  });

  it('takes a run of one model', () => {
    const { classifier } = makeSummary().models;
    expect(summarySchema.safeParse({ ...makeSummary(), models: { classifier } }).success).toBe(
      true,
    );
  });

  it('keeps a skill below zero', () => {
    const { models } = summarySchema.parse(makeSummary());
    expect(models.convlstm?.skill['dampedAnomalyPersistence']?.[1]?.skill).toBe(-0.25);
  });

  it.each([
    ['another version', { schema: 2 }],
    ['a score that is NaN', { models: { convlstm: { rmse: NaN } } }],
    ['a date without a time', { createdAt: '2026-01-01' }],
    ['no baselines', { models: { siamese: { ...makeSummary().models.siamese, baselines: null } } }],
  ])('refuses %s', (_, change) => {
    expect(summarySchema.safeParse({ ...makeSummary(), ...change }).success).toBe(false);
  });
});
