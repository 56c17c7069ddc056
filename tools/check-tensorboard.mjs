// TensorBoard's own reader lists what a training wrote, an interruption in the middle included, and TensorBoard shows it:
//     node --import tsx --conditions=@arctic/source tools/check-tensorboard.mjs
// Makes a Python environment with tensorboard in a temporary folder (needs Python 3 with venv).
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeRun } from './tensorboard-run.ts';

const READ = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
board = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "histograms": 0, "images": 0})
board.Reload()
tags = board.Tags()
print(json.dumps({
    "scalars": {tag: [[e.step, e.value] for e in board.Scalars(tag)] for tag in tags["scalars"]},
    "histograms": {tag: [[e.step, e.histogram_value.num, sum(e.histogram_value.bucket)] for e in board.Histograms(tag)] for tag in tags["histograms"]},
    "images": {tag: [[e.step, e.width, e.height] for e in board.Images(tag)] for tag in tags["images"]},
}))
`;

/** TensorBoard as a process, once it listens: `{ address, stop }`. */
function serve(python, folder, ...more) {
  const options = ['--logdir', folder, '--host', 'localhost', '--port', '0', ...more];
  const child = spawn(python, ['-m', 'tensorboard.main', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = new Promise((resolve) => child.on('close', resolve));
  const stop = async () => {
    child.kill();
    await closed;
  };
  let errors = '';
  return new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
      const address = /http:\S+/.exec(errors)?.[0];
      if (address) resolve({ address: address.replace(/\/$/, ''), stop });
    });
    closed.then((code) => reject(new Error(`tensorboard ended with ${code}:\n${errors}`)));
  });
}

/** Steps of the losses, and the other tags, as TensorBoard serves them; waits until it has read the last step. */
async function ask(address, last) {
  const get = async (path) => {
    const response = await globalThis.fetch(`${address}/data/plugin/${path}`);
    return response.ok ? response.json() : null;
  };
  let losses = null;
  for (let attempt = 0; attempt < 100 && losses?.at(-1)?.[1] !== last; attempt++) {
    if (attempt > 0) await sleep(200);
    losses = await get('scalars/scalars?run=.&tag=train%2Floss');
  }
  const tags = async (plugin) => Object.keys((await get(`${plugin}/tags`))?.['.'] ?? {});
  return {
    steps: (losses ?? []).map(([, step]) => step).join(),
    histograms: await tags('histograms'),
    images: await tags('images'),
  };
}

const work = mkdtempSync(join(tmpdir(), 'arctic-tensorboard-'));
try {
  const python = join(work, 'venv', 'bin', 'python');
  execFileSync('python3', ['-m', 'venv', join(work, 'venv')]);
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'tensorboard', 'setuptools<81']);
  const expected = await writeRun(join(work, 'run'));
  writeFileSync(join(work, 'read.py'), READ);
  const text = execFileSync(python, [join(work, 'read.py'), join(work, 'run', 'tensorboard')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { scalars, histograms, images } = JSON.parse(text.trim().split('\n').at(-1));
  const steps = (values) => values.map(([step]) => step).join();
  for (const [what, tags] of Object.entries({ scalars, histograms, images }))
    process.stdout.write(`${what}: ${Object.keys(tags).join(', ')}\n`);
  const all = [scalars, histograms, images].flatMap((tags) => Object.entries(tags));
  const ofEpochs = all.filter(([tag]) => !tag.startsWith('train/'));
  const problems = [
    [
      all.every(([, values]) => new Set(values.map(([step]) => step)).size === values.length),
      'every step of every tag once',
    ],
    [
      ofEpochs.every(([, values]) => steps(values) === expected.epochs.join()),
      'a value for each epoch',
    ],
    [steps(scalars['train/loss']) === expected.steps.join(), 'a loss for each step, once'],
    [
      scalars['train/loss'].every(([, loss], i) => Math.abs(loss - expected.losses[i]) < 1e-6),
      'the losses of the run',
    ],
    [steps(scalars['epoch/val_loss']) === expected.epochs.join(), 'a score for each epoch, once'],
    [
      Object.values(histograms).every((values) => values.every(([, n, sum]) => n > 0 && n === sum)),
      'histograms that count every value',
    ],
    [Object.keys(histograms).length === expected.parameters, 'a histogram of each parameter'],
    [
      images['samples/gradient'].every(([, width, height]) => width === 8 && height === 8),
      'pictures of 8 × 8 pixels',
    ],
  ].flatMap(([fine, what]) => (fine ? [] : [what]));
  if (problems.length > 0) throw new Error(`Expected ${problems.join('; ')}. Received: ${text}`);
  process.stdout.write(
    `TensorBoard reads ${expected.steps.length} steps of an interrupted run, each once\n`,
  );

  for (const loader of ['true', 'false']) {
    const { address, stop } = await serve(
      python,
      join(work, 'run', 'tensorboard'),
      '--load_fast',
      loader,
    );
    const shown = await ask(address, expected.steps.at(-1)).finally(stop);
    const fine =
      shown.steps === expected.steps.join() &&
      shown.histograms.length === expected.parameters &&
      shown.images.length === Object.keys(images).length;
    if (!fine)
      throw new Error(`Expected the same from TensorBoard. Received: ${JSON.stringify(shown)}`);
    process.stdout.write(`TensorBoard itself (--load_fast ${loader}) shows the same\n`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
