import { detectionScores } from './confusion.js';
import { expectLength, type Field } from './cells.js';

/** How predicted and true change pixels meet; positives = changed. */
export interface ChangeCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** The scores of a change map; 0 where undefined. */
export interface ChangeScores extends ChangeCounts {
  /** Number of pixels. */
  readonly n: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly iou: number;
  /** Share of correct pixels: misleading where change is rare; never the headline. */
  readonly accuracy: number;
}

/**
 * The pixel counts of a binary change map against the truth.
 *
 * @param predicted - [N], non-zero = changed.
 * @param truth - [N], non-zero = changed (1 or 255).
 * @param mask - [N], non-zero = the pixel counts. Every pixel when left out.
 * @throws MetricsError where lengths differ.
 */
export function changeCounts(predicted: Field, truth: Field, mask?: Field): ChangeCounts {
  expectLength('predicted', predicted, truth.length);
  if (mask) expectLength('mask', mask, truth.length);
  let truePositives = 0;
  let falsePositives = 0;
  let falseNegatives = 0;
  let trueNegatives = 0;
  for (let i = 0; i < truth.length; i++) {
    if (mask && !mask[i]) continue;
    if (truth[i]) {
      if (predicted[i]) truePositives++;
      else falseNegatives++;
    } else if (predicted[i]) falsePositives++;
    else trueNegatives++;
  }
  return { truePositives, falsePositives, falseNegatives, trueNegatives };
}

/**
 * Precision, recall, F1 and IoU of the changed class, pooled over all pixels of all images: counts
 * are added first, then divided once. (The mean of per-image F1 is another number.)
 *
 * @param counts - Counts of one image, or of every image of the test set.
 */
export function changeScores(counts: ChangeCounts | readonly ChangeCounts[]): ChangeScores {
  const images = 'truePositives' in counts ? [counts] : counts;
  const total = (key: keyof ChangeCounts): number =>
    images.reduce((sum, image) => sum + image[key], 0);
  const truePositives = total('truePositives');
  const falsePositives = total('falsePositives');
  const falseNegatives = total('falseNegatives');
  const trueNegatives = total('trueNegatives');
  const n = truePositives + falsePositives + falseNegatives + trueNegatives;
  return {
    n,
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives,
    ...detectionScores(truePositives, falsePositives, falseNegatives),
    accuracy: n === 0 ? 0 : (truePositives + trueNegatives) / n,
  };
}
