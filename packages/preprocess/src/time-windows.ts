import { PreprocessError } from './errors.js';

/** How windows are laid over a series. */
export interface TimeWindowOptions {
  /** [T], days since 1970-01-01, ascending. */
  readonly days: ArrayLike<number>;
  /** Steps of history, days. @default 30 */
  readonly inputSteps?: number;
  /** Steps to forecast, days. @default 7 */
  readonly outputSteps?: number;
  /** Days from one window to the next. @default 1 */
  readonly stride?: number;
  /** First day a window may touch. @default the first of the series */
  readonly from?: number;
  /** Last day a window may touch. @default the last of the series */
  readonly to?: number;
}

/**
 * The start positions of all windows of `inputSteps + outputSteps` consecutive days that lie wholly
 * within `from`..`to`. A window never bridges a missing day.
 *
 * The issue day of a window is its last input day, at position `start + inputSteps − 1`.
 *
 * @returns [n] int32, ascending positions in `days`.
 * @throws PreprocessError `InvalidOption` for steps below 1 or days that do not ascend.
 */
export function timeWindows(options: TimeWindowOptions): Int32Array {
  const { days, inputSteps = 30, outputSteps = 7, stride = 1 } = options;
  for (const [name, value] of Object.entries({ inputSteps, outputSteps, stride })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new PreprocessError(
        'InvalidOption',
        `Expected "${name}" to be an integer of at least 1. Received: ${value}.`,
      );
    }
  }
  const length = inputSteps + outputSteps;
  const starts: number[] = [];
  let run = 0; // consecutive days in range that end here
  let nextDay = -Infinity;
  for (let step = 0; step < days.length; step++) {
    const day = days[step] as number;
    const before = step > 0 ? (days[step - 1] as number) : -Infinity;
    if (!(day > before)) {
      throw new PreprocessError(
        'InvalidOption',
        `Expected ascending days. Received: ${before} then ${day}.`,
      );
    }
    const inRange = day >= (options.from ?? -Infinity) && day <= (options.to ?? Infinity);
    run = !inRange ? 0 : day === before + 1 ? run + 1 : 1;
    const start = step - length + 1;
    if (run < length || (days[start] as number) < nextDay) continue;
    starts.push(start);
    nextDay = (days[start] as number) + stride;
  }
  return Int32Array.from(starts);
}
