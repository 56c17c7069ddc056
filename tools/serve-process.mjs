// The apps as processes of their own, for the checks that use them as their users do.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const NODE_ARGS = ['--import', import.meta.resolve('tsx'), '--conditions=@arctic/source'];
const app = (name) => join(import.meta.dirname, '..', 'apps', name, 'src', 'main.ts');

/** Trains the smoke profile into a folder, where it holds no models yet. */
export function makeWork(work) {
  if (existsSync(join(work, 'models'))) return;
  mkdirSync(work, { recursive: true });
  execFileSync(
    process.execPath,
    [...NODE_ARGS, app('train-all'), 'run', '--profile', 'smoke', '--out', work],
    { stdio: 'ignore' },
  );
}

/** A server of its own on a free port, with the models of a work folder. */
export async function startServer(work, args = []) {
  const child = spawn(
    process.execPath,
    [...NODE_ARGS, app('serve'), 'run', '--port', '0', '--models', join(work, 'models'), ...args],
    { cwd: work, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const log = [];
  const base = await new Promise((resolve, reject) => {
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        log.push(line);
        const found = /Server listening at (http:\S+?)"/.exec(line);
        if (found) resolve(found[1]);
      }
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return {
    base,
    child,
    log,
    async stop(signal = 'SIGTERM') {
      const gone = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
      child.kill(signal);
      return gone;
    },
  };
}

/** Arguments of node that add days to an archive. */
export const ingestArgs = (work, archive, ...args) => [
  ...[...NODE_ARGS, app('serve'), 'ingest', '--archive', archive],
  ...['--models', join(work, 'models'), ...args],
];

/** Waits until so many forecasts are issued and all seven days are verified. */
export async function untilForecasts(base, count = 15) {
  const { fetch, setTimeout } = globalThis;
  for (let i = 0; i < 240; i++) {
    const { domains } = await (await fetch(`${base}/api/v1/domains`)).json();
    const { totals } = await (await fetch(`${base}/api/v1/verification`)).json();
    if (domains[0]?.issued.length >= count && totals?.length === 7) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('no forecasts within two minutes');
}
