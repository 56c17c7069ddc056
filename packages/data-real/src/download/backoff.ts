/** How often and how long a failing request is tried again. */
export interface RetryPolicy {
  /** Attempts in a row that bring nothing new before it is given up. @default 6 */
  readonly attempts: number;
  /** Wait before the second attempt in ms; doubles with each further one. @default 1000 */
  readonly baseDelayMs: number;
  /** Longest wait of our own choice in ms. @default 60_000 */
  readonly maxDelayMs: number;
  /** Longest wait in ms that a server may ask for by `Retry-After`. @default 600_000 */
  readonly maxRetryAfterMs: number;
  /** A wait without a single byte that counts as failure, in ms. @default 60_000 */
  readonly stallMs: number;
  /** Seed of the jitter: equal seeds wait equally long for the same address. @default 0 */
  readonly seed: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 6,
  baseDelayMs: 1000,
  maxDelayMs: 60_000,
  maxRetryAfterMs: 600_000,
  stallMs: 60_000,
  seed: 0,
};

/**
 * The wait in ms after the given failed attempt (1, 2, …): exponential, with jitter over its upper
 * half, so that the parallel downloads of a folder do not all come back at the same moment.
 */
export function backoffDelay(policy: RetryPolicy, address: string, attempt: number): number {
  const whole = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  return whole * (0.5 + 0.5 * unitHash(`${policy.seed} ${attempt} ${address}`));
}

/** A number 0..1 that depends on the text alone (FNV-1a with a final mix). */
function unitHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= hash >>> 13;
  return (hash >>> 0) / 2 ** 32;
}

/**
 * The wait in ms that a response asks for, or undefined: `Retry-After` in seconds, or as a date,
 * which is measured against the server's own `Date`, as clocks differ.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const until = Date.parse(text);
  const now = Date.parse(headers.get('date') ?? '');
  return Number.isFinite(until - now) ? Math.max(0, until - now) : undefined;
}

/** Resolves after `ms`; rejects with the reason of `signal` when that comes first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Of its own, as any number of pauses may listen, which one signal reports as a leak.
  const own = AbortSignal.any([signal]);
  return new Promise((resolve, reject) => {
    if (own.aborted) return reject(own.reason);
    const timer = setTimeout(() => {
      own.removeEventListener('abort', stop);
      resolve();
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(own.reason);
    };
    own.addEventListener('abort', stop, { once: true });
  });
}
