import {
  bootstrapInterval,
  classificationScores,
  confusionMatrix,
  expectedCalibrationError,
  reliabilityTable,
  topClass,
  type ReliabilityBin,
} from '@arctic/metrics';
import type { ClassificationScores } from '../summary.js';

/** The scores of class probabilities against the truth, as the summary wants them. */
export function scoreClasses(
  truth: ArrayLike<number>,
  probabilities: Float64Array,
  classes: readonly string[],
  seed: number,
): { scores: ClassificationScores; bins: ReliabilityBin[]; predicted: Int32Array } {
  const { label, confidence } = topClass(probabilities, classes.length);
  const correct = label.map((k, i) => (k === truth[i] ? 1 : 0));
  const bins = reliabilityTable(confidence, correct);
  const interval = bootstrapInterval(
    correct.length,
    (cases) => cases.reduce((sum, i) => sum + (correct[i] ?? 0), 0) / cases.length,
    { seed },
  );
  return {
    predicted: label,
    bins,
    scores: {
      ...scoreLabels(truth, label, classes),
      ece: expectedCalibrationError(bins),
      accuracyInterval: [interval.low, interval.high],
    },
  };
}

/** The same for bare labels, which have no calibration. */
export function scoreLabels(
  truth: ArrayLike<number>,
  label: ArrayLike<number>,
  classes: readonly string[],
): ClassificationScores {
  const matrix = confusionMatrix(Int32Array.from(truth), Int32Array.from(label), {
    classes: classes.length,
  });
  const { n, accuracy, balancedAccuracy, macroF1, weightedF1, kappa, perClass } =
    classificationScores(matrix);
  return {
    n,
    accuracy,
    balancedAccuracy,
    macroF1,
    weightedF1,
    kappa,
    ece: null,
    perClass: perClass.map(({ support, precision, recall, f1, iou }, k) => ({
      class: classes[k] ?? '',
      n: support,
      precision,
      recall,
      f1,
      iou,
    })),
    confusion: matrix,
  };
}

/** Mean and standard deviation of each channel of an image: what the baseline sees of it. @param image [H,W,C] */
export function channelStatistics(image: Uint8Array, channels = 3): number[] {
  const n = image.length / channels;
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  image.forEach((value, i) => {
    const c = i % channels;
    sums[c] = (sums[c] as number) + value;
    squares[c] = (squares[c] as number) + value * value;
  });
  return Array.from(sums, (sum, c) => [
    sum / n,
    Math.sqrt(Math.max(0, (squares[c] as number) / n - (sum / n) ** 2)),
  ]).flat();
}
