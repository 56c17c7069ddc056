import type {
  ChangeScores,
  ClassificationScores,
  ForecastScores,
  Summary,
} from '../src/summary.js';

const classification = (accuracy: number): ClassificationScores => ({
  n: 30,
  accuracy,
  accuracyInterval: [accuracy - 0.1, accuracy + 0.1],
  balancedAccuracy: accuracy,
  macroF1: accuracy,
  weightedF1: accuracy,
  kappa: 0.5,
  ece: null,
  perClass: [{ class: 'open_water', n: 30, precision: 1, recall: 1, f1: 1, iou: 1 }],
  confusion: [[30]],
});

const forecast = (...rmse: number[]): ForecastScores => ({
  n: 86,
  leads: rmse.map((value, i) => ({
    lead: i + 1,
    n: 86,
    rmse: value,
    mae: value / 2,
    bias: -0.01,
    iiee: 380_000,
    binaryAccuracy: 97.5,
  })),
});

const change = (f1: number): ChangeScores => ({
  n: 20,
  precision: f1,
  recall: f1,
  f1,
  iou: f1 / 2,
});

/** A summary of all three models; the forecaster is worse than one reference at day 2. */
export function makeSummary(): Summary {
  const cost = { parameters: 309_424, seconds: 90, peakMemoryMb: 812 };
  return {
    schema: 1,
    name: 'sample',
    createdAt: '2026-01-02T03:04:05.000Z',
    seed: 7,
    source: 'synthetic',
    backend: { backend: 'tensorflow', kind: 'native', device: 'CPU' },
    versions: { node: 'v20.19.0' },
    models: {
      classifier: {
        synthetic: true,
        test: classification(0.9),
        baselines: { majority: classification(0.4), logisticRegression: classification(0.7) },
        ...cost,
      },
      convlstm: {
        synthetic: false,
        test: forecast(0.05, 0.1),
        baselines: {
          persistence: forecast(0.06, 0.11),
          dampedAnomalyPersistence: forecast(0.055, 0.08),
        },
        skill: {
          persistence: [
            { lead: 1, skill: 0.1667, interval: [0.1, 0.2] },
            { lead: 2, skill: 0.0909, interval: null },
          ],
          dampedAnomalyPersistence: [
            { lead: 1, skill: 0.0909, interval: [-0.02, 0.2] },
            { lead: 2, skill: -0.25, interval: [-0.4, -0.1] },
          ],
        },
        notes: ['86 issue dates.'],
        ...cost,
      },
      siamese: {
        synthetic: true,
        threshold: 0.45,
        test: change(0.8),
        baselines: { differenceOtsu: change(0.3), allChanged: change(0.2) },
        ...cost,
      },
    },
  };
}
