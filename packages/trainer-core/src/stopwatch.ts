import type { TimeSpent } from './events.js';

/** Adds up where time goes. */
export interface Stopwatch {
  add(kind: keyof TimeSpent, seconds: number): void;
  /** What was added since the last call of `lap`. */
  lap(): TimeSpent;
  /** Everything. */
  total(): TimeSpent;
}

const NOTHING: TimeSpent = { data: 0, step: 0, validation: 0, checkpoint: 0, callbacks: 0 };

/** A stopwatch at zero. */
export function createStopwatch(): Stopwatch {
  const total = { ...NOTHING };
  let lap = { ...NOTHING };
  return {
    add(kind, seconds) {
      total[kind] += seconds;
      lap[kind] += seconds;
    },
    lap() {
      const spent = lap;
      lap = { ...NOTHING };
      return spent;
    },
    total: () => ({ ...total }),
  };
}
