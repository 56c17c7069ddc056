import { join } from 'node:path';
import { OptionsError } from '../errors.js';
import { createChannel } from './channel.js';
import { openJournal, type Journal } from './journal.js';
import { drawTrials, parseSearchSpace, type SearchSpace, type Settings } from './search-space.js';
import { rungsOf, type Rung, type SearchStrategy } from './strategy.js';
import {
  ranked,
  scoreOf,
  type Objective,
  type TrialOutcome,
  type TrialRecord,
  type TrialReport,
  type TrialRunner,
} from './trial.js';

/** What to search, and how. */
export interface SearchOptions {
  readonly space: SearchSpace;
  readonly strategy: SearchStrategy;
  readonly objective: Objective;
  /** Decides which settings are drawn, and is handed to the trials. */
  readonly seed: number;
  /** Gets `journal.jsonl` and a folder for each trial, `trial-001` and so on. */
  readonly folder: string;
  /** Does the trials: `childTrialRunner` in processes of their own, or any function. */
  readonly run: TrialRunner;
  /** Trials at the same time. The result does not depend on it. @default 1 */
  readonly concurrency?: number;
  /**
   * Go on from the journal in `folder`, or begin if there is none. The number of trials may have
   * grown. Without it, an old journal is renamed. @default false
   */
  readonly resume?: boolean;
  /** With `resume`, run failed trials again. @default false */
  readonly retryFailed?: boolean;
  /**
   * Anything else that decides the scores, as JSON (the rest of the configuration): a resumed search
   * has to have the same. @default nothing
   */
  readonly context?: unknown;
  /** Stops: trials under way are told to, and a resume goes on with them. @default none */
  readonly signal?: AbortSignal;
  /** A clock in milliseconds. @default performance.now */
  readonly now?: () => number;
}

/** What a search came to. */
export interface SearchResult {
  readonly reason: 'completed' | 'aborted';
  /** The best of those trained longest; null where none succeeded. */
  readonly best: TrialRecord | null;
  /** All trials so far, the best first. */
  readonly trials: readonly TrialRecord[];
}

/** Something that happened in a search. */
export type SearchEvent =
  | {
      readonly kind: 'start';
      readonly rungs: readonly Rung[];
      /** Jobs whose outcome the journal had. */
      readonly found: number;
    }
  | {
      readonly kind: 'trial';
      readonly trial: number;
      readonly settings: Settings;
      readonly budget: number;
    }
  | { readonly kind: 'report'; readonly trial: number; readonly report: TrialReport }
  | { readonly kind: 'outcome'; readonly record: TrialRecord }
  | {
      /** A stage is over. */
      readonly kind: 'rung';
      readonly budget: number;
      /** Trials that go on. */
      readonly promoted: readonly number[];
    }
  | { readonly kind: 'end'; readonly result: SearchResult };

/**
 * Searches for the best settings, telling what happens as it happens. With the same space, seed and
 * trainings that repeat, the result is the same however often the search was killed and resumed and
 * however many trials run at a time.
 *
 * Leaving the loop that takes the events stops the trials under way.
 *
 * @throws OptionsError when options make no sense or the journal is that of another search.
 * @example
 * const events = search({
 *   space: { learningRate: { kind: 'logUniform', low: 1e-4, high: 1e-1 } },
 *   strategy: { kind: 'halving', trials: 9, minBudget: 1, maxBudget: 9 },
 *   objective: { name: 'val_loss', mode: 'min' },
 *   seed: 1,
 *   folder: 'searches/first',
 *   run: childTrialRunner({ command: 'node', args: ['trial.js'] }),
 * });
 * for await (const event of events) if (event.kind === 'end') console.log(event.result.best);
 */
export async function* search(options: SearchOptions): AsyncGenerator<SearchEvent, SearchResult> {
  const { strategy, seed, objective, concurrency = 1 } = options;
  const space = parseSearchSpace(options.space);
  const rungs = rungsOf(strategy);
  const maxBudget = rungs.at(-1)?.budget ?? NaN;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new OptionsError(
      `Expected concurrency to be a whole number of at least 1. Received: ${concurrency}.`,
    );
  }
  const journal = await openJournal(join(options.folder, 'journal.jsonl'), {
    identity: { space, seed, maxBudget, context: options.context ?? null },
    resume: options.resume ?? false,
    retryFailed: options.retryFailed ?? false,
  });
  const drawn = drawTrials(space, seed, strategy.trials);
  const records = new Map<number, TrialRecord>();
  yield { kind: 'start', rungs, found: journal.found };

  let standing = drawn.map((settings, i) => ({ trial: i + 1, settings }));
  let aborted = false;
  for (const [stage, { budget }] of rungs.entries()) {
    const jobs = standing.map((candidate) => ({ ...candidate, budget, maxBudget }));
    aborted = yield* runJobs(jobs, options, concurrency, journal, records);
    if (aborted) break;
    const next = rungs[stage + 1];
    if (next === undefined) break;
    const done = standing
      .map(({ trial }) => records.get(trial))
      .filter((record) => record !== undefined)
      .filter(({ score }) => score !== null);
    const promoted = ranked(done, objective)
      .slice(0, next.trials)
      .map(({ trial }) => trial)
      .sort((a, b) => a - b);
    standing = standing.filter(({ trial }) => promoted.includes(trial));
    yield { kind: 'rung', budget, promoted };
  }

  const trials = ranked([...records.values()], objective);
  const best = trials[0]?.score == null ? null : trials[0];
  const result: SearchResult = { reason: aborted ? 'aborted' : 'completed', best, trials };
  yield { kind: 'end', result };
  return result;
}

