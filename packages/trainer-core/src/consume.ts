import type { Callback, FitResult, TrainEvent } from './events.js';

/**
 * The result of a run whose events have all been passed to the callbacks, in order, each awaited.
 * A callback that throws ends the run.
 *
 * @example
 * const result = await consume(fit(task, options), csvLogger('run/metrics.csv'));
 */
export async function consume(
  events: AsyncIterable<TrainEvent>,
  ...callbacks: readonly Callback[]
): Promise<FitResult> {
  let result: FitResult | undefined;
  for await (const event of events) {
    for (const callback of callbacks) await callback(event);
    if (event.kind === 'end') result = event.result;
  }
  if (result === undefined) {
    throw new TypeError(
      'Expected the events of a run that has not begun. Received: no "end" event.',
    );
  }
  return result;
}
