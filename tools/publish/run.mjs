import { spawnSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

/** Runs a command, with a Node.js of its own where one is given; its exit code and what it said. */
export function run(command, args, { cwd, env = {}, node }) {
  const path = node ? `${dirname(node)}${delimiter}${process.env.PATH}` : process.env.PATH;
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', ...env, PATH: path },
    maxBuffer: 2 ** 28,
  });
  return { code: status, output: `${stdout}${stderr}` };
}

/** The same where failure ends the whole check. */
export function must(command, args, where) {
  const { code, output } = run(command, args, where);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

/** The last lines of an output. */
export const tail = (output) => output.trim().split('\n').slice(-12).join('\n');

/** Seconds since a moment, as words. */
export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(0)} s`;

/** npm install from the registry, a folder's own dependencies or those named. */
export const install = (registry, cwd, names = []) =>
  must('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...names], {
    cwd,
    env: registry.env,
  });
