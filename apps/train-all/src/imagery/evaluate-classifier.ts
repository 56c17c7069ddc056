import {
  fitLogisticRegression,
  predictLogisticRegression,
  type LogisticRegression,
  type ReliabilityBin,
} from '@arctic/metrics';
import type { Classifier } from '@arctic/model-classifier';
import { type Normalisation, classProbabilities } from '@arctic/inference';
import type { ClassifierSummary } from '../summary.js';
import { item, type LabelledImages } from './arrays.js';
import { channelStatistics, scoreClasses, scoreLabels } from './classification-scores.js';

/** The baselines of the classifier, fitted on training scenes; saved with the model so that it can be judged anywhere. */
export interface ClassifierBaselines {
  /** The commonest class of the training scenes. */
  readonly majority: number;
  /** Multinomial logistic regression on mean and standard deviation of the channels. */
  readonly logisticRegression: LogisticRegression;
}

/** Fits the baselines on training scenes. */
export function fitClassifierBaselines(
  train: LabelledImages,
  classes: number,
): ClassifierBaselines {
  const counts = new Array<number>(classes).fill(0);
  train.labels.forEach((label) => (counts[label] = (counts[label] ?? 0) + 1));
  const features = Array.from({ length: train.n }, (_, i) =>
    channelStatistics(item(train.images, i, train.n)),
  );
  return {
    majority: counts.indexOf(Math.max(...counts)),
    logisticRegression: fitLogisticRegression(features, train.labels, classes),
  };
}

export interface ClassifierEvaluation extends Pick<ClassifierSummary, 'test' | 'baselines'> {
  readonly bins: readonly ReliabilityBin[];
  /** [N] */
  readonly predicted: Int32Array;
  /** [N,K] 0..1 */
  readonly probabilities: Float64Array;
}

/** The classifier and its baselines on the same scenes. */
export async function evaluateClassifier(
  model: Classifier,
  data: LabelledImages,
  normalisation: Normalisation,
  baselines: ClassifierBaselines,
  seed: number,
): Promise<ClassifierEvaluation> {
  const { classes } = model.config;
  const probabilities = await classProbabilities(model, data, normalisation);
  const { scores, bins, predicted } = scoreClasses(data.labels, probabilities, classes, seed);
  const regression = Array.from({ length: data.n }, (_, i) =>
    predictLogisticRegression(
      baselines.logisticRegression,
      channelStatistics(item(data.images, i, data.n)),
    ),
  ).flat();
  return {
    test: scores,
    bins,
    predicted,
    probabilities,
    baselines: {
      majority: scoreLabels(data.labels, new Uint8Array(data.n).fill(baselines.majority), classes),
      logisticRegressionOnMeanAndDeviation: scoreClasses(
        data.labels,
        Float64Array.from(regression),
        classes,
        seed,
      ).scores,
    },
  };
}
