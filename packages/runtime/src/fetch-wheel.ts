import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheFolders } from './cache.js';
import { RuntimeError, firstLine } from './errors.js';
import { PIP_SCRIPT } from './pip-script.js';
import type { System } from './system.js';
import { sha256Of } from './wheel.js';

/** How far a download has come. */
export interface Transfer {
  readonly file: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
  /** Seconds to go at this speed; absent where the speed is not known yet. */
  readonly secondsLeft?: number;
}

/** A wheel to fetch. */
export interface WantedWheel {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  /** Where the index has it; absent where only pip itself can fetch it. */
  readonly url?: string;
}

export interface FetchOptions {
  /** A Python with pip. */
  readonly python: string;
  readonly folders: CacheFolders;
  readonly system: System;
  readonly onProgress: (message: string) => void;
  readonly onTransfer: (transfer: Transfer) => void;
}

const RETRY = 'npx arctic-runtime install';
const HOUR_MS = 3_600_000;

/** Arguments for pip that make it choose for a machine with `platforms`, whatever Python runs it. */
function targetArguments(platforms: readonly string[]): string[] {
  return [
    ...['--only-binary=:all:', '--implementation=cp', '--python-version=311', '--abi=cp311'],
    ...platforms.map((platform) => `--platform=${platform}`),
  ];
}

/**
 * What the user's index has for `requirements`, without fetching it; undefined where only pip itself can tell.
 */
export async function askIndex(
  requirements: readonly string[],
  platforms: readonly string[],
  { python, system }: Pick<FetchOptions, 'python' | 'system'>,
): Promise<Required<WantedWheel>[] | undefined> {
  const args = ['-c', PIP_SCRIPT, 'find', ...targetArguments(platforms), '--', ...requirements];
  const { code, stdout } = await system.run(python, args, { timeoutMs: HOUR_MS });
  if (code !== 0) return undefined;
  return JSON.parse(stdout) as Required<WantedWheel>[]; // printed by PIP_SCRIPT
}

/**
 * The path of `wheel`, fetched and checked by its SHA-256. What an interrupted run has fetched is kept and
 * continued.
 *
 * @throws RuntimeError of kind `download`, `disk` or `checksum`.
 */
export async function fetchWheel(
  wheel: WantedWheel,
  platforms: readonly string[],
  options: FetchOptions,
): Promise<string> {
  const { folders, onProgress } = options;
  const done = join(folders.downloads, wheel.file);
  const part = `${done}.part`;
  if (existsSync(done)) {
    if ((await sha256Of(done)) === wheel.sha256) return done;
    await rm(done);
  }
  for (;;) {
    const before = (await stat(part).catch(() => undefined))?.size ?? 0;
    if (before > 0) onProgress(`Going on with ${wheel.file} at ${megabytes(before)} MB.`);
    if (!(await fetchByRanges(wheel, part, options)))
      await fetchByPip(wheel, part, platforms, options);
    const received = await sha256Of(part);
    if (received === wheel.sha256 || wheel.sha256 === '') break;
    await rm(part);
    if (before > 0) {
      onProgress('What an earlier run left was damaged; fetching it again.');
      continue;
    }
    throw new RuntimeError(
      'checksum',
      `Expected ${wheel.file} to have SHA-256 ${wheel.sha256}. Received: ${received}. It was removed.`,
      { remedy: `python3 -m pip cache purge && ${RETRY}` },
    );
  }
  await rename(part, done);
  return done;
}

/** Fetches into `part`, going on at its end; false where the URL cannot be fetched in this way. */
async function fetchByRanges(
  { url = '', file }: WantedWheel,
  part: string,
  { python, system, onTransfer }: FetchOptions,
): Promise<boolean> {
  if (!/^https?:/.test(url)) return false;
  let first: { bytes: number; seconds: number } | undefined;
  const onLine = (line: string) => {
    const [bytes = 0, totalBytes = 0, seconds = 0] = line.split(' ').map(Number);
    first ??= { bytes, seconds };
    const bytesPerSecond = (bytes - first.bytes) / Math.max(0.001, seconds - first.seconds);
    const secondsLeft = (totalBytes - bytes) / bytesPerSecond;
    const known = bytesPerSecond > 0 && { secondsLeft };
    onTransfer({ file, receivedBytes: bytes, totalBytes, bytesPerSecond, ...known });
  };
  const args = ['-c', PIP_SCRIPT, 'fetch', url, part];
  const { code, stderr } = await system.run(python, args, { timeoutMs: 24 * HOUR_MS, onLine });
  if (code === 0) return true;
  if (code === 5) {
    throw new RuntimeError('disk', 'The disk with the cache folder is full.', {
      remedy: `free some space, or: XDG_CACHE_HOME=/a/larger/disk ${RETRY}`,
    });
  }
  if (code !== 4) return false;
  throw new RuntimeError('download', `The download of ${file} broke off: ${lastLine(stderr)}.`, {
    remedy: `${RETRY}   (it goes on where it stopped)`,
  });
}

/** Lets pip fetch the whole wheel: for indexes with a login, files and whatever else pip knows. */
async function fetchByPip(
  wheel: WantedWheel,
  part: string,
  platforms: readonly string[],
  { python, system, folders, onProgress }: FetchOptions,
): Promise<void> {
  onProgress(`Fetching ${wheel.file} with pip.`);
  const folder = await mkdtemp(join(folders.downloads, '.pip-'));
  try {
    const how = ['--no-deps', '--progress-bar=off', '--disable-pip-version-check'];
    const args = ['-m', 'pip', 'download', ...how, ...targetArguments(platforms)];
    const { code, stderr } = await system.run(
      python,
      [...args, `--dest=${folder}`, `${wheel.name}==${wheel.version}`],
      { timeoutMs: 24 * HOUR_MS, env: { TMPDIR: folder } },
    );
    const [file] = (await readdir(folder)).filter((name) => name.endsWith('.whl'));
    if (code !== 0 || !file) throw pipFault(wheel.file, stderr);
    await rename(join(folder, file), part);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function pipFault(what: string, stderr: string): RuntimeError {
  const fault = stderr.split('\n').findLast((line) => line.startsWith('ERROR'));
  return new RuntimeError(
    'download',
    `pip could not fetch ${what}: ${fault ?? (firstLine(stderr) || 'no word why')}`,
    { remedy: `check the network and pip's index settings (pip config list), then: ${RETRY}` },
  );
}

/** Bytes as whole megabytes. */
export function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
