import { readFileSync } from 'node:fs';

interface LabelCase {
  readonly classes: number;
  readonly truth: number[];
  readonly predicted: number[];
  readonly confusion: number[][];
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly macroF1: number;
  readonly weightedF1: number;
  readonly meanIou: number;
  readonly kappa: number;
  readonly precision: number[];
  readonly recall: number[];
  readonly f1: number[];
  readonly iou: number[];
  readonly support: number[];
}

/** Values by scikit-learn, scipy and numpy; made by tools/fixtures/sklearn_scores.py. */
export const sklearn = JSON.parse(
  readFileSync(new URL('./fixtures/sklearn.json', import.meta.url), 'utf8'),
) as {
  readonly cases: LabelCase[];
  readonly temperature: {
    readonly logits: number[];
    readonly labels: number[];
    readonly temperature: number;
    readonly nllBefore: number;
    readonly nllAfter: number;
    readonly brier: number;
  };
  readonly ensemble: {
    readonly members: number;
    readonly ensemble: number[];
    readonly observation: number[];
    readonly ordinary: number;
    readonly fair: number;
    readonly spread: number;
    readonly rmse: number;
  };
};
