import type { Communicator } from './communicator.js';
import type { Score } from './task.js';

/** The scores of all processes as one: ratios by their sums, numbers by their mean. */
export function poolScores(
  scores: Readonly<Record<string, Score>>,
  { size, allReduceInto }: Communicator,
): Record<string, number> {
  const pairs = Object.entries(scores).map(([name, score]) =>
    typeof score === 'number'
      ? ([name, score, 1] as const)
      : ([name, score.sum, score.weight] as const),
  );
  const sums = Float64Array.from(pairs.flatMap(([, sum, weight]) => [sum, weight]));
  if (size > 1) allReduceInto(sums);
  return Object.fromEntries(
    pairs.map(([name], i) => [name, (sums[2 * i] ?? NaN) / (sums[2 * i + 1] ?? NaN)]),
  );
}

/**
 * This process's share of the validation batches, within the limit of the request.
 *
 * @example
 * for (const batch of shareOf(batches, request)) scores.push(score(batch));
 */
export function shareOf<T>(
  batches: readonly T[],
  { maxBatches, rank, ranks }: { maxBatches: number; rank: number; ranks: number },
): T[] {
  return batches.slice(0, maxBatches).filter((_, i) => i % ranks === rank);
}
