import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const COMMAND = ['--import', 'tsx', '--conditions=@arctic/source', 'apps/train-all/src/main.ts'];

/** How a call of the app ended. */
export interface CliResult {
  /** null where it was killed. */
  readonly code: number | null;
  readonly out: string;
  /** Standard error without what TensorFlow logs on loading. */
  readonly err: string;
}

/**
 * Runs the app as a user does, in a process of its own.
 *
 * @param killAt ends the process like `kill -9` once its standard error holds this text.
 */
export function runCli(args: readonly string[], killAt?: string): Promise<CliResult> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [...COMMAND, ...args], { cwd: ROOT });
    let out = '';
    let err = '';
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString();
      if (killAt !== undefined && err.includes(killAt)) child.kill('SIGKILL');
    });
    child.on('error', fail);
    child.on('close', (code) => {
      done({ code, out, err: err.replace(/^(WARNING: All log|[IWE]0000 ).*\n/gm, '') });
    });
  });
}

/** Every file below a folder with its size and time of change. */
export function listFiles(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    files.map((file) => [file, `${statSync(file).size} bytes, ${statSync(file).mtimeMs}`]),
  );
}
