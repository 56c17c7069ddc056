// Kills training at random moments and resumes it until it is done: the weights, the state of the optimizer, the best
// weights and metrics.csv have to be those of an unbroken run, byte for byte.
//
//   node tools/check-resume.mjs [--models classifier,convlstm,siamese] [--runs 20] [--term 3] [--seed 1]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'classifier,convlstm,siamese' },
    runs: { type: 'string', default: '20' },
    term: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
  },
});
const RESUMABLE = 75;
const root = join(import.meta.dirname, '..');
const out = mkdtempSync(join(tmpdir(), 'arctic-resume-'));
const config = join(out, 'config.json');
/** Enough steps for a few seconds, in small pieces. */
const training = { epochs: 40, emaDecay: 0.9, keepTop: 2 };
writeFileSync(
  config,
  JSON.stringify({
    profile: 'smoke',
    samples: 40,
    classifier: training,
    convlstm: { ...training, samplesPerEpoch: 24, accumulate: 2 },
    siamese: training,
  }),
);

/** Runs a step of the app; `kill` sends a signal after so many milliseconds. Resolves with how it ended. */
function app(step, name, model, { resume = false, kill } = {}) {
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--conditions=@arctic/source', 'apps/train-all/src/main.ts', step],
      ...['--config', config, '--out', out, '--name', name, '--only', model],
      ...(resume ? ['--resume'] : []),
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let errors = '';
  let trainingSince;
  let timer;
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
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

/** A small generator of its own: the moments are the same for the same seed. */
let state = Number(values.seed) >>> 0 || 1;
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 4294967296;
}

function fingerprint(name, model) {
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

async function expectDone(ended, what) {
  if (ended.code !== 0) throw new Error(`${what} ended with ${ended.code}:\n${ended.errors}`);
}

let failed = 0;
for (const model of values.models.split(',')) {
  await expectDone(await app('data', 'whole', model), 'data');
  await expectDone(await app('preprocess', 'whole', model), 'preprocess');
  const whole = await app('train', 'whole', model);
  await expectDone(whole, 'the unbroken run');
  const expected = fingerprint('whole', model);
  const milliseconds = 1000 * whole.seconds;
  for (const [signal, runs] of [
    ['SIGKILL', Number(values.runs)],
    ['SIGTERM', Number(values.term)],
  ]) {
    let equal = 0;
    let kills = 0;
    for (let run = 0; run < runs; run++) {
      const name = `${signal}-${run}`;
      let resume = false;
      let ended;
      do {
        // Two or three kills a run, then it may end.
        const kill = { signal, after: milliseconds * random() * 0.6 };
        ended = await app(
          'train',
          name,
          model,
          kills > 3 * (run + 1) ? { resume } : { resume, kill },
        );
        const stopped = signal === 'SIGKILL' ? ended.signal === signal : ended.code === RESUMABLE;
        if (stopped) kills++;
        else await expectDone(ended, `${name}, resumed`);
        resume = true;
      } while (ended.code !== 0);
      if (fingerprint(name, model) === expected) equal++;
      else process.stdout.write(`${model}, ${name}: differs\n`);
      rmSync(join(out, 'runs', name), { recursive: true, force: true });
    }
    failed += runs - equal;
    process.stdout.write(
      `${model}: ${equal} of ${runs} runs with ${signal} (${kills} in all, over ${whole.seconds.toFixed(1)} s of training) ended as the unbroken one\n`,
    );
  }
}
rmSync(out, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
