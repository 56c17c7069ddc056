import { existsSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { releaseLock, withLock } from '../src/lock.js';
import { fakeSystem, temporaryFolder } from './fake-system.js';

const DEAD_PID = 2 ** 22 + 1; // beyond the kernel's highest

function lockIn(folder: string) {
  const words: string[] = [];
  const path = join(folder, 'install.lock');
  const options = { system: fakeSystem(), onProgress: (word: string) => words.push(word) };
  return { path, words, run: <T>(work: () => Promise<T>) => withLock(path, options, work) };
}

it('lets one in at a time, the second with a word', async () => {
  const { path, words, run } = lockIn(temporaryFolder());
  const order: string[] = [];
  let finish: () => void = () => undefined;
  const first = run(async () => {
    order.push('first in');
    await new Promise<void>((resolve) => (finish = resolve));
    order.push('first out');
  });
  await expect.poll(() => order).toEqual(['first in']);
  const second = run(() => Promise.resolve(order.push('second in')));
  await expect.poll(() => words).toEqual([expect.stringContaining(`process ${process.pid} on`)]);
  finish();
  await Promise.all([first, second]);
  expect(order).toEqual(['first in', 'first out', 'second in']);
  expect(existsSync(path)).toBe(false);
});

it('is given back when the work fails', async () => {
  const { path, run } = lockIn(temporaryFolder());
  await expect(run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(path)).toBe(false);
});

it.each([
  ['a killed process', { pid: DEAD_PID, host: hostname(), startedAt: 0 }, 0],
  ['a machine that went away', { pid: 1, host: 'elsewhere', startedAt: 0 }, 120],
  [
    'a process whose number another has now',
    { pid: process.pid, host: hostname(), startedAt: 0 },
    120,
  ],
  ['a process killed while writing it', undefined, 120],
])('is taken over from %s', async (_, holder, secondsAgo) => {
  const folder = temporaryFolder();
  const { path, words, run } = lockIn(folder);
  writeFileSync(path, holder ? JSON.stringify(holder) : '');
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(path, then, then);
  expect(await run(() => Promise.resolve(JSON.parse(readFileSync(path, 'utf8')).pid))).toBe(
    process.pid,
  );
  expect(words).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

it('is given back by its holder alone', () => {
  const path = join(temporaryFolder(), 'install.lock');
  expect(releaseLock(path)).toBe(false);
  writeFileSync(path, JSON.stringify({ pid: 1, host: hostname(), startedAt: 0 }));
  expect(releaseLock(path)).toBe(false);
  writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname(), startedAt: 0 }));
  expect(releaseLock(path)).toBe(true);
});

it('names the way out of a folder that cannot be written', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const { run } = lockIn(join(folder, 'file')); // below a file, nobody can write
  await expect(run(() => Promise.resolve())).rejects.toMatchObject({
    kind: 'cache',
    remedy: expect.stringContaining('XDG_CACHE_HOME='),
  });
});
