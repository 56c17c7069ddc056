/** What early stopping remembers; plain data, saved in checkpoints. */
export interface EarlyStoppingState {
  readonly best: number | null;
  /** Epochs since the best one. */
  readonly wait: number;
}

/** The state before the first epoch. */
export function earlyStoppingStart(): EarlyStoppingState {
  return { best: null, wait: 0 };
}

/**
 * The state after an epoch with this score; training should stop when `wait` reaches the patience.
 *
 * @param minDelta Smallest change that counts as improvement.
 */
export function earlyStoppingStep(
  state: EarlyStoppingState,
  score: number,
  mode: 'min' | 'max',
  minDelta = 0,
): EarlyStoppingState {
  return improves(score, state.best, mode, minDelta)
    ? { best: score, wait: 0 }
    : { ...state, wait: state.wait + 1 };
}

/** Whether `score` beats `best` by more than `minDelta`; NaN and infinity never do. */
export function improves(
  score: number,
  best: number | null,
  mode: 'min' | 'max',
  minDelta = 0,
): boolean {
  if (!Number.isFinite(score)) return false;
  if (best === null) return true;
  return mode === 'min' ? score < best - minDelta : score > best + minDelta;
}
