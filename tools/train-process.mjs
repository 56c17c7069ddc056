// The app as a process of its own, for the checks that stop it in its tracks.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';

const root = join(import.meta.dirname, '..');

/**
 * Runs a step of the app on one model; `kill` sends a signal so many milliseconds after training begins, `launcher` is a
 * command that starts it, and `onErrors` sees all that it has said so far. Resolves with how it ended.
 */
export function runStep(step, options) {
  const { config, out, name, model, resume = false, kill, launcher = [], onErrors } = options;
  const command = [
    ...[...launcher, process.execPath, '--import', 'tsx', '--conditions=@arctic/source'],
    ...['apps/train-all/src/main.ts', step],
    ...['--config', config, '--out', out, '--name', name, '--only', model],
    ...(resume ? ['--resume'] : []),
  ];
  const child = spawn(command[0], command.slice(1), {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  let trainingSince;
  let timer;
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
    onErrors?.(errors);
    // The clock runs from where training begins; what comes before is the start of the process.
    if (trainingSince === undefined && /: training/.test(errors)) {
      trainingSince = performance.now();
      if (kill) timer = setTimeout(() => child.kill(kill.signal), kill.after);
    }
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, errors, seconds: (performance.now() - (trainingSince ?? 0)) / 1000 });
    });
  });
}

/** Runs a step that has to go well. */
export async function expectStep(step, options) {
  const ended = await runStep(step, options);
  if (ended.code !== 0) throw new Error(`${step} ended with ${ended.code}:\n${ended.errors}`);
  return ended;
}

/** Hashes of the weights, the optimizer's state, the best weights and the metrics of a run. */
export function fingerprint({ out, name, model }) {
  const folder = join(out, 'runs', name, model);
  const files = ['checkpoints/last/tensors.bin', 'checkpoints/best/tensors.bin', 'metrics.csv'];
  return files
    .map((file) =>
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    )
    .join('\n');
}
