/**
 * Scores of sea-ice forecasts, ice classes and change maps, the reference forecasts to judge them
 * by, and bootstrap intervals, on plain arrays. Missing is `NaN`; a NaN in either field removes
 * the cell. Concentration is a fraction 0..1; dates are days since 1970-01-01.
 *
 * @example
 * ```ts
 * import { createLeadScores, leadSkill } from '@arctic/metrics';
 *
 * const mask = [1, 1, 1, 1, 1, 1];
 * const options = { leads: 1, mask, area: 625 };
 * const model = createLeadScores(options);
 * const reference = createLeadScores(options);
 * for (let day = 0; day < 90; day++) {
 *   const observation = [0, 0.2, 0.9, 0.14, 0.1, 0.6];
 *   model.add(1, [0.05, 0.1, 0.85, 0.3, 0.15, 0.65], observation, day);
 *   reference.add(1, [0.2, 0.35, 0.95, 0.4, 0, 0.4], observation, day);
 * }
 * const [score] = model.result();
 * const [baseline] = reference.result();
 * if (!score || !baseline) throw new Error('one lead was asked for');
 * const skill = leadSkill(score, baseline, { seed: 1 });
 * const line = `RMSE ${score.rmse.toFixed(4)}, skill ${skill.rmsess.value.toFixed(4)}`;
 * if (line !== 'RMSE 0.0872, skill 0.5003') throw new Error(line);
 * ```
 *
 * @module
 */
export { MetricsError, isMetricsError } from './errors.js';
export type { CellOptions, Field } from './cells.js';
export { assertConcentration } from './concentration.js';

// Fields of concentration
export { fieldErrors, marginalIceZoneErrors, poolFieldErrors } from './field-errors.js';
export type { FieldErrors, MarginalIceZoneOptions } from './field-errors.js';
export { iceEdgeError, spatialProbabilityScore } from './ice-edge.js';
export type { IceEdgeError, IceEdgeOptions } from './ice-edge.js';
export { binaryAccuracy } from './binary-accuracy.js';
export type { BinaryAccuracyOptions } from './binary-accuracy.js';
export { anomalyCorrelation, nashSutcliffe } from './correlation.js';
export type { AnomalyCorrelationOptions } from './correlation.js';
export { describeSkill, meanSquareSkill, rootMeanSquareSkill } from './skill.js';
export {
  brierScore,
  ensembleCrps,
  intervalCoverage,
  rankHistogram,
  spreadSkill,
} from './ensemble.js';
export type { CrpsOptions, EnsembleOptions, IntervalCoverage, SpreadSkill } from './ensemble.js';

// Forecasts by lead time
export { createLeadScores } from './lead-scores.js';
export type { CaseSums, LeadScores, LeadScoresOptions } from './lead-scores.js';
export { leadInterval, leadScoreOf, leadSkill } from './lead-summary.js';
export type { LeadBootstrapOptions, LeadScore, LeadScoreName, LeadSkill } from './lead-summary.js';

// Reference forecasts
export { activeCells } from './active-cells.js';
export type { ActiveCellsOptions } from './active-cells.js';
export { climatologyFromDaily } from './climatology-daily.js';
export type { DailyRecord } from './climatology-daily.js';
export { climatologyFromMonthly } from './climatology-monthly.js';
export type { MonthlyRecord } from './climatology-monthly.js';
export { climatologyOn, climatologyOnInto } from './climatology.js';
export type { Climatology } from './climatology.js';
export { fitDamping } from './damping.js';
export type { Damping, DampingOptions } from './damping.js';
export { fillFromDayBefore, fillFromDayBeforeInto } from './fill.js';
export {
  anomalyPersistence,
  dampedAnomalyPersistence,
  dampedAnomalyPersistenceInto,
  persistence,
} from './persistence.js';
export type { AnomalyForecast, DampedAnomalyForecast } from './persistence.js';
export { REFERENCE_NAMES, referenceForecasts } from './references.js';
export type { ReferenceForecasts, ReferenceName, ReferenceOptions } from './references.js';

// Classes and change
export { classificationScores, confusionMatrix } from './confusion.js';
export type {
  ClassificationScores,
  ClassScore,
  ConfusionMatrix,
  ConfusionOptions,
} from './confusion.js';
export {
  expectedCalibrationError,
  reliabilityTable,
  softmaxRows,
  topClass,
} from './calibration.js';
export type { ReliabilityBin, ReliabilityOptions, TopClass } from './calibration.js';
export { fitTemperature } from './temperature.js';
export type { TemperatureFit } from './temperature.js';
export { fitLogisticRegression, predictLogisticRegression } from './logistic-regression.js';
export type { LogisticRegression, LogisticRegressionOptions } from './logistic-regression.js';
export { changeCounts, changeScores } from './change.js';
export type { ChangeCounts, ChangeScores } from './change.js';
export { otsuThreshold } from './otsu.js';
export type { OtsuOptions } from './otsu.js';
export { bestThreshold, createThresholdSearch } from './threshold.js';
export type { ChosenThreshold, ThresholdSearch, ThresholdSearchOptions } from './threshold.js';

// Intervals
export { blockBootstrapInterval, bootstrapInterval } from './bootstrap.js';
export type { BlockBootstrapOptions, BootstrapOptions, Interval, Statistic } from './bootstrap.js';
