// A disk that fills up in the middle of a checkpoint: one clear sentence, the checkpoint before it is whole, and once there
// is room the run goes on and ends as one that always had room. Needs Linux and the right to mount a tmpfs.
//
//   node tools/check-full-disk.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expectStep, fingerprint, runStep } from './train-process.mjs';

const USAGE = 2;
const out = mkdtempSync(join(tmpdir(), 'arctic-full-disk-'));
const config = join(out, 'config.json');
const model = 'classifier';
writeFileSync(
  config,
  JSON.stringify({ profile: 'smoke', samples: 40, classifier: { epochs: 30, batchSize: 6 } }),
);
const roomy = { config, out, model, name: 'roomy' };
await expectStep('data', roomy);
await expectStep('preprocess', roomy);
await expectStep('train', roomy);
const expected = fingerprint(roomy);

const small = { ...roomy, name: 'small' };
const folder = join(out, 'runs', 'small');
mkdirSync(folder);
// Room for two checkpoints of 0.95 MB and the best weights, not for a third that is being written.
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2800k', 'tmpfs', folder]);
try {
  const full = await runStep('train', small);
  const sentence = full.errors.trimEnd().split('\n').at(-1);
  process.stdout.write(`full disk: code ${full.code}, "${sentence}"\n`);
  if (full.code !== USAGE || !/no space left/.test(sentence))
    throw new Error(`expected one sentence about space and code ${USAGE}`);
  const left = readdirSync(join(folder, model, 'checkpoints'));
  process.stdout.write(`left there: ${left.join(', ')}\n`);
  execFileSync('mount', ['-o', 'remount,size=64m', folder]);
  const { errors } = await expectStep('train', { ...small, resume: true });
  process.stdout.write(`with room: ${/resumed after step.*/.exec(errors)?.[0] ?? 'not resumed'}\n`);
  const equal = /resumed after step/.test(errors) && fingerprint(small) === expected;
  process.stdout.write(`${equal ? 'ended as the run that always had room' : 'DIFFERS'}\n`);
  process.exitCode = equal ? 0 : 1;
} finally {
  execFileSync('umount', [folder]);
  rmSync(out, { recursive: true, force: true });
}
