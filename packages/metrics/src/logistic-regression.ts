import { MetricsError } from './errors.js';

/** A multinomial logistic regression on standardised features; plain JSON, so that it can be saved. */
export interface LogisticRegression {
  /** Mean and standard deviation of each feature in the training set. Length F. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Weights, one row of F + 1 (the last is the intercept) for each of K classes. */
  readonly weights: readonly (readonly number[])[];
}

/** How a regression is fitted. */
export interface LogisticRegressionOptions {
  /** Strength of the L2 penalty ½λ|w|², summed loss; scikit-learn's 1/C. @default 1 */
  readonly penalty?: number;
  /** Steps of gradient descent. @default 2000 */
  readonly steps?: number;
}

/**
 * The multinomial logistic regression of classes on features: a baseline that any image classifier has to beat.
 *
 * Minimises the summed cross-entropy with an L2 penalty on all weights but the intercepts, as scikit-learn's
 * `LogisticRegression` on standardised features, by gradient descent with Nesterov momentum.
 *
 * @param features N × F, any unit.
 * @param labels N class indices, 0 … classes − 1.
 * @throws MetricsError when the lengths differ or there is no sample.
 */
export function fitLogisticRegression(
  features: readonly (readonly number[])[],
  labels: ArrayLike<number>,
  classes: number,
  { penalty = 1, steps = 2000 }: LogisticRegressionOptions = {},
): LogisticRegression {
  const n = features.length;
  const size = features[0]?.length ?? 0;
  if (n === 0 || n !== labels.length) {
    throw new MetricsError(
      `Expected one label for each of one or more samples. Received: ${n} samples, ${labels.length} labels.`,
    );
  }
  const mean = Array.from(
    { length: size },
    (_, f) => features.reduce((s, x) => s + at(x, f), 0) / n,
  );
  const deviation = mean.map(
    (m, f) => Math.sqrt(features.reduce((s, x) => s + (at(x, f) - m) ** 2, 0) / n) || 1,
  );
  const rows = features.map((x) => standardise(x, mean, deviation));

  // The loss is convex with curvature at most ½·max|x|² per sample: a step of its inverse never overshoots.
  const curvature = rows.reduce((s, x) => s + 0.5 * x.reduce((q, v) => q + v * v, 0), 0) + penalty;
  const weights = Array.from({ length: classes }, () => new Float64Array(size + 1));
  const ahead = weights.map((w) => w.slice());
  for (let step = 0; step < steps; step++) {
    const gradient = ahead.map((w) => w.map((v, f) => (f < size ? penalty * v : 0)));
    rows.forEach((x, i) => {
      const p = softmax(ahead.map((w) => dot(w, x)));
      gradient.forEach((g, k) => {
        const error = at(p, k) - (labels[i] === k ? 1 : 0);
        for (let f = 0; f <= size; f++) g[f] = at(g, f) + error * at(x, f);
      });
    });
    const momentum = step / (step + 3);
    weights.forEach((w, k) => {
      const look = ahead[k] as Float64Array; // same length as weights
      const slope = gradient[k] as Float64Array;
      for (let f = 0; f <= size; f++) {
        const next = at(look, f) - at(slope, f) / curvature;
        look[f] = next + momentum * (next - at(w, f));
        w[f] = next;
      }
    });
  }
  return { mean, deviation, weights: weights.map((w) => [...w]) };
}

/** The probability of each class, 0..1, for one sample of F features. */
export function predictLogisticRegression(
  model: LogisticRegression,
  features: readonly number[],
): number[] {
  const x = standardise(features, model.mean, model.deviation);
  return softmax(model.weights.map((w) => dot(w, x)));
}

function standardise(
  x: readonly number[],
  mean: readonly number[],
  deviation: readonly number[],
): number[] {
  return [...mean.map((m, f) => (at(x, f) - m) / at(deviation, f)), 1];
}

function dot(w: ArrayLike<number>, x: readonly number[]): number {
  return x.reduce((sum, v, f) => sum + v * at(w, f), 0);
}

function softmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const powers = logits.map((v) => Math.exp(v - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((v) => v / sum);
}

/** An element that the caller knows to be there. */
function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}
