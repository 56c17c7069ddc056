import {
  bootstrapInterval,
  changeCounts,
  changeScores,
  createThresholdSearch,
  otsuThreshold,
  type ChangeCounts,
} from '@arctic/metrics';
import type { Siamese } from '@arctic/model-siamese';
import { type Normalisation, changeProbability } from '@arctic/inference';
import type { ChangeScores, SiameseSummary } from '../summary.js';
import { item, type LabelledPairs } from './arrays.js';

/** Decision thresholds chosen on the validation pairs. */
export interface ChangeThresholds {
  /** Of the model's probability. */
  readonly model: number;
  /** Of the image difference (0…255), for the baseline that has one threshold for all pairs. */
  readonly difference: number;
}

/** The thresholds of best pooled F1 on the validation pairs. */
export async function chooseThresholds(
  model: Siamese,
  validation: LabelledPairs,
  normalisation: Normalisation,
): Promise<ChangeThresholds> {
  const forModel = createThresholdSearch();
  const forDifference = createThresholdSearch({
    candidates: Array.from({ length: 255 }, (_, i) => i + 1),
  });
  for (let i = 0; i < validation.n; i++) {
    const { before, after, change } = pair(validation, i);
    forModel.add(
      await changeProbability(
        model,
        before,
        after,
        validation.height,
        validation.width,
        normalisation,
      ),
      change,
    );
    forDifference.add(imageDifference(before, after), change);
  }
  return { model: forModel.best().threshold, difference: forDifference.best().threshold };
}

export type SiameseEvaluation = Pick<SiameseSummary, 'test' | 'baselines'>;

/** The detector and its baselines on the same pairs, pixels pooled. */
export async function evaluateSiamese(
  model: Siamese,
  data: LabelledPairs,
  normalisation: Normalisation,
  thresholds: ChangeThresholds,
  seed: number,
  onProgress: (done: number) => void,
): Promise<SiameseEvaluation> {
  const counts: Record<
    'model' | 'differenceOtsu' | 'differenceThreshold' | 'allChanged',
    ChangeCounts[]
  > = { model: [], differenceOtsu: [], differenceThreshold: [], allChanged: [] };
  for (let i = 0; i < data.n; i++) {
    const { before, after, change } = pair(data, i);
    const difference = imageDifference(before, after);
    const otsu = otsuThreshold(difference);
    const probability = await changeProbability(
      model,
      before,
      after,
      data.height,
      data.width,
      normalisation,
    );
    counts.model.push(changeCounts(above(probability, thresholds.model, true), change));
    counts.differenceOtsu.push(changeCounts(above(difference, otsu, false), change));
    counts.differenceThreshold.push(
      changeCounts(above(difference, thresholds.difference, true), change),
    );
    counts.allChanged.push(changeCounts(new Uint8Array(change.length).fill(1), change));
    onProgress(i + 1);
  }
  const { low, high } = bootstrapInterval(
    data.n,
    (cases) => changeScores(Array.from(cases, (i) => counts.model[i] as ChangeCounts)).f1,
    { seed },
  );
  const scores = (list: readonly ChangeCounts[]): ChangeScores => {
    const { precision, recall, f1, iou } = changeScores(list);
    return { n: data.n, precision, recall, f1, iou };
  };
  return {
    test: { ...scores(counts.model), f1Interval: [low, high] },
    baselines: {
      differenceOtsu: scores(counts.differenceOtsu),
      differenceThreshold: scores(counts.differenceThreshold),
      allChanged: scores(counts.allChanged),
    },
  };
}

/** Mean absolute difference over the channels, [H,W] 0…255. @param before and after: [H,W,3] uint8 */
export function imageDifference(before: Uint8Array, after: Uint8Array): Float32Array {
  return Float32Array.from({ length: before.length / 3 }, (_, i) => {
    const at = 3 * i;
    const channel = (c: number) => Math.abs((before[at + c] as number) - (after[at + c] as number));
    return (channel(0) + channel(1) + channel(2)) / 3;
  });
}

/** 1 where a value passes the threshold, itself included or not. */
export function above(values: Float32Array, threshold: number, inclusive: boolean): Uint8Array {
  const limit = Math.fround(threshold); // as the float32 values were rounded
  return Uint8Array.from(values, (v) => (v > limit || (inclusive && v === limit) ? 1 : 0));
}

function pair({ before, after, change, n }: LabelledPairs, index: number) {
  return {
    before: item(before, index, n),
    after: item(after, index, n),
    change: item(change, index, n),
  };
}
