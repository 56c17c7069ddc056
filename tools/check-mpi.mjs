// Training with two processes: the losses of one, the speed, and a process that is lost.
//     node tools/check-mpi.mjs [--launcher mpirun.openmpi]
// One thread each, so that two processes have twice the cores of one.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { expectStep, runStep } from './train-process.mjs';

const { values } = parseArgs({
  options: { launcher: { type: 'string', default: 'mpirun.openmpi' } },
});
const out = mkdtempSync(join(tmpdir(), 'arctic-mpi-'));
const config = join(out, 'config.json');
/** What is trained, 50 steps or more each: batch norm and none, few weights and many. */
const TRAININGS = {
  classifier: {
    // Small plain steps: AdamW would turn the last digits of small gradients into whole steps, and a ReLU that
    // flips is a step of its own.
    settings: { preset: 'resnet18', inputSize: 96, batchSize: 16, epochs: 10, optimizer: 'sgd' },
    learningRate: 3e-4,
  },
  convlstm: {
    settings: { hiddenChannels: [32], cropSize: 64, batchSize: 8, samplesPerEpoch: 48, epochs: 10 },
    learningRate: 2e-3,
  },
};
writeFileSync(
  config,
  JSON.stringify({
    profile: 'smoke',
    samples: 96,
    ...Object.fromEntries(
      Object.entries(TRAININGS).map(([model, { settings, learningRate }]) => [
        model,
        { ...settings, learningRate },
      ]),
    ),
  }),
);
// For this process's children.
Object.assign(process.env, {
  OMP_NUM_THREADS: '1',
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
});
const flags = /openmpi/.test(values.launcher) ? ['--allow-run-as-root', '--oversubscribe'] : [];
const launcher = [values.launcher, ...flags, '-n', '2'];

/** Loss of each step, and seconds of each after the first few. */
function stepsOf(name, model) {
  const lines = readFileSync(join(out, 'runs', name, model, 'steps.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'batch');
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const secondsOf = (name, model) =>
  median(
    stepsOf(name, model)
      .slice(5)
      .map((step) => step.seconds),
  );

let failed = false;
for (const model of Object.keys(TRAININGS)) {
  const whole = { config, out, model, name: 'one' };
  await expectStep('data', whole);
  await expectStep('preprocess', whole);
  await expectStep('train', whole);
  await expectStep('train', { ...whole, name: 'two', launcher });
  // What two processes that have nothing to say to each other do on this machine.
  await Promise.all(['apart-1', 'apart-2'].map((name) => expectStep('train', { ...whole, name })));
  const [one, two] = [stepsOf('one', model), stepsOf('two', model)];
  const differences = one.map(({ loss }, i) => Math.abs(loss - two[i].loss) / Math.abs(loss));
  const worst = Math.max(...differences.slice(0, 50));
  const [alone, shared] = [secondsOf('one', model), secondsOf('two', model)];
  const apart = (secondsOf('apart-1', model) + secondsOf('apart-2', model)) / 2;
  failed ||= !(worst <= 1e-5);
  process.stdout.write(
    `${model}: ${one.length} steps, largest relative difference of the losses in the first 50 ${worst.toExponential(1)}\n` +
      `  ${(1000 * alone).toFixed(0)} ms a step with one process, ${(1000 * shared).toFixed(0)} ms with two: ${(alone / shared).toFixed(2)} times as fast ` +
      `(two that train apart: ${((2 * alone) / apart).toFixed(2)} times)\n`,
  );
}

// A process that is killed in the middle of the training.
const lost = { config, out, model: 'classifier', name: 'lost' };
let killedAt;
const { code, errors } = await runStep('train', {
  ...lost,
  launcher,
  onErrors(said) {
    if (killedAt !== undefined || !/epoch 3\//.test(said)) return;
    const rank = execFileSync('pgrep', ['-f', `${out} --name lost`], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number)
      .filter((pid) => /node/.test(readFileSync(`/proc/${pid}/comm`, 'utf8')))
      .at(-1);
    killedAt = performance.now();
    process.kill(rank, 'SIGKILL');
  },
});
const seconds = (performance.now() - killedAt) / 1000;
const word =
  errors.split('\n').find((line) => /signal 9|exited|KILLED|BAD TERMINATION/i.test(line)) ?? '';
process.stdout.write(
  `a killed process: the job ended with ${code} after ${seconds.toFixed(1)} s ("${word.trim()}")\n`,
);
failed ||= code === 0 || seconds > 30;
await expectStep('train', { ...lost, resume: true });
const last = (name) =>
  readFileSync(join(out, 'runs', name, 'classifier', 'metrics.csv'), 'utf8')
    .trim()
    .split('\n')
    .at(-1);
process.stdout.write(
  `resumed with one process to the end:\n  ${last('lost')}\n  ${last('one')} (one process, unbroken)\n`,
);
rmSync(out, { recursive: true, force: true });
process.exitCode = failed ? 1 : 0;
