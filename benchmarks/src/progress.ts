import { performance } from 'node:perf_hooks';

/** Where progress is told. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Tells how far a long work is. */
export interface Progress {
  /** A line that stays. */
  note(line: string): void;
  /** One of the expected steps begins; a terminal alone sees it. */
  step(words: string): void;
  /** Takes the running line away. */
  end(): void;
}

/** Progress over an expected number of steps, with the time still to go. */
export function createProgress(
  screen: Screen,
  expectedSteps: number,
  now: () => number = () => performance.now(),
): Progress {
  const start = now();
  let begun = 0;
  const clear = () => screen.isTTY && screen.write('\r\u001b[2K');
  return {
    note(line) {
      clear();
      screen.write(`${line}\n`);
    },
    step(words) {
      begun += 1;
      if (!screen.isTTY) return;
      const part = Math.min(1, (begun - 1) / expectedSteps);
      const left = part > 0 ? ((now() - start) / part) * (1 - part) : NaN;
      const eta = Number.isNaN(left) ? '' : `, about ${duration(left)} to go`;
      const text = `${Math.round(100 * part)} %${eta}: ${words}`;
      clear();
      screen.write(text.slice(0, (screen.columns ?? 80) - 1));
    },
    end: () => void clear(),
  };
}

/** Milliseconds in words: `40 s`, `3 min`. */
export function duration(ms: number): string {
  return ms < 90_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
