import { expectCount, expectLength, type Field } from './cells.js';

/** One bar of a reliability diagram. */
export interface ReliabilityBin {
  /** Lower edge, exclusive (the first bin includes 0). */
  readonly low: number;
  /** Upper edge, inclusive. */
  readonly high: number;
  readonly n: number;
  /** Mean confidence; NaN where n = 0. */
  readonly confidence: number;
  /** Share correct; NaN where n = 0. */
  readonly accuracy: number;
}

/** How confidences are binned. */
export interface ReliabilityOptions {
  /** Number of equal-width bins over 0..1. @default 15 */
  readonly bins?: number;
}

/**
 * The reliability table: confidence beside accuracy in equal-width bins.
 *
 * Reference: Guo et al. 2017, arXiv:1706.04599.
 *
 * @param confidence - [N], probability of the predicted class, 0..1.
 * @param correct - [N], non-zero where the prediction was right.
 * @throws MetricsError where lengths differ.
 */
export function reliabilityTable(
  confidence: Field,
  correct: Field,
  options: ReliabilityOptions = {},
): ReliabilityBin[] {
  const bins = options.bins ?? 15;
  expectCount('bins', bins, 1);
  expectLength('correct', correct, confidence.length);
  const n = new Float64Array(bins);
  const sums = new Float64Array(bins);
  const hits = new Float64Array(bins);
  for (let i = 0; i < confidence.length; i++) {
    const value = confidence[i] as number;
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(value * bins) - 1));
    n[bin] = (n[bin] as number) + 1;
    sums[bin] = (sums[bin] as number) + value;
    if (correct[i]) hits[bin] = (hits[bin] as number) + 1;
  }
  return Array.from(n, (count, bin) => ({
    low: bin / bins,
    high: (bin + 1) / bins,
    n: count,
    confidence: (sums[bin] as number) / count,
    accuracy: (hits[bin] as number) / count,
  }));
}

/**
 * The expected calibration error Σ n_b/N · |accuracy_b − confidence_b|, 0..1. NaN for no samples.
 *
 * @param table - From {@link reliabilityTable}; report it beside the number.
 */
export function expectedCalibrationError(table: readonly ReliabilityBin[]): number {
  let n = 0;
  let sum = 0;
  for (const bin of table) {
    if (bin.n === 0) continue;
    n += bin.n;
    sum += bin.n * Math.abs(bin.accuracy - bin.confidence);
  }
  return sum / n;
}

/** The most probable class of each row. */
export interface TopClass {
  /** [N], label. */
  readonly label: Int32Array;
  /** [N], its probability, 0..1. */
  readonly confidence: Float64Array;
}

/**
 * The label and confidence of the most probable class; the lower label wins a tie.
 *
 * @param probabilities - [N,K], rows sum to 1.
 * @param classes - K.
 * @throws MetricsError where the length is no multiple of K.
 */
export function topClass(probabilities: Field, classes: number): TopClass {
  const rows = countRows(probabilities, classes);
  const label = new Int32Array(rows);
  const confidence = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let k = 1; k < classes; k++) {
      if (
        (probabilities[row * classes + k] as number) >
        (probabilities[row * classes + best] as number)
      )
        best = k;
    }
    label[row] = best;
    confidence[row] = probabilities[row * classes + best] as number;
  }
  return { label, confidence };
}

/**
 * The softmax of each row of logits divided by a temperature.
 *
 * @param logits - [N,K].
 * @param classes - K.
 * @param temperature - Above 1 softens, below 1 sharpens; 1 leaves the softmax.
 * @returns [N,K], rows sum to 1.
 * @throws MetricsError where the length is no multiple of K.
 */
export function softmaxRows(logits: Field, classes: number, temperature = 1): Float64Array {
  const rows = countRows(logits, classes);
  const out = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    let top = -Infinity;
    for (let k = 0; k < classes; k++) top = Math.max(top, logits[start + k] as number);
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const value = Math.exp(((logits[start + k] as number) - top) / temperature);
      out[start + k] = value;
      sum += value;
    }
    for (let k = 0; k < classes; k++) out[start + k] = (out[start + k] as number) / sum;
  }
  return out;
}

/** N of an [N,K] array. */
export function countRows(values: Field, classes: number): number {
  expectCount('classes', classes, 1);
  const rows = Math.floor(values.length / classes);
  expectLength('[N,K] array', values, rows * classes);
  return rows;
}
