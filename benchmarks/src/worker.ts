import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { loadBackend } from '@arctic/runtime';
import * as tf from '@tensorflow/tfjs-core';
import { BenchmarkError, firstLine, isBenchmarkError } from './errors.js';
import { peakMb } from './memory.js';
import { formatProfile } from './profile-text.js';
import { profileSteps } from './profile.js';
import { encodeReply, type Job, type Reply } from './protocol.js';
import { openWorkload, prepareWorkload } from './workload.js';

/*
 * A process that runs one row with this repository's packages. Arguments: what to do, the job as JSON.
 *   prepare  writes weights and batch
 *   serve    takes a step for every line of input
 *   profile  prints where the time of a step goes
 */
const [task, job] = process.argv.slice(2);

try {
  await run(task, JSON.parse(job ?? 'null') as Job);
} catch (error) {
  if (task === 'serve') say({ kind: 'error', message: firstLine(error) });
  else if (isBenchmarkError(error)) process.stderr.write(`${error.message}\n`);
  else throw error;
  process.exitCode = 1;
}

async function run(what: string | undefined, { row, folder, ...settings }: Job): Promise<void> {
  const backend = await loadBackend();
  if (backend.backend !== 'tensorflow') {
    throw new BenchmarkError(
      `Expected the native backend. Received: the JavaScript one. ${backend.reason} Do: npm run runtime`,
    );
  }
  if (what === 'prepare') return prepareWorkload(row, folder);
  const workload = await openWorkload(row, folder, settings);
  if (what === 'profile') {
    const profile = await profileSteps(() => workload.step(), { warmUp: 2, steps: 5 });
    process.stdout.write(formatProfile(row.title, profile));
  } else {
    const versions = {
      node: process.versions.node,
      tfjs: backend.tfjsVersion,
      'tensorflow (ours)': backend.tensorflowVersion ?? 'unknown',
    };
    say({ kind: 'ready', versions, parameters: workload.parameters });
    for await (const line of createInterface({ input: process.stdin })) {
      if (line === 'collect') globalThis.gc?.();
      else if (line !== 'step') continue;
      const start = performance.now();
      const value = await workload.step();
      const ms = performance.now() - start;
      const residentMb = process.memoryUsage.rss() / 1024 / 1024;
      const { numTensors: tensors } = tf.memory();
      say({ kind: 'step', ms, value, peakMb: peakMb(), residentMb, tensors });
    }
  }
  await workload.dispose();
}

function say(reply: Reply): void {
  process.stdout.write(encodeReply(reply));
}
