import { countRows } from './calibration.js';
import { expectLength, type Field } from './cells.js';
import { MetricsError } from './errors.js';

/** A fitted temperature and what it gained. */
export interface TemperatureFit {
  /** Divide the logits by it. */
  readonly temperature: number;
  /** Mean negative log-likelihood at temperature 1, nat. */
  readonly nllBefore: number;
  /** Mean negative log-likelihood at the fitted temperature, nat. */
  readonly nllAfter: number;
}

/** Bounds of the search, as log temperature: about 1/55 to 55. */
const LOG_BOUND = 4;
/** Golden-section steps: 8 × 0.618⁶⁰ is far below double rounding of the likelihood. */
const STEPS = 60;

/**
 * The temperature that minimises the negative log-likelihood of validation logits. It changes
 * confidences, never labels. The likelihood is convex in 1 / T, so that a golden-section search
 * finds the minimum. A set without any mistake has none: the sharpest allowed temperature is
 * returned.
 *
 * Reference: Guo et al. 2017, arXiv:1706.04599, section 4.2.
 *
 * @param logits - [N,K], from the validation split.
 * @param labels - [N], 0..K−1.
 * @param classes - K.
 * @throws MetricsError where shapes differ, a label is out of range, or N = 0.
 */
export function fitTemperature(logits: Field, labels: Field, classes: number): TemperatureFit {
  const rows = countRows(logits, classes);
  expectLength('labels', labels, rows);
  if (rows === 0) throw new MetricsError('Expected at least one row of logits. Received: none.');
  for (let row = 0; row < rows; row++) {
    const label = labels[row] as number;
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new MetricsError(
        `Expected labels 0..${classes - 1}. Received: ${label} at position ${row}.`,
      );
    }
  }
  const cost = (logT: number): number => meanNll(logits, labels, classes, Math.exp(logT));
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = -LOG_BOUND;
  let high = LOG_BOUND;
  let left = high - golden * (high - low);
  let right = low + golden * (high - low);
  let costLeft = cost(left);
  let costRight = cost(right);
  for (let step = 0; step < STEPS; step++) {
    if (costLeft <= costRight) {
      high = right;
      right = left;
      costRight = costLeft;
      left = high - golden * (high - low);
      costLeft = cost(left);
    } else {
      low = left;
      left = right;
      costLeft = costRight;
      right = low + golden * (high - low);
      costRight = cost(right);
    }
  }
  const temperature = Math.exp((low + high) / 2);
  return {
    temperature,
    nllBefore: cost(0),
    nllAfter: meanNll(logits, labels, classes, temperature),
  };
}

function meanNll(logits: Field, labels: Field, classes: number, temperature: number): number {
  const rows = labels.length;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    let top = -Infinity;
    for (let k = 0; k < classes; k++) top = Math.max(top, logits[start + k] as number);
    let total = 0;
    for (let k = 0; k < classes; k++) {
      total += Math.exp(((logits[start + k] as number) - top) / temperature);
    }
    sum +=
      Math.log(total) - ((logits[start + (labels[row] as number)] as number) - top) / temperature;
  }
  return sum / rows;
}
