import { readFileSync } from 'node:fs';

interface OptimizerCase {
  readonly name: string;
  readonly w0: number[];
  readonly b0: number[];
  readonly steps: readonly {
    /** None while `w` is frozen. */
    readonly gw: number[] | null;
    readonly gb: number[];
    readonly norm?: number;
    /** Where a schedule changes them. */
    readonly lr?: number;
    readonly momentum?: number;
    readonly w: number[];
    readonly b: number[];
  }[];
}

interface AverageCase {
  readonly decay: number;
  readonly warmup?: number;
  readonly w0: number[];
  readonly b0: number[];
  readonly steps: readonly {
    readonly w: number[];
    readonly b: number[];
    readonly averageW: number[];
    readonly averageB: number[];
  }[];
}

export interface LossCase {
  readonly name: string;
  readonly logits: number[];
  readonly logitsShape: number[];
  readonly labels: number[];
  readonly labelsShape: number[];
  readonly loss: number;
  readonly gradient: number[];
  readonly classWeights?: number[];
  readonly positiveWeights?: number | number[];
  readonly labelSmoothing?: number;
  readonly sampleWeights?: number[];
}

/** Written by tools/fixtures/make_torch_reference.py. */
export const torchReference: {
  readonly torch: string;
  readonly optimizers: readonly OptimizerCase[];
  readonly schedules: Readonly<Record<string, readonly number[]>>;
  readonly plateaus: readonly {
    readonly scores: readonly number[];
    readonly rates: readonly number[];
    readonly options: {
      readonly mode: 'min' | 'max';
      readonly factor?: number;
      readonly patience?: number;
      readonly cooldown?: number;
      readonly min_lr?: number;
      readonly threshold?: number;
      readonly threshold_mode?: 'abs';
    };
  }[];
  readonly averages: readonly AverageCase[];
  readonly softmaxCrossEntropy: readonly LossCase[];
  readonly sigmoidCrossEntropy: readonly LossCase[];
} = JSON.parse(readFileSync(new URL('./fixtures/torch-reference.json', import.meta.url), 'utf8'));
