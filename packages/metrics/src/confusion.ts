import { expectCount, expectLength, type Field } from './cells.js';
import { MetricsError } from './errors.js';

/** [K,K] counts: rows are the truth, columns the prediction. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** Which labels there are. */
export interface ConfusionOptions {
  /** Number of classes K; labels are 0..K−1. */
  readonly classes: number;
  /** A truth label to leave out, for example 255 = unknown. @default none */
  readonly ignore?: number;
}

/**
 * The confusion matrix of two label lists, rows = truth.
 *
 * @param truth - [N], labels 0..K−1 or `ignore`.
 * @param predicted - [N], labels 0..K−1.
 * @throws MetricsError where lengths differ or a label is outside 0..K−1.
 */
export function confusionMatrix(
  truth: Field,
  predicted: Field,
  options: ConfusionOptions,
): number[][] {
  const { classes, ignore } = options;
  expectCount('classes', classes, 1);
  expectLength('predicted', predicted, truth.length);
  const counts = new Float64Array(classes * classes);
  for (let i = 0; i < truth.length; i++) {
    const row = truth[i] as number;
    if (row === ignore) continue;
    const column = predicted[i] as number;
    if (!isLabel(row, classes) || !isLabel(column, classes)) {
      throw new MetricsError(
        `Expected labels 0..${classes - 1}. Received: truth ${row}, predicted ${column} ` +
          `at position ${i}. Give unknown cells the label named by "ignore".`,
      );
    }
    counts[row * classes + column] = (counts[row * classes + column] as number) + 1;
  }
  return Array.from({ length: classes }, (_, row) =>
    Array.from(counts.subarray(row * classes, (row + 1) * classes)),
  );
}

/** The scores of one class; 0 where undefined. */
export interface ClassScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Intersection over union TP / (TP + FP + FN). */
  readonly iou: number;
  /** Number of samples whose truth is this class. */
  readonly support: number;
}

/** The scores of a confusion matrix; 0 where undefined, never 1. */
export interface ClassificationScores {
  readonly n: number;
  /** Share of correct labels (= micro-F1: never call it F1). */
  readonly accuracy: number;
  /** Mean recall over the classes present in the truth. */
  readonly balancedAccuracy: number;
  /** Plain mean of the classes' F1, absent classes included as 0. */
  readonly macroF1: number;
  /** Mean of the classes' F1 weighted by support. */
  readonly weightedF1: number;
  /** Plain mean of the classes' IoU. */
  readonly meanIou: number;
  /** Cohen's κ: agreement beyond chance. */
  readonly kappa: number;
  readonly perClass: readonly ClassScore[];
}

/**
 * Accuracy, balanced accuracy, macro and weighted F1, IoU and Cohen's κ of a confusion matrix.
 *
 * Reference: scikit-learn user guide, "Metrics and scoring"; Cohen 1960, doi:10.1177/001316446002000104.
 *
 * @param matrix - [K,K] counts, rows = truth.
 * @throws MetricsError where the matrix is not square.
 */
export function classificationScores(matrix: ConfusionMatrix): ClassificationScores {
  const classes = matrix.length;
  for (const row of matrix) expectLength('matrix row', row, classes);
  const at = (row: number, column: number): number => matrix[row]?.[column] ?? 0;
  const support = matrix.map((row) => sum(row));
  const predicted = matrix.map((_, k) => sum(matrix.map((row) => row[k] ?? 0)));
  const n = sum(support);
  const perClass = matrix.map((_, k) => {
    const hits = at(k, k);
    const truth = support[k] ?? 0;
    return { ...detectionScores(hits, (predicted[k] ?? 0) - hits, truth - hits), support: truth };
  });
  const accuracy = ratio(sum(matrix.map((_, k) => at(k, k))), n);
  const chance = ratio(sum(support.map((truth, k) => truth * (predicted[k] ?? 0))), n * n);
  const present = perClass.filter((one) => one.support > 0);
  return {
    n,
    accuracy,
    balancedAccuracy: ratio(sum(present.map((one) => one.recall)), present.length),
    macroF1: ratio(sum(perClass.map((one) => one.f1)), classes),
    weightedF1: ratio(sum(perClass.map((one) => one.f1 * one.support)), n),
    meanIou: ratio(sum(perClass.map((one) => one.iou)), classes),
    kappa: ratio(accuracy - chance, 1 - chance),
    perClass,
  };
}

/** Precision, recall, F1 and IoU of counts; 0 where undefined. */
export function detectionScores(
  truePositives: number,
  falsePositives: number,
  falseNegatives: number,
): { precision: number; recall: number; f1: number; iou: number } {
  const wrong = falsePositives + falseNegatives;
  return {
    precision: ratio(truePositives, truePositives + falsePositives),
    recall: ratio(truePositives, truePositives + falseNegatives),
    f1: ratio(2 * truePositives, 2 * truePositives + wrong),
    iou: ratio(truePositives, truePositives + wrong),
  };
}

function isLabel(value: number, classes: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < classes;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
