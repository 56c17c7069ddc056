import { expect, it } from 'vitest';
import { backoffDelay, DEFAULT_RETRY, pause, retryAfterMs } from '../../src/download/backoff.js';

it('doubles with jitter over the upper half, up to the largest', () => {
  for (let attempt = 1; attempt <= 12; attempt++) {
    const whole = Math.min(60_000, 1000 * 2 ** (attempt - 1));
    const delay = backoffDelay(DEFAULT_RETRY, 'https://a.org/x', attempt);
    expect(delay).toBeGreaterThanOrEqual(whole / 2);
    expect(delay).toBeLessThanOrEqual(whole);
  }
});
it('the same seed and address wait the same, others do not', () => {
  const delays = Array.from({ length: 200 }, (_, i) =>
    backoffDelay(DEFAULT_RETRY, `https://a.org/${i}`, 1),
  );
  expect(backoffDelay(DEFAULT_RETRY, 'https://a.org/7', 1)).toBe(delays[7]);
  expect(backoffDelay({ ...DEFAULT_RETRY, seed: 1 }, 'https://a.org/7', 1)).not.toBe(delays[7]);
  expect(Math.min(...delays)).toBeLessThan(550);
  expect(Math.max(...delays)).toBeGreaterThan(950);
});
it('Retry-After: seconds, a date against the server clock, or nothing to go by', () => {
  const of = (headers: Record<string, string>) => retryAfterMs(new Headers(headers));
  expect(of({ 'retry-after': '120' })).toBe(120_000);
  const date = 'Sun, 01 Mar 2026 12:00:00 GMT';
  const later = 'Sun, 01 Mar 2026 12:02:00 GMT';
  expect(of({ 'retry-after': later, date })).toBe(120_000);
  expect(of({ 'retry-after': date, date: later })).toBe(0);
  expect(of({ 'retry-after': later })).toBeUndefined();
  expect(of({ 'retry-after': 'soon', date })).toBeUndefined();
  expect(of({})).toBeUndefined();
});
it('a pause ends with its signal', async () => {
  const stop = new AbortController();
  const waiting = pause(60_000, stop.signal);
  stop.abort(new Error('stop'));
  await expect(waiting).rejects.toThrow('stop');
  await expect(pause(1, stop.signal)).rejects.toThrow('stop');
});
it('many may wait for one signal without a warning of leaks', async () => {
  const warnings: string[] = [];
  const note = (warning: Error) => warnings.push(warning.name);
  process.on('warning', note);
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 40 }, () => pause(5, signal)));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
