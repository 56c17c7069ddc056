import { changeScores, type ChangeScores } from './change.js';
import { expectLength, type Field } from './cells.js';
import { MetricsError } from './errors.js';

/** Which thresholds to try. */
export interface ThresholdSearchOptions {
  /** Ascending candidates. @default 0.01, 0.02, … 0.99 */
  readonly candidates?: readonly number[];
}

/** A threshold with the scores it reaches on the data it was chosen on. */
export interface ChosenThreshold {
  readonly threshold: number;
  readonly scores: ChangeScores;
}

/** Collects pixels image by image, then picks the threshold of best pooled F1. */
export interface ThresholdSearch {
  /** Adds an image: `probability` [N], `truth` [N] non-zero = changed, `mask` [N] non-zero counts. */
  add(probability: Field, truth: Field, mask?: Field): void;
  /** The best threshold so far. Pixels with p ≥ threshold are positive. */
  best(): ChosenThreshold;
}

/**
 * A search for the decision threshold of best pooled F1, fed image by image. Feed it validation
 * images only: a threshold chosen on the test split makes the test score a training score.
 *
 * A pixel is positive where p ≥ threshold. Of equally good thresholds the middle one is taken; a
 * NaN probability removes the pixel.
 *
 * @throws MetricsError where the candidates do not ascend.
 */
export function createThresholdSearch(options: ThresholdSearchOptions = {}): ThresholdSearch {
  const candidates =
    options.candidates ?? Array.from({ length: 99 }, (_, index) => (index + 1) / 100);
  if (!candidates.every((value, i) => i === 0 || value > (candidates[i - 1] ?? value))) {
    throw new MetricsError(
      `Expected ascending threshold candidates. Received: ${candidates.join(', ')}.`,
    );
  }
  if (candidates.length === 0) {
    throw new MetricsError('Expected at least one threshold candidate. Received: none.');
  }
  const single = Float32Array.from(candidates); // as a Float32Array of probabilities stores them
  const double = Float64Array.from(candidates);
  // [j] counts the pixels that pass exactly the first j candidates
  const changed = new Float64Array(candidates.length + 1);
  const unchanged = new Float64Array(candidates.length + 1);

  return {
    add(probability, truth, mask): void {
      expectLength('probability', probability, truth.length);
      if (mask) expectLength('mask', mask, truth.length);
      const levels = probability instanceof Float32Array ? single : double;
      for (let i = 0; i < truth.length; i++) {
        if (mask && !mask[i]) continue;
        const p = probability[i] as number;
        if (Number.isNaN(p)) continue;
        const passed = countAtMost(levels, p);
        const counts = truth[i] ? changed : unchanged;
        counts[passed] = (counts[passed] as number) + 1;
      }
    },
    best(): ChosenThreshold {
      const scored = candidates.map((_, index) => {
        const truePositives = total(changed, index + 1);
        const falsePositives = total(unchanged, index + 1);
        return changeScores({
          truePositives,
          falsePositives,
          falseNegatives: total(changed, 0) - truePositives,
          trueNegatives: total(unchanged, 0) - falsePositives,
        });
      });
      const top = Math.max(...scored.map((one) => one.f1));
      const winners = scored.flatMap((one, index) => (one.f1 === top ? [index] : []));
      const chosen = winners[winners.length >> 1] ?? 0;
      return {
        threshold: candidates[chosen] as number, // chosen indexes candidates
        scores: scored[chosen] as ChangeScores,
      };
    },
  };
}

/**
 * The threshold of best F1 for one array of probabilities; see {@link createThresholdSearch}.
 *
 * @param probability - [N], 0..1.
 * @param truth - [N], non-zero = changed.
 * @throws MetricsError where lengths differ.
 */
export function bestThreshold(
  probability: Field,
  truth: Field,
  options: ThresholdSearchOptions & { readonly mask?: Field } = {},
): ChosenThreshold {
  const search = createThresholdSearch(options);
  search.add(probability, truth, options.mask);
  return search.best();
}

/** Number of ascending levels that are ≤ value. */
function countAtMost(levels: Float32Array | Float64Array, value: number): number {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((levels[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function total(counts: Float64Array, from: number): number {
  let sum = 0;
  for (let j = from; j < counts.length; j++) sum += counts[j] as number;
  return sum;
}
