import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { link, mkdir, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RuntimeError } from './errors.js';
import type { System } from './system.js';

/** Who holds a lock. */
interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

const HEARTBEAT_MS = 5000;
/** A lock whose holder has not touched it for so long is given up: killed, or on a machine that went away. */
const STALE_MS = 60_000;
const POLL_MS = 500;

export interface LockOptions {
  readonly system: System;
  readonly onProgress: (message: string) => void;
}

/**
 * Runs `work` while no other process runs it with the lock file `path`, waiting for them with one word. A
 * lock left by a process that was killed is taken over.
 *
 * @throws RuntimeError of kind `cache` where the lock file cannot be written.
 */
export async function withLock<T>(
  path: string,
  { system, onProgress }: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const holder: LockHolder = { pid: process.pid, host: hostname(), startedAt: system.now() };
  const text = JSON.stringify(holder);
  let said = false;
  while (!(await take(path, text))) {
    const seen = read(path);
    if (seen === undefined || (isStale(path, seen, system) && (await discard(path, seen))))
      continue;
    if (!said) onProgress(`Another installation is running (${describe(seen)}); waiting for it.`);
    said = true;
    await delay(POLL_MS);
  }
  const heartbeat = setInterval(() => {
    const now = new Date(system.now());
    utimes(path, now, now).catch(() => undefined); // somebody removed it: nothing to keep fresh
  }, HEARTBEAT_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    releaseLock(path);
  }
}

/** Gives back the lock at `path` if this process holds it, and says whether it did. */
export function releaseLock(path: string): boolean {
  const holder = parse(read(path) ?? '');
  if (holder?.pid !== process.pid || holder.host !== hostname()) return false;
  rmSync(path, { force: true });
  return true;
}

async function take(path: string, text: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException; // thrown by the file system
    if (code === 'EEXIST' && syscall === 'open') return false;
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    throw new RuntimeError(
      full ? 'disk' : 'cache',
      `Expected the cache folder ${dirname(path)} to be writable. Received: one that is ${full ? 'full' : 'not'}.`,
      { remedy: 'XDG_CACHE_HOME=/a/folder/of/yours npx arctic-runtime install', cause },
    );
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // given back in the meantime
  }
}

function parse(text: string): LockHolder | undefined {
  try {
    return JSON.parse(text) as LockHolder; // written by withLock alone
  } catch {
    return undefined; // caught between creation and writing
  }
}

function isStale(path: string, text: string, system: System): boolean {
  const holder = parse(text);
  if (holder?.host === hostname() && !isAlive(holder.pid)) return true;
  const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  return system.now() - touched > STALE_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's
  }
}

/** Takes a stale lock away; when another process was quicker and it is a fresh one, puts it back. */
async function discard(path: string, stale: string): Promise<boolean> {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return true; // gone already
  }
  const same = read(aside) === stale;
  if (!same) await link(aside, path).catch(() => undefined);
  rmSync(aside, { force: true });
  return same;
}

function describe(text: string): string {
  const holder = parse(text);
  if (!holder) return 'just started';
  const since = new Date(holder.startedAt).toISOString().slice(0, 19).replace('T', ' ');
  return `process ${holder.pid} on ${holder.host} since ${since} UTC`;
}
