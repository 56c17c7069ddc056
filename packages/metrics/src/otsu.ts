import { expectCount, type Field } from './cells.js';
import { MetricsError } from './errors.js';

/** Resolution of the histogram. */
export interface OtsuOptions {
  /** Number of equal-width bins between the least and the greatest value. @default 256 */
  readonly bins?: number;
}

/**
 * Otsu's threshold: the value that splits a histogram into two classes of greatest between-class
 * variance. Values strictly above it are the upper class. NaN is left out.
 *
 * The threshold is the upper edge of a bin; where several splits tie (an empty stretch between
 * two peaks) it is the middle of them.
 *
 * Reference: Otsu 1979, IEEE Trans. Syst. Man Cybern., doi:10.1109/TSMC.1979.4310076.
 *
 * @param values - [N], any unit, for example the absolute difference of two dates.
 * @returns The threshold, in the unit of `values`; the value itself where all are equal.
 * @throws MetricsError where no finite value is given.
 */
export function otsuThreshold(values: Field, options: OtsuOptions = {}): number {
  const bins = options.bins ?? 256;
  expectCount('bins', bins, 2);
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new MetricsError(
      `Expected at least one finite value and no infinite one. Received: ${values.length} values ` +
        `from ${low} to ${high}.`,
    );
  }
  if (low === high) return low;
  const counts = new Float64Array(bins);
  const scale = bins / (high - low);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    const bin = Math.min(bins - 1, Math.floor((value - low) * scale));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return low + (splitBin(counts) + 1) / scale;
}

/** The (possibly half) bin after which the split lies. */
function splitBin(counts: Float64Array): number {
  let n = 0;
  let moment = 0;
  counts.forEach((count, bin) => {
    n += count;
    moment += count * bin;
  });
  let best = -1;
  let first = 0;
  let last = 0;
  let lower = 0;
  let lowerMoment = 0;
  for (let bin = 0; bin < counts.length - 1; bin++) {
    lower += counts[bin] as number;
    lowerMoment += (counts[bin] as number) * bin;
    const upper = n - lower;
    if (lower === 0 || upper === 0) continue;
    const gap = lowerMoment / lower - (moment - lowerMoment) / upper;
    const variance = lower * upper * gap * gap;
    if (variance > best) {
      best = variance;
      first = bin;
      last = bin;
    } else if (variance === best) last = bin;
  }
  return (first + last) / 2;
}
