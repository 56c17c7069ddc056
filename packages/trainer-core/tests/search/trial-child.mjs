// A trial in a process of its own, without the package: what `childTrialRunner` documents is enough.
// Its score is (x − 3)² + 1 / epoch; `mode` says how it ends.
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';

const print = (line) => process.stdout.write(`${line}\n`);
const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => {
  const { trial, settings, budget, folder, resume } = JSON.parse(line);
  const { x, mode } = settings;
  appendFileSync(`${folder}.calls`, `${budget} ${resume}\n`);
  print('a line for people');
  process.stderr.write(`trial ${trial} begins\n`);
  if (mode === 'slow') return; // until it is killed
  if (mode === 'stop') process.exit(75);
  for (let epoch = 1; epoch <= budget; epoch++) {
    const scores = { val_loss: mode === 'nan' ? null : (x - 3) ** 2 + 1 / epoch };
    print(JSON.stringify({ kind: 'report', budget: epoch, scores }));
  }
  if (mode === 'kill') process.kill(process.pid, 'SIGKILL');
  else if (mode === 'throw') throw new Error('out of luck');
  else if (mode === 'tell') {
    print(JSON.stringify({ kind: 'failed', message: 'Expected luck. Received: none.' }));
    process.exitCode = 1;
    process.stdin.destroy();
  } else process.stdin.destroy();
});
