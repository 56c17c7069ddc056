import type { PlateauOptions } from './plateau.js';

/** A linear rise to the full learning rate before the schedule proper begins. */
export interface WarmUp {
  /** Length of the rise in optimizer steps; the first step uses 1 / warmupSteps of the rate. @default 0 */
  readonly warmupSteps?: number;
}

/** How the learning rate changes over a run. */
export type Schedule = WarmUp &
  (
    | { readonly kind: 'constant' }
    /** Half a cosine from the full rate down to `minLearningRate` (default 0) at the last step. */
    | { readonly kind: 'cosine'; readonly minLearningRate?: number }
    /** Multiplied by `factor` after every `everyEpochs` epochs. */
    | { readonly kind: 'step'; readonly everyEpochs: number; readonly factor: number }
    /** Lowered when the run's monitored metric stops improving. */
    | ({ readonly kind: 'plateau' } & PlateauOptions)
  );

/** How long a run is, in optimizer steps. */
export interface RunLength {
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
}

/**
 * The learning rate of a step: a pure function of its number.
 *
 * The schedule proper starts when the warm-up is over and has the remaining steps to itself, as
 * with `torch.optim.lr_scheduler.SequentialLR([LinearLR, …])`; its values are those of
 * `CosineAnnealingLR` and `StepLR` advanced once per optimizer step.
 *
 * @param base The full rate; for a plateau schedule, the rate it stands at.
 * @param step Optimizer steps already taken: 0 for the first.
 */
export function learningRateAt(
  schedule: Schedule,
  base: number,
  step: number,
  { totalSteps, stepsPerEpoch }: RunLength,
): number {
  const { warmupSteps = 0 } = schedule;
  if (step < warmupSteps) return (base * (step + 1)) / warmupSteps;
  const after = step - warmupSteps;
  switch (schedule.kind) {
    case 'constant':
    case 'plateau':
      return base;
    case 'cosine': {
      const { minLearningRate = 0 } = schedule;
      const done = Math.min(1, after / Math.max(1, totalSteps - warmupSteps));
      return minLearningRate + ((base - minLearningRate) * (1 + Math.cos(Math.PI * done))) / 2;
    }
    case 'step':
      return base * schedule.factor ** Math.floor(after / (schedule.everyEpochs * stepsPerEpoch));
  }
}
