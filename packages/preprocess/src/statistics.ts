import { PreprocessError } from './errors.js';

/** Mean and standard deviation of each channel. */
export interface ChannelStatistics {
  /** [C] */
  readonly mean: readonly number[];
  /** [C], of the population; at least 1e-6, so that dividing by it is safe. */
  readonly std: readonly number[];
  /** Number of pixels per channel. */
  readonly n: number;
}

/** How the values are read. */
export interface ChannelStatisticsOptions {
  /** Number of channels C, the last axis. */
  readonly channels: number;
  /** Factor applied to every value first. @default 1/255 for uint8, 1 for float32 */
  readonly scale?: number;
}

/**
 * Mean and standard deviation per channel, for normalising: pass training images only. Statistics
 * that saw the test set leak it into the training. NaN values are left out.
 *
 * @param images - One or more arrays whose last axis is C, uint8 or float32.
 * @throws PreprocessError `WrongShape` where a length is no multiple of C or nothing is left.
 */
export function channelStatistics(
  images: Uint8Array | Float32Array | readonly (Uint8Array | Float32Array)[],
  options: ChannelStatisticsOptions,
): ChannelStatistics {
  const { channels } = options;
  const arrays = images instanceof Uint8Array || images instanceof Float32Array ? [images] : images;
  const counts = new Float64Array(channels);
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (const array of arrays) {
    if (array.length % channels !== 0) {
      throw new PreprocessError(
        'WrongShape',
        `Expected a multiple of ${channels} values, one per channel. Received: ${array.length}.`,
      );
    }
    const scale = options.scale ?? (array instanceof Uint8Array ? 1 / 255 : 1);
    for (let c = 0; c < channels; c++) {
      let count = 0;
      let sum = 0;
      let square = 0;
      for (let i = c; i < array.length; i += channels) {
        const value = (array[i] as number) * scale;
        if (value !== value) continue; // NaN
        count++;
        sum += value;
        square += value * value;
      }
      counts[c] = (counts[c] as number) + count;
      sums[c] = (sums[c] as number) + sum;
      squares[c] = (squares[c] as number) + square;
    }
  }
  const n = Math.min(...counts);
  if (!(n > 0)) {
    throw new PreprocessError(
      'WrongShape',
      'Expected at least one value a channel. Received: none.',
    );
  }
  const mean = Array.from(sums, (sum, c) => sum / (counts[c] as number));
  const std = Array.from(squares, (square, c) => {
    const variance = square / (counts[c] as number) - (mean[c] as number) ** 2;
    return Math.max(1e-6, Math.sqrt(Math.max(0, variance)));
  });
  return { mean, std, n };
}

/** How weights follow from counts. */
export interface ClassWeightOptions {
  /**
   * `inverseFrequency`: N / (K · n_k), as scikit-learn's "balanced"; `effectiveNumber`:
   * (1 − β) / (1 − β^n_k), gentler where classes are rare. @default 'inverseFrequency'
   */
  readonly kind?: 'inverseFrequency' | 'effectiveNumber';
  /** β of the effective number, 0..1. @default 0.999 */
  readonly beta?: number;
}

/**
 * The weight of each class in a loss, from training counts only; scaled so that the mean weight
 * over the training samples is 1, which leaves the loss on its scale. An absent class gets 0.
 *
 * Reference: Cui et al. 2019, arXiv:1901.05555 (effective number).
 *
 * @param counts - [K], samples per class in the training split.
 * @returns [K]
 * @throws PreprocessError `InvalidOption` where a count or β is out of range.
 */
export function classWeights(
  counts: ArrayLike<number>,
  options: ClassWeightOptions = {},
): number[] {
  const { kind = 'inverseFrequency', beta = 0.999 } = options;
  const list = Array.from(counts);
  const total = list.reduce((sum, count) => sum + count, 0);
  if (!list.every((count) => count >= 0) || total === 0 || !(beta >= 0 && beta < 1)) {
    throw new PreprocessError(
      'InvalidOption',
      `Expected counts ≥ 0, one of them above 0, and 0 ≤ beta < 1. Received: ${list.join(', ')}; ${beta}.`,
    );
  }
  const raw = list.map((count) => {
    if (count === 0) return 0;
    return kind === 'inverseFrequency' ? 1 / count : (1 - beta) / (1 - beta ** count);
  });
  const mean = raw.reduce((sum, weight, k) => sum + weight * (list[k] ?? 0), 0) / total;
  return raw.map((weight) => weight / mean);
}
