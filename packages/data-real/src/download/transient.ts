import { DataRealError, reasonOf } from '../errors.js';
import { backoffDelay, pause, type RetryPolicy } from './backoff.js';

/** A failure that may be gone at the next attempt: a broken connection, a busy server. */
export class TransientError extends Error {
  /** The wait in ms that the server asked for. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'TransientError';
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * The result of `attempt`, which is tried again while it fails with `TransientError`.
 *
 * @param address what the attempts are about, for messages and jitter; without secrets.
 * @param progressed whether the last attempt brought something new, so that counting starts anew.
 * @throws DataRealError `DownloadFailed` after too many attempts, `Aborted`, or what `attempt` threw.
 */
export async function withRetries<T>(
  address: string,
  policy: RetryPolicy,
  signal: AbortSignal,
  attempt: () => Promise<T>,
  progressed: () => boolean = () => false,
): Promise<T> {
  for (let failures = 0; ;) {
    try {
      signal.throwIfAborted();
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw abortedError(address, signal);
      if (!(error instanceof TransientError)) throw error;
      failures = progressed() ? 1 : failures + 1;
      const asked = error.retryAfterMs ?? 0;
      if (asked > policy.maxRetryAfterMs) {
        throw failed(
          address,
          `${error.message}, asking to wait ${Math.ceil(asked / 1000)} s`,
          error,
        );
      }
      if (failures >= policy.attempts) {
        const times = failures > 1 ? `, ${failures} times in a row` : '';
        throw failed(address, `${error.message}${times}`, error);
      }
      await pause(Math.max(asked, backoffDelay(policy, address, failures)), signal).catch(() => {
        throw abortedError(address, signal);
      });
    }
  }
}

function failed(address: string, received: string, cause: unknown): DataRealError {
  return new DataRealError(
    'DownloadFailed',
    `${address}: expected an answer. Received: ${received}. Check the connection and the server's status, then run the same command again: it goes on where it stopped.`,
    { cause },
  );
}

/** The error of a download that its caller ended. */
export function abortedError(address: string, signal: AbortSignal): DataRealError {
  return new DataRealError(
    'Aborted',
    `${address}: expected to run to its end. Received: ${reasonOf(signal.reason)}. Run it again: it goes on where it stopped.`,
    { cause: signal.reason },
  );
}
