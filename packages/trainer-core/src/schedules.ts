import { oneCycleAt, type OneCycleOptions } from './one-cycle.js';
import type { PlateauOptions } from './plateau.js';

/** A linear rise to the full learning rate before the schedule proper begins. */
export interface WarmUp {
  /** Length of the rise in optimizer steps; the first step uses 1 / warmupSteps of the rate. @default 0 */
  readonly warmupSteps?: number;
  /** Length of the rise in epochs or parts of one, instead of `warmupSteps`. @default 0 */
  readonly warmupEpochs?: number;
}

/** How often a schedule moves: after every optimizer step, or only after every epoch. */
export interface Pace {
  readonly per?: 'step' | 'epoch';
}

/** A length in one unit or the other. */
export type Every =
  | { readonly everyEpochs: number; readonly everySteps?: undefined }
  | { readonly everySteps: number; readonly everyEpochs?: undefined };
export type Milestones =
  | { readonly milestoneEpochs: readonly number[]; readonly milestoneSteps?: undefined }
  | { readonly milestoneSteps: readonly number[]; readonly milestoneEpochs?: undefined };
export type FirstCycle =
  | { readonly cycleEpochs: number; readonly cycleSteps?: undefined }
  | { readonly cycleSteps: number; readonly cycleEpochs?: undefined };

/** How the learning rate changes over a run. */
export type Schedule = WarmUp &
  (
    | { readonly kind: 'constant' }
    /** Half a cosine from the full rate down to `minLearningRate` (default 0) at the end (`per` step by default). */
    | ({ readonly kind: 'cosine'; readonly minLearningRate?: number } & Pace)
    /**
     * Half cosines one after the other, each from the full rate (`per` step by default); the first
     * is `cycleEpochs` or `cycleSteps` long, each other `cycleFactor` (default 1) times the one
     * before it.
     */
    | ({
        readonly kind: 'cosine-restarts';
        readonly cycleFactor?: number;
        readonly minLearningRate?: number;
      } & FirstCycle &
        Pace)
    /** Multiplied by `factor` after every `everyEpochs` epochs or `everySteps` steps. */
    | ({ readonly kind: 'step'; readonly factor: number } & Every)
    /** Multiplied by `factor` after each of these numbers of epochs or steps. */
    | ({ readonly kind: 'multi-step'; readonly factor: number } & Milestones)
    /** Multiplied by `factor` after every epoch (the default) or step. */
    | ({ readonly kind: 'exponential'; readonly factor: number } & Pace)
    /** Up to the full rate and far down again (`per` step by default). */
    | ({ readonly kind: 'one-cycle' } & OneCycleOptions & Pace)
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
 * with `torch.optim.lr_scheduler.SequentialLR([LinearLR, …])`; epochs are counted from there. Its
 * values are those of torch's scheduler of that name, advanced once per step or epoch.
 *
 * @param base The full rate; for a plateau schedule, the rate it stands at.
 * @param step Optimizer steps already taken: 0 for the first.
 */
export function learningRateAt(
  schedule: Schedule,
  base: number,
  step: number,
  length: RunLength,
): number {
  const { stepsPerEpoch } = length;
  const stepsOf = (epochs: number) => Math.max(1, Math.round(epochs * stepsPerEpoch));
  const warmup = warmupLength(schedule, length);
  if (step < warmup) return (base * (step + 1)) / warmup;
  const after = step - warmup;
  const total = Math.max(1, length.totalSteps - warmup);
  switch (schedule.kind) {
    case 'constant':
    case 'plateau':
      return base;
    case 'cosine':
      return cosine(schedule, base, Math.min(1, lastMove(schedule, after, length) / total));
    case 'cosine-restarts': {
      const { cycleSteps, cycleEpochs, cycleFactor = 1 } = schedule;
      const first = cycleSteps ?? stepsOf(cycleEpochs);
      const at = lastMove(schedule, after, length);
      return cosine(schedule, base, withinCycle(at, first, cycleFactor));
    }
    case 'step': {
      const every = schedule.everySteps ?? stepsOf(schedule.everyEpochs);
      return base * schedule.factor ** Math.floor(after / every);
    }
    case 'multi-step': {
      const { milestoneSteps, milestoneEpochs, factor } = schedule;
      const milestones = milestoneSteps ?? milestoneEpochs.map(stepsOf);
      return base * factor ** milestones.filter((milestone) => milestone <= after).length;
    }
    case 'exponential': {
      const moves = schedule.per === 'step' ? after : Math.floor(after / stepsPerEpoch);
      return base * schedule.factor ** moves;
    }
    case 'one-cycle':
      return base * oneCycle(schedule, after, total, length).rate;
  }
}

/**
 * The momentum of a step, where the schedule changes it (`one-cycle` with `momentum`); for
 * `Optimizer.apply`.
 *
 * @param step Optimizer steps already taken: 0 for the first.
 */
export function momentumAt(
  schedule: Schedule,
  step: number,
  length: RunLength,
): number | undefined {
  if (schedule.kind !== 'one-cycle') return undefined;
  const warmup = warmupLength(schedule, length);
  const total = Math.max(1, length.totalSteps - warmup);
  return oneCycle(schedule, Math.max(0, step - warmup), total, length).momentum;
}

function warmupLength({ warmupSteps, warmupEpochs = 0 }: WarmUp, length: RunLength): number {
  return warmupSteps ?? Math.round(warmupEpochs * length.stepsPerEpoch);
}

/** The step after which the schedule moved last. */
function lastMove({ per }: Pace, after: number, { stepsPerEpoch }: RunLength): number {
  return per === 'epoch' ? after - (after % stepsPerEpoch) : after;
}

function cosine(
  { minLearningRate = 0 }: { readonly minLearningRate?: number },
  base: number,
  done: number,
): number {
  return minLearningRate + ((base - minLearningRate) * (1 + Math.cos(Math.PI * done))) / 2;
}

/** How much of its cycle is done. */
function withinCycle(at: number, first: number, factor: number): number {
  if (factor === 1) return (at % first) / first;
  let [since, cycle] = [at, first];
  while (since >= cycle) {
    since -= cycle;
    cycle *= factor;
  }
  return since / cycle;
}

function oneCycle(
  schedule: OneCycleOptions & Pace,
  after: number,
  total: number,
  { stepsPerEpoch }: RunLength,
): ReturnType<typeof oneCycleAt> {
  const unit = schedule.per === 'epoch' ? stepsPerEpoch : 1;
  return oneCycleAt(Math.floor(after / unit), Math.ceil(total / unit), schedule);
}
