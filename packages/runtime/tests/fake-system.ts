import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CommandResult, System } from '../src/index.js';

export const MISSING: CommandResult = { code: 127, stdout: '', stderr: 'not found' };

/** What a made-up command answers; undefined stands for "no such command". */
export type Answer = (
  command: string,
  args: readonly string[],
) => string | CommandResult | undefined;

/** A Linux machine with nothing on it but `files` and the commands that `answer` knows. */
export function fakeSystem({
  files = [],
  answer = () => undefined,
  ...overrides
}: Partial<System> & {
  readonly files?: readonly string[];
  readonly answer?: Answer;
} = {}): System {
  return {
    env: {},
    platform: 'linux',
    arch: 'x64',
    nodeVersion: '20.19.0',
    napi: 9,
    musl: false,
    execPath: '/usr/bin/node',
    home: '/home/somebody',
    cores: 4,
    exists: (path) => files.includes(path),
    isWritable: () => true,
    freeBytes: () => 1e12,
    now: () => Date.now(),
    run: (command, args, { onLine } = {}) => {
      const answered = answer(command, args) ?? MISSING;
      const result =
        typeof answered === 'string' ? { code: 0, stdout: answered, stderr: '' } : answered;
      if (onLine) result.stdout.trim().split('\n').forEach(onLine);
      return Promise.resolve(result);
    },
    ...overrides,
  };
}

/** The three files by which a TensorFlow library is known. */
export function libraryIn(folder: string): string[] {
  return [
    join(folder, 'libtensorflow_cc.so.2'),
    join(folder, 'libtensorflow_framework.so.2'),
    join(folder, 'include/tensorflow/c/c_api.h'),
  ];
}

/** What the Python probe prints. */
export function pythonReport(folder?: string, { version = '2.21.0', cuda = false } = {}): string {
  const tensorflow = folder === undefined ? undefined : { folder, version, cuda };
  return JSON.stringify({ version: '3.11.7', pip: '24.0', tensorflow });
}

/** What the child process of the smoke test prints. */
export function smokeReport(wrong: readonly string[] = []): string {
  return `arctic-runtime-smoke-test ${JSON.stringify({ wrong, tensorflowVersion: '2.21.0', gpu: false })}\n`;
}

/** A fresh folder of the real file system, removed when the test has finished. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'arctic-runtime-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder of the real file system that looks like a TensorFlow library. */
export function realLibrary(): string {
  const folder = temporaryFolder();
  for (const file of libraryIn(folder)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
  return folder;
}
