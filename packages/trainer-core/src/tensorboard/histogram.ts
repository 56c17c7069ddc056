/** How values are spread: counts between limits. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Upper limit of each bucket, rising. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

const BUCKETS = 30;

/** Thirty buckets of equal width over the finite values, one where all are equal; null where there are none. */
export function histogramOf(values: ArrayLike<number>): Histogram | null {
  let [min, max, sum, sumOfSquares, count] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number; // within the array
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    sumOfSquares += value * value;
    count += 1;
  }
  if (count === 0) return null;
  const buckets = min === max ? 1 : BUCKETS;
  const width = (max - min) / buckets || 1;
  const counts = Array.from({ length: buckets }, () => 0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    const bucket = Math.min(buckets - 1, Math.floor((value - min) / width));
    counts[bucket] = (counts[bucket] as number) + 1;
  }
  const limits = counts.map((_, i) => (i === buckets - 1 ? max : min + (i + 1) * width));
  return { min, max, count, sum, sumOfSquares, limits, counts };
}
