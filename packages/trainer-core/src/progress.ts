import type { Callback, MetricsRow } from './events.js';

/** Where progress goes and what it looks like. */
export interface ProgressOptions {
  /** Takes the text; line ends are in it. */
  readonly write: (text: string) => void;
  /** Whether the text is seen in a terminal: a bar that moves, else one line per epoch. */
  readonly isTTY: boolean;
  /** Width of the terminal in characters. @default 80 */
  readonly columns?: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/**
 * A callback that shows how far a run is: in a terminal a bar with the time that is left, elsewhere
 * one line per epoch.
 *
 * @example
 * progressBar({
 *   write: (text) => process.stderr.write(text),
 *   isTTY: process.stderr.isTTY,
 *   now: () => performance.now(),
 * });
 */
export function progressBar({ write, isTTY, columns = 80, now }: ProgressOptions): Callback {
  let epochs = 0;
  let stepsPerEpoch = 1;
  let firstStep = 0;
  let startedAt = 0;
  let shownAt = -Infinity;
  const line = (text: string) =>
    write(isTTY ? `\r${text.slice(0, columns - 1)}\u001b[K\n` : `${text}\n`);

  return (event) => {
    switch (event.kind) {
      case 'start':
        ({ epochs, stepsPerEpoch } = event);
        firstStep = event.step;
        startedAt = now();
        return;
      case 'resumed':
        if (event.warning !== null) line(event.warning);
        return line(`resumed after step ${event.step} (epoch ${event.epoch} of ${epochs} done)`);
      case 'batch': {
        if (!isTTY || now() - shownAt < 100) return;
        shownAt = now();
        const rest = secondsLeft(event.step);
        const text =
          `epoch ${event.epoch}/${epochs} ${bar(event.batch / stepsPerEpoch)} ` +
          `${event.batch}/${stepsPerEpoch}  loss ${short(event.loss)}  ${duration(rest)} left`;
        return write(`\r${text.slice(0, columns - 1)}\u001b[K`);
      }
      case 'epoch': {
        const rest = secondsLeft(event.metrics.step);
        const left = event.epoch < epochs ? `  ${duration(rest)} left` : '';
        return line(
          `epoch ${event.epoch}/${epochs}  ${scores(event.metrics)}  ${duration(event.seconds)}${left}`,
        );
      }
      case 'lr':
        return line(`learning rate lowered from ${short(event.from)} to ${short(event.to)}`);
      case 'leak':
        return line(
          `step ${event.step}: ${short(event.perStep)} more tensors with every step (${event.tensors} now); ` +
            'dispose what loss and validate make, or wrap them in tf.tidy',
        );
      case 'stopped':
        return line(event.message);
      default:
        return;
    }
  };

  function secondsLeft(step: number): number {
    const perStep = (now() - startedAt) / 1000 / Math.max(1, step - firstStep);
    return perStep * (epochs * stepsPerEpoch - step);
  }
}

function bar(fraction: number): string {
  const width = 20;
  const full = Math.round(width * fraction);
  return `[${'='.repeat(full)}${' '.repeat(width - full)}]`;
}

function scores(row: MetricsRow): string {
  return Object.entries(row)
    .filter(([name]) => !['epoch', 'step', 'learning_rate', 'gradient_norm'].includes(name))
    .map(([name, value]) => `${name} ${short(value)}`)
    .join('  ');
}

function short(value: number): string {
  return Number(value.toPrecision(4)).toString();
}

/** Seconds as `12 s`, `3 min 05 s` or `1 h 07 min`. */
function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  if (whole < 60) return `${seconds < 9.95 ? seconds.toFixed(1) : whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} min`;
}
