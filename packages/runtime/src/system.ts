import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';

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
  /** Path of the running `node`. */
  readonly execPath: string;
  readonly home: string;
  /** Cores this process may use. */
  readonly cores: number;
  exists(path: string): boolean;
  run(command: string, args: readonly string[], options?: RunOptions): Promise<CommandResult>;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Variables laid over the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** @default 60_000 */
  readonly timeoutMs?: number;
}

/** The machine this process runs on. */
export function currentSystem(): System {
  return {
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.versions.node,
    execPath: process.execPath,
    home: homedir(),
    cores: availableParallelism(),
    exists: existsSync,
    run: runCommand,
  };
}

function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = {}, timeoutMs = 60_000 }: RunOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
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
  });
}

function exitCode(error: { code?: unknown } | null): number {
  if (error === null) return 0;
  if (error.code === 'ENOENT') return 127;
  return typeof error.code === 'number' ? error.code : 1;
}
