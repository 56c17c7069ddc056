// TensorBoard's own reader lists what a training wrote, an interruption in the middle included:
//     node --import tsx --conditions=@arctic/source tools/check-tensorboard.mjs
// Makes a Python environment with tensorboard in a temporary folder (needs Python 3 with venv).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
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
  const problems = [
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
} finally {
  rmSync(work, { recursive: true, force: true });
}
