import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { OptionsError } from '../errors.js';
import { RESUMABLE_EXIT_CODE } from '../stop-signals.js';
import type { TrialMessage } from './trial-messages.js';
import type { TrialJob, TrialRunner } from './trial.js';

/** Where a trial's process gets its job and tells of it: `process` has both. */
export interface TrialStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
}

/**
 * The other end of `childTrialRunner`: takes the job from standard input, does it, and returns the
 * code that the process should end with. The signal of the hooks is aborted when the search that
 * asked is gone, so that no trial is left behind; add `stopOnSignals` to hear of SIGTERM too.
 *
 * @example
 * process.exitCode = await answerTrial(process, (job, hooks) =>
 *   trainTrial(taskOf(job.settings), options, job, hooks),
 * );
 */
export async function answerTrial(
  { stdin, stdout }: TrialStreams,
  run: TrialRunner,
): Promise<number> {
  const gone = new AbortController();
  const say = (message: TrialMessage) =>
    new Promise<void>((resolve) => {
      stdout.write(`${JSON.stringify(message)}\n`, () => {
        resolve();
      });
    });
  // A search that is gone does not read: that shows on standard input too.
  stdout.on('error', () => undefined);
  const lines = createInterface({ input: stdin });
  lines.on('close', () => {
    gone.abort();
  });
  try {
    const job = await firstLine(lines);
    const end = await run(job, {
      signal: gone.signal,
      report: (report) => void say({ kind: 'report', ...report }),
    });
    return end === 'done' ? 0 : RESUMABLE_EXIT_CODE;
  } catch (error) {
    await say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    return 1;
  } finally {
    lines.close();
    // An open standard input would keep the process alive.
    stdin.destroy();
  }
}

async function firstLine(lines: ReturnType<typeof createInterface>): Promise<TrialJob> {
  const line = await new Promise<string>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => {
      resolve('');
    });
  });
  try {
    return JSON.parse(line) as TrialJob; // written by childTrialRunner
  } catch (cause) {
    throw new OptionsError(
      `Expected a job as one line of JSON on standard input. Received: ${line || 'nothing'}.`,
      { cause },
    );
  }
}
