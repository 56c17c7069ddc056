/** Lower the learning rate when a metric stops improving. */
export interface PlateauOptions {
  /** What the learning rate is multiplied by. @default 0.1 */
  readonly factor?: number;
  /** Epochs without improvement that are tolerated; the one after them lowers the rate. @default 10 */
  readonly patience?: number;
  /** Smallest change that counts as improvement. @default 1e-4 */
  readonly threshold?: number;
  /** Whether `threshold` is a fraction of the best score or a difference. @default 'relative' */
  readonly thresholdMode?: 'relative' | 'absolute';
  /** Epochs after a reduction in which nothing is counted. @default 0 */
  readonly cooldown?: number;
  /** The rate is never set below this. @default 0 */
  readonly minLearningRate?: number;
}

/** What the plateau schedule remembers; plain data, saved in checkpoints. */
export interface PlateauState {
  readonly learningRate: number;
  readonly best: number | null;
  readonly badEpochs: number;
  readonly cooldownLeft: number;
}

/** The state before the first epoch. */
export function plateauStart(learningRate: number): PlateauState {
  return { learningRate, best: null, badEpochs: 0, cooldownLeft: 0 };
}

/** The state after an epoch with this score, as `torch.optim.lr_scheduler.ReduceLROnPlateau`. */
export function plateauStep(
  state: PlateauState,
  score: number,
  mode: 'min' | 'max',
  options: PlateauOptions = {},
): PlateauState {
  const { factor = 0.1, patience = 10, cooldown = 0, minLearningRate = 0 } = options;
  const better = isBetter(score, state.best, mode, options);
  const best = better ? score : state.best;
  const cooling = state.cooldownLeft > 0;
  const badEpochs = better || cooling ? 0 : state.badEpochs + 1;
  const cooldownLeft = cooling ? state.cooldownLeft - 1 : 0;
  if (badEpochs <= patience) return { ...state, best, badEpochs, cooldownLeft };
  const lowered = Math.max(state.learningRate * factor, minLearningRate);
  return {
    // torch leaves differences of up to 1e-8 alone.
    learningRate: state.learningRate - lowered > 1e-8 ? lowered : state.learningRate,
    best,
    badEpochs: 0,
    cooldownLeft: cooldown,
  };
}

function isBetter(
  score: number,
  best: number | null,
  mode: 'min' | 'max',
  { threshold = 1e-4, thresholdMode = 'relative' }: PlateauOptions,
): boolean {
  if (best === null) return Number.isFinite(score);
  const sign = mode === 'min' ? -1 : 1;
  const bar =
    thresholdMode === 'relative' ? best * (1 + sign * threshold) : best + sign * threshold;
  return mode === 'min' ? score < bar : score > bar;
}
