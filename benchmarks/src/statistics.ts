/** The middle of a list of numbers, or the mean of the middle two; `NaN` of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? NaN;
  const lower = sorted[Math.ceil(half) - 1] ?? NaN;
  return (lower + upper) / 2;
}

/** The largest difference of two lists, as a part of the second's values. */
export function largestRelativeDifference(
  values: readonly number[],
  reference: readonly number[],
): number {
  if (values.length !== reference.length) return Infinity;
  const differences = values.map((value, i) => {
    const expected = reference[i] ?? NaN;
    return Math.abs(value - expected) / Math.abs(expected);
  });
  // NaN stays NaN, which is below no limit.
  return Math.max(0, ...differences);
}

/** How much values grow from one position of a list to the next: the slope of the line through them. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [rise, run] = [0, 0];
  values.forEach((value, i) => {
    rise += (i - middle) * (value - mean);
    run += (i - middle) ** 2;
  });
  return rise / run;
}
