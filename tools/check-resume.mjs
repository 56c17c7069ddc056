// Kills training at random moments and resumes it until it is done: the weights, the state of the optimizer, the best
// weights and metrics.csv have to be those of an unbroken run, byte for byte.
//
//   node tools/check-resume.mjs [--models classifier,convlstm,siamese] [--runs 20] [--term 3] [--seed 1]
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { expectStep, fingerprint, runStep } from './train-process.mjs';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'classifier,convlstm,siamese' },
    runs: { type: 'string', default: '20' },
    term: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
  },
});
const RESUMABLE = 75;
const out = mkdtempSync(join(tmpdir(), 'arctic-resume-'));
const config = join(out, 'config.json');
/** Enough steps for a few seconds, in small pieces. */
const training = { epochs: 30, emaDecay: 0.9, keepTop: 2 };
writeFileSync(
  config,
  JSON.stringify({
    profile: 'smoke',
    samples: 40,
    classifier: { ...training, batchSize: 6 },
    convlstm: { ...training, epochs: 15, samplesPerEpoch: 24, accumulate: 2 },
    siamese: training,
  }),
);

/** A small generator of its own: the moments are the same for the same seed. */
let state = Number(values.seed) >>> 0 || 1;
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 4294967296;
}

let failed = 0;
for (const model of values.models.split(',')) {
  const whole = { config, out, model, name: 'whole' };
  await expectStep('data', whole);
  await expectStep('preprocess', whole);
  const { seconds } = await expectStep('train', whole);
  const expected = fingerprint(whole);
  for (const [signal, runs] of [
    ['SIGKILL', Number(values.runs)],
    ['SIGTERM', Number(values.term)],
  ]) {
    let equal = 0;
    let kills = 0;
    for (let run = 0; run < runs; run++) {
      const name = `${signal}-${run}`;
      for (let attempt = 0; ; attempt++) {
        // Killed before anything was written, there is nothing to resume.
        const begun = existsSync(join(out, 'runs', name, 'config.json'));
        const options = { ...whole, name, resume: begun };
        const kill = { signal, after: 1000 * seconds * random() * 0.6 };
        // Up to three kills, then it may end.
        const ended = await runStep('train', attempt < 3 ? { ...options, kill } : options);
        if (ended.code === 0) break;
        // A signal that comes before training begins ends the process as it always does.
        const stopped =
          ended.signal === signal || (signal === 'SIGTERM' && ended.code === RESUMABLE);
        if (!stopped) throw new Error(`${name} ended with ${ended.code}:\n${ended.errors}`);
        kills++;
      }
      if (fingerprint({ ...whole, name }) === expected) equal++;
      else process.stdout.write(`${model}, ${name}: differs\n`);
      rmSync(join(out, 'runs', name), { recursive: true, force: true });
    }
    failed += runs - equal;
    process.stdout.write(
      `${model}: ${equal} of ${runs} runs with ${signal} (${kills} in all, over ${seconds.toFixed(1)} s of training) ended as the unbroken one\n`,
    );
  }
}
rmSync(out, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
