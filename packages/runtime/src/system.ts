import { execFile } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readSync,
  statfsSync,
} from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** What a finished command left behind; `code` is 127 where the command does not exist. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The machine as this package sees it; tests put a made-up one in its place. */
export interface System {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly arch: string;
  readonly nodeVersion: string;
  /** The newest version of Node-API that this Node has. */
  readonly napi: number;
  /** Path of the running `node`. */
  readonly execPath: string;
  readonly home: string;
  /** Cores this process may use. */
  readonly cores: number;
  exists(path: string): boolean;
  /** Whether this Node was built for musl (Alpine), for which TensorFlow has no build. */
  readonly musl: boolean;
  /** Whether this user may write at `path`, or where it would be made. */
  isWritable(path: string): boolean;
  /** Bytes that this user may still write where `path` lies. */
  freeBytes(path: string): number;
  /** Milliseconds since 1970. */
  now(): number;
  run(command: string, args: readonly string[], options?: RunOptions): Promise<CommandResult>;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Variables laid over the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** @default 60_000 */
  readonly timeoutMs?: number;
  /** Called with each line of the standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

/** The machine this process runs on. */
export function currentSystem(): System {
  return {
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.versions.node,
    napi: Number(process.versions['napi']),
    execPath: process.execPath,
    home: homedir(),
    cores: availableParallelism(),
    exists: existsSync,
    musl: isMusl(process.execPath),
    isWritable,
    freeBytes,
    // eslint-disable-next-line no-restricted-properties -- this is where the time comes in
    now: Date.now,
    run: runCommand,
  };
}

/** The program that loads `node` is named near the start of its file. */
function isMusl(node: string): boolean {
  if (process.platform !== 'linux') return false;
  const head = Buffer.alloc(4096);
  const file = openSync(node, 'r');
  readSync(file, head);
  closeSync(file);
  return head.includes('/ld-musl-');
}

function isWritable(path: string): boolean {
  try {
    accessSync(existingFolder(path), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(existingFolder(path));
  return bavail * bsize;
}

function existingFolder(path: string): string {
  return existsSync(path) ? path : existingFolder(dirname(path));
}

function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = {}, timeoutMs = 60_000, onLine }: RunOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = execFile(
      command,
      args,
      { cwd, env: { ...process.env, ...env }, timeout: timeoutMs, maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => {
        const killed = error?.signal ? `killed by ${error.signal}` : '';
        const words = stderr || (killed ? '' : (error?.message ?? ''));
        resolve({
          code: exitCode(error),
          stdout,
          stderr: [words, killed].filter(Boolean).join('\n'),
        });
      },
    );
    if (onLine && child.stdout) createInterface({ input: child.stdout }).on('line', onLine);
  });
}

function exitCode(error: { code?: unknown } | null): number {
  if (error === null) return 0;
  if (error.code === 'ENOENT') return 127;
  return typeof error.code === 'number' ? error.code : 1;
}
