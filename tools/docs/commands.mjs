// Runs commands of the docs by bash, each block a shell of its own, and servers beside them.
import { execFileSync, spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout } from 'node:timers';

/** What the check does by itself, or does not do again at every mention. */
const PRELUDE = `set -euo pipefail
npm() {
  case "\${1:-} \${2:-}" in
    'ci '*|'install '*|'i '*|'test '*) echo "left out: npm $*" ;;
    *) command npm "$@" ;;
  esac
}
npx() {
  if [ "\${1:-}" = arctic-runtime ]; then
    shift
    node --import tsx --conditions=@arctic/source "$ARCTIC_COPY/packages/runtime/src/cli.ts" "$@"
  else
    command npx "$@"
  fi
}
`;

/** A server has said that it listens, in whatever words. */
const LISTENS = /\blisten(s|ing)\b|\bLocal:\s+http/i;

/** Processes that a process started, and those that they started: some are of a group of their own. */
function startedBy(pid) {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found)
    found.push(...all.filter(([, above]) => above === parent).map(([child]) => child));
  return found;
}

/** Ends a process and all that it started. */
function end(child, signal = 'SIGTERM') {
  for (const pid of [-child.pid, ...startedBy(child.pid)])
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
}

const running = new Set();

/** Ends all that is still running. */
export function endAll() {
  for (const child of running) end(child, 'SIGKILL');
}

/** Starts a command as a group of processes; its output grows in `output.text`. */
function start(command, args, { cwd, env }) {
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output.text += text;
    });
  const closed = new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 127, error: String(error) }));
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code: code ?? 1 });
    });
  });
  return { child, output, closed };
}

const later = (ms, value) =>
  new Promise((resolve) => {
    setTimeout(() => resolve(value), ms).unref();
  });

/** Runs a command to its end, at most `minutes`. */
export async function runCommand(command, args, { minutes, ...options }) {
  const { child, output, closed } = start(command, args, options);
  const ended = await Promise.race([closed, later(60_000 * minutes, undefined)]);
  if (ended === undefined) {
    end(child, 'SIGKILL');
    await closed;
    return { code: 1, output: `${output.text}\nstopped after ${minutes} minutes` };
  }
  return { code: ended.code, output: output.text + (ended.error ?? '') };
}

export const runShell = (code, options) => runCommand('bash', ['-c', PRELUDE + code], options);

/** Starts a server and waits until it says that it listens. The result has `stop`. */
export async function startServer(code, { minutes, ...options }) {
  const { child, output, closed } = start('bash', ['-c', PRELUDE + code], options);
  const stop = async () => {
    end(child);
    await Promise.race([closed, later(10_000)]);
    end(child, 'SIGKILL');
    return output.text;
  };
  const until = performance.now() + 60_000 * minutes;
  while (performance.now() < until) {
    const ended = await Promise.race([closed, later(200, undefined)]);
    if (ended !== undefined) return { code: ended.code || 1, output: output.text, stop };
    if (LISTENS.test(output.text)) return { code: 0, output: output.text, stop };
  }
  return { code: 1, output: `${output.text}\nit did not listen within ${minutes} minutes`, stop };
}
