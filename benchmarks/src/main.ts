import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { agreement, agreementSteps } from './agreement.js';
import { benchmark, expectedSteps } from './benchmark.js';
import { BenchmarkError, isBenchmarkError } from './errors.js';
import { jobOf, OURS, ourLaunch, runToEnd } from './launch.js';
import { createProgress } from './progress.js';
import { ensurePython } from './python-environment.js';
import { steady, steadySteps } from './steady.js';
import { formatSummary, formatTable } from './table.js';
import { HELP, readArguments, type Usage } from './usage.js';

try {
  const base = process.env['INIT_CWD'] ?? process.cwd();
  const usage = readArguments(process.argv.slice(2), base);
  if (usage.action === 'help') process.stdout.write(HELP);
  else await inScratchFolder((scratch) => run(usage, scratch));
} catch (error) {
  if (!isBenchmarkError(error)) throw error;
  process.stderr.write(`${error.message}\n${error.remedy ? `Do: ${error.remedy}\n` : ''}`);
  process.exitCode = 2;
}

async function run(usage: Usage, scratch: string): Promise<void> {
  const { action, rows, threads } = usage;
  const python = () => (usage.python === undefined ? ensurePython(say) : checked(usage.python));
  switch (action) {
    case 'profile':
      for (const row of rows) {
        const job = jobOf(row, join(scratch, row.name), OURS, threads);
        await runToEnd(ourLaunch('prepare', job));
        await runToEnd(ourLaunch('profile', job));
      }
      return;
    case 'agreement': {
      const path = await python();
      await judged(agreementSteps(usage), (progress) => agreement(usage, path, scratch, progress));
      return;
    }
    case 'steady':
      await judged(steadySteps(usage), (progress) => steady(usage, scratch, progress));
      return;
    default: {
      const path = usage.peers.length === 0 ? '' : await python();
      const progress = createProgress(process.stdout, expectedSteps(usage));
      const results = await benchmark(usage, path, scratch, progress);
      progress.end();
      say(`\n${formatTable(results.rows)}\n${formatSummary(results.rows)}`);
      say(`\n${results.machine['cpu']}, ${threads} threads. Saved in ${usage.out}`);
    }
  }
}

/** The path, where there is a program. */
async function checked(path: string): Promise<string> {
  await access(path, constants.X_OK).catch((cause: unknown) => {
    throw new BenchmarkError(`Expected a Python program as --python. Received: ${path}.`, {
      cause,
    });
  });
  return path;
}

/** Runs a check; the exit code says how it went. */
async function judged(
  steps: number,
  check: (progress: ReturnType<typeof createProgress>) => Promise<boolean>,
): Promise<void> {
  const progress = createProgress(process.stdout, steps);
  const passed = await check(progress);
  progress.end();
  if (!passed) process.exitCode = 1;
}

/** A folder for weights and batches that is gone afterwards. */
async function inScratchFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'arctic-bench-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