interface Job {
  readonly trial: number;
  readonly settings: Settings;
  readonly budget: number;
  readonly maxBudget: number;
}

/** Does the jobs that the journal does not have, some at a time; true if told to stop. */
async function* runJobs(
  jobs: readonly Job[],
  options: SearchOptions,
  concurrency: number,
  journal: Journal,
  records: Map<number, TrialRecord>,
): AsyncGenerator<SearchEvent, boolean> {
  const { objective } = options;
  const waiting: Job[] = [];
  for (const job of jobs) {
    const outcome = journal.outcome(job.trial, job.budget);
    if (outcome === null) waiting.push(job);
    else records.set(job.trial, recordOf(job, outcome, records.get(job.trial), objective));
  }
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const channel = createChannel<SearchEvent>();
  let stopped = signal.aborted;
  const worker = async () => {
    for (;;) {
      const job = stopped || signal.aborted ? undefined : waiting.shift();
      if (job === undefined) return;
      channel.push({ kind: 'trial', trial: job.trial, settings: job.settings, budget: job.budget });
      const outcome = await doJob(job, options, records.get(job.trial), journal, signal, (report) =>
        channel.push({ kind: 'report', trial: job.trial, report }),
      );
      if (outcome === 'stopped') {
        stopped = true;
        continue;
      }
      await journal.addOutcome(outcome);
      const record = recordOf(job, outcome, records.get(job.trial), objective);
      records.set(job.trial, record);
      channel.push({ kind: 'outcome', record });
    }
  };
  const workers = Array.from({ length: concurrency }, worker).map((work) =>
    work.catch((error: unknown) => {
      stop.abort();
      throw error;
    }),
  );
  const all = Promise.allSettled(workers).then((results) => {
    const failure = results.find((result) => result.status === 'rejected');
    channel.close(failure && { error: failure.reason });
  });
  try {
    yield* channel.values();
  } finally {
    stop.abort();
    await all;
  }
  return stopped || (options.signal?.aborted ?? false);
}

async function doJob(
  job: Job,
  { run, seed, folder, now = () => performance.now(), objective }: SearchOptions,
  before: TrialRecord | undefined,
  journal: Journal,
  signal: AbortSignal,
  tell: (report: TrialReport) => void,
): Promise<TrialOutcome | 'stopped'> {
  const { trial, budget } = job;
  const resume = journal.begun(trial);
  await journal.addBegun(trial, budget);
  if (signal.aborted) return 'stopped';
  const reports = new Map((before?.reports ?? []).map((report) => [report.budget, report]));
  const began = now();
  const ended = (error: string | null): TrialOutcome => ({
    trial,
    budget,
    status: error === null ? 'done' : 'failed',
    reports: [...reports.values()].sort((a, b) => a.budget - b.budget),
    seconds: (now() - began) / 1000,
    error,
  });
  try {
    const where = join(folder, `trial-${String(trial).padStart(3, '0')}`);
    const end = await run(
      { ...job, seed, folder: where, resume },
      {
        signal,
        report(report) {
          reports.set(report.budget, report);
          tell(report);
        },
      },
    );
    if (end === 'stopped') return 'stopped';
  } catch (error) {
    if (signal.aborted) return 'stopped';
    return ended(error instanceof Error ? error.message : String(error));
  }
  const outcome = ended(null);
  if (scoreOf(outcome.reports, objective) !== null) return outcome;
  const names = [...new Set(outcome.reports.flatMap(({ scores }) => Object.keys(scores)))];
  return ended(
    `Expected a finite "${objective.name}" among the scores. Received: ${names.join(', ') || 'no report'}.`,
  );
}

function recordOf(
  { trial, settings, budget }: Job,
  { status, reports, seconds, error }: TrialOutcome,
  before: TrialRecord | undefined,
  objective: Objective,
): TrialRecord {
  return {
    trial,
    settings,
    status,
    budget,
    score: status === 'done' ? scoreOf(reports, objective) : null,
    reports,
    seconds: seconds + (before?.seconds ?? 0),
    error,
  };
}
