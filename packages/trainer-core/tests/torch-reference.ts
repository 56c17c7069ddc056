import { readFileSync } from 'node:fs';

interface OptimizerCase {
  readonly name: string;
  readonly w0: number[];
  readonly b0: number[];
  readonly steps: readonly {
    readonly gw: number[];
    readonly gb: number[];
    readonly norm?: number;
    readonly w: number[];
    readonly b: number[];
  }[];
}

/** Written by tools/fixtures/make_torch_reference.py. */
export const torchReference: {
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
} = JSON.parse(readFileSync(new URL('./fixtures/torch-reference.json', import.meta.url), 'utf8'));
