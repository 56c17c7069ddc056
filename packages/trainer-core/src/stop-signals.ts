/** Exit code of a process that stopped in order and can be resumed: EX_TEMPFAIL of sysexits.h, "try again later". */
export const RESUMABLE_EXIT_CODE = 75;

/** The part of `process` that is needed. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

/** A wish to stop, made by the system or the keyboard. */
export interface StopSignals {
  /** For `fit`: aborted by the first of the signals. */
  readonly signal: AbortSignal;
  /** Which signal it was; null while none came. */
  received(): NodeJS.Signals | null;
  /** Stops listening. */
  dispose(): void;
}

/**
 * Turns SIGTERM and SIGINT into an orderly stop: `fit` ends after the step under way, with a
 * checkpoint. A second signal does what it always does, for people in a hurry.
 *
 * @example
 * const stop = stopOnSignals(process);
 * const result = await consume(fit(task, { ...options, signal: stop.signal }));
 * stop.dispose();
 * if (result.reason === 'aborted') process.exitCode = RESUMABLE_EXIT_CODE;
 */
export function stopOnSignals(
  source: SignalSource,
  signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'],
): StopSignals {
  const controller = new AbortController();
  let received: NodeJS.Signals | null = null;
  const listener = (signal: NodeJS.Signals) => {
    received = signal;
    dispose();
    controller.abort();
  };
  const dispose = () => {
    for (const signal of signals) source.off(signal, listener);
  };
  for (const signal of signals) source.on(signal, listener);
  return { signal: controller.signal, received: () => received, dispose };
}
