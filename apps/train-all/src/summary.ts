import { z } from 'zod';

const count = z.number().int().min(0);
const score = z.number();
const interval = z.tuple([z.number(), z.number()]);

const classScores = z.object({
  class: z.string(),
  n: count,
  precision: score,
  recall: score,
  f1: score,
  iou: score,
});

const classification = z.object({
  n: count,
  accuracy: score,
  accuracyInterval: interval.optional(),
  balancedAccuracy: score,
  macroF1: score,
  weightedF1: score,
  kappa: score,
  ece: score.nullable(),
  perClass: z.array(classScores),
  confusion: z.array(z.array(count)),
});

const leadScores = z.object({
  lead: count,
  n: count,
  rmse: score,
  mae: score,
  bias: score,
  /** Integrated ice-edge error, km², mean over the cases. */
  iiee: score,
  /** Percent of cells on the right side of 15 %. */
  binaryAccuracy: score,
});

const forecast = z.object({ n: count, leads: z.array(leadScores) });

/** RMSE skill 1 − RMSE/RMSE_reference per lead with its block-bootstrap interval; negative where the reference is better. */
const skill = z.object({ lead: count, skill: score, interval: interval.nullable() });

const change = z.object({
  n: count,
  precision: score,
  recall: score,
  f1: score,
  f1Interval: interval.optional(),
  iou: score,
});

const cost = {
  parameters: count,
  seconds: z.number().nullable(),
  peakMemoryMb: z.number().nullable(),
};

const classifierSummary = z.object({
  synthetic: z.boolean(),
  test: classification,
  baselines: z.record(z.string(), classification),
  ...cost,
});
const convlstmSummary = z.object({
  synthetic: z.boolean(),
  test: forecast,
  baselines: z.record(z.string(), forecast),
  skill: z.record(z.string(), z.array(skill)),
  notes: z.array(z.string()),
  ...cost,
});
const siameseSummary = z.object({
  synthetic: z.boolean(),
  threshold: z.number(),
  test: change,
  baselines: z.record(z.string(), change),
  ...cost,
});

/** The contract of `runs/<name>/summary.json`, version 1. */
export const summarySchema = z.object({
  schema: z.literal(1),
  name: z.string(),
  createdAt: z.iso.datetime(),
  seed: z.number().int(),
  source: z.string(),
  backend: z.record(z.string(), z.unknown()),
  versions: z.record(z.string(), z.string()),
  models: z.object({
    classifier: classifierSummary.optional(),
    convlstm: convlstmSummary.optional(),
    siamese: siameseSummary.optional(),
  }),
});

export type Summary = z.infer<typeof summarySchema>;
export type ClassifierSummary = z.infer<typeof classifierSummary>;
export type ConvlstmSummary = z.infer<typeof convlstmSummary>;
export type SiameseSummary = z.infer<typeof siameseSummary>;
export type ClassificationScores = z.infer<typeof classification>;
export type ForecastScores = z.infer<typeof forecast>;
export type ChangeScores = z.infer<typeof change>;
