import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { RESUMABLE_EXIT_CODE } from '../stop-signals.js';
import { parseMessage } from './trial-messages.js';
import type { TrialJob, TrialRunner } from './trial.js';

/** How a trial's process is started. */
export interface ChildRunnerOptions {
  /** A program, in any language: see `answerTrial` for what it has to say. */
  readonly command: string;
  readonly args?: readonly string[];
  /** @default that of this process */
  readonly cwd?: string;
  /** @default that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** A job that takes longer has failed. @default none */
  readonly timeoutSeconds?: number;
  /** Time between being asked to stop and being made to. @default 20 */
  readonly graceSeconds?: number;
  /** Gets what the processes print beside their messages, line by line. @default dropped */
  readonly onLog?: (trial: number, line: string) => void;
}

/** Lines of standard error kept to explain a failure. */
const KEPT_LINES = 20;

/**
 * Runs each job in a process of its own: a crash, a leak or a full memory is a failed trial, not the
 * end of the search.
 *
 * The process gets the job as one line of JSON on standard input, which then stays open as long as
 * this process lives. It prints a line `{"kind":"report","budget":1,"scores":{"val_loss":0.5}}` after
 * each epoch and ends with code 0, with code 75 when it was told to stop and can go on, or with any
 * other when it failed, the reason in a line `{"kind":"failed","message":"…"}` or on standard error.
 */
export function childTrialRunner(options: ChildRunnerOptions): TrialRunner {
  return async (job, { report, signal }) => {
    if (signal.aborted) return 'stopped';
    const child = spawn(options.command, options.args ?? [], {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const said: { failure: string | null; tail: string[] } = { failure: null, tail: [] };
    const log = (line: string) => options.onLog?.(job.trial, line);
    const reading = [
      readLines(child.stdout, (line) => {
        const message = parseMessage(line);
        if (message?.kind === 'report') report({ budget: message.budget, scores: message.scores });
        else if (message?.kind === 'failed') said.failure = message.message;
        else log(line);
      }),
      readLines(child.stderr, (line) => {
        said.tail = [...said.tail, line].slice(-KEPT_LINES);
        log(line);
      }),
    ];
    const limit = watch(child, options, signal);
    try {
      const end = ended(child);
      // A process that ends without reading is told of by its code.
      child.stdin.on('error', () => undefined);
      child.stdin.write(`${JSON.stringify(job)}\n`);
      const { code, killedBy } = await end;
      await Promise.all(reading);
      if (code === 0) return 'done';
      if (limit.timedOut) throw new Error(`It took longer than ${options.timeoutSeconds} seconds.`);
      if (code === RESUMABLE_EXIT_CODE || signal.aborted) return 'stopped';
      throw new Error(reasonOf(job, code, killedBy, said));
    } finally {
      limit.dispose();
    }
  };
}

/** Asks the process to stop when its time is up or the search is told to, and makes it after a while. */
function watch(
  child: ChildProcess,
  { timeoutSeconds, graceSeconds = 20 }: ChildRunnerOptions,
  signal: AbortSignal,
) {
  const timers: NodeJS.Timeout[] = [];
  const state = { timedOut: false, dispose };
  const stop = () => {
    child.kill('SIGTERM');
    timers.push(setTimeout(() => child.kill('SIGKILL'), 1000 * graceSeconds));
  };
  if (timeoutSeconds !== undefined) {
    timers.push(
      setTimeout(() => {
        state.timedOut = true;
        stop();
      }, 1000 * timeoutSeconds),
    );
  }
  signal.addEventListener('abort', stop, { once: true });
  function dispose() {
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
  return state;
}

function ended(child: ChildProcess) {
  return new Promise<{ code: number | null; killedBy: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.on('error', (cause) => {
        reject(new Error(`It could not be started: ${cause.message}`, { cause }));
      });
      child.on('exit', (code, killedBy) => {
        resolve({ code, killedBy });
      });
    },
  );
}

async function readLines(
  stream: NodeJS.ReadableStream,
  take: (line: string) => void,
): Promise<void> {
  for await (const line of createInterface({ input: stream })) take(line);
}

function reasonOf(
  { trial }: TrialJob,
  code: number | null,
  killedBy: NodeJS.Signals | null,
  { failure, tail }: { readonly failure: string | null; readonly tail: readonly string[] },
): string {
  if (failure !== null) return failure;
  const how = killedBy === null ? `ended with code ${code}` : `was killed by ${killedBy}`;
  const last = tail.join('\n').trim();
  return `The process of trial ${trial} ${how}${last === '' ? '.' : `:\n${last}`}`;
}
