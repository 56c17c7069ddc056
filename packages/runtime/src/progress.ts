import type { Transfer } from './fetch-wheel.js';

/** Where the command writes: lines, and on a terminal one line that is written over. */
export interface CommandOutput {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Writes over the last status line; absent where nobody watches. */
  readonly status?: (text: string) => void;
}

/** What `install` calls as it goes on. */
export interface ProgressWriter {
  readonly onProgress: (message: string) => void;
  readonly onTransfer: (transfer: Transfer) => void;
}

const PLAIN_INTERVAL_MS = 10_000;

/** `37 %, 101 of 274 MB, 12.3 MB/s, 14 s left`. */
export function formatTransfer({
  receivedBytes,
  totalBytes,
  bytesPerSecond,
  secondsLeft,
}: Transfer): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  const parts = [
    ...(totalBytes > 0 ? [`${Math.floor((receivedBytes / totalBytes) * 100)} %`] : []),
    `${megabytes(receivedBytes)}${totalBytes > 0 ? ` of ${megabytes(totalBytes)}` : ''} MB`,
    ...(bytesPerSecond > 0 ? [`${(bytesPerSecond / 1e6).toFixed(1)} MB/s`] : []),
    ...(secondsLeft !== undefined ? [`${formatSeconds(secondsLeft)} left`] : []),
  ];
  return parts.join(', ');
}

function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 90 ? `${whole} s` : `${Math.ceil(whole / 60)} min`;
}

/**
 * Writes the progress of an installation: a line per step; downloads as one line written over on a
 * terminal, a line every ten seconds elsewhere. With `json`, every event is one line of JSON.
 */
export function progressWriter(
  { err, status }: CommandOutput,
  now: () => number,
  json: boolean,
): ProgressWriter {
  let last = now();
  const isDue = () => {
    if (now() - last < PLAIN_INTERVAL_MS) return false;
    last = now();
    return true;
  };
  if (json) {
    return {
      onProgress: (message) => err(JSON.stringify({ step: message })),
      onTransfer: (transfer) => {
        if (isDue()) err(JSON.stringify({ transfer }));
      },
    };
  }
  return {
    onProgress: (message) => {
      status?.('');
      err(message);
    },
    onTransfer: (transfer) => {
      if (status) status(formatTransfer(transfer));
      else if (isDue()) err(`Fetched ${formatTransfer(transfer)}.`);
    },
  };
}
