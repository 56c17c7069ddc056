import type { Monitor } from '../options.js';
import type { Settings } from './search-space.js';

/** What a trial is asked to do; one line of JSON where it runs in a process of its own. */
export interface TrialJob {
  /** Number of the trial, from 1. */
  readonly trial: number;
  readonly settings: Settings;
  /** Train until so many epochs (or what the budget counts) are done, those of earlier jobs included. */
  readonly budget: number;
  /** The largest budget of the search: what schedules should be laid out for. */
  readonly maxBudget: number;
  /** For weights and data order: the same for all trials, so that they differ by their settings alone. */
  readonly seed: number;
  /** The trial's own folder, for checkpoints. */
  readonly folder: string;
  /** Whether what lies in the folder was left by this trial, which is to go on from there. */
  readonly resume: boolean;
}

/** Scores at one point of a trial. */
export interface TrialReport {
  /** Budget spent so far. */
  readonly budget: number;
  readonly scores: Readonly<Record<string, number>>;
}

/** What a runner is given beside the job. */
export interface TrialHooks {
  /** To be called after each epoch, and after a resume for the epochs before it too. */
  report(report: TrialReport): void;
  /** Aborted when the trial is to stop, resumable. */
  readonly signal: AbortSignal;
}

/**
 * Does a job: trains up to the budget and reports. `stopped` says that it was told to stop on the
 * way; an error makes a failed trial.
 */
export type TrialRunner = (job: TrialJob, hooks: TrialHooks) => Promise<'done' | 'stopped'>;

/** How a trial ended at one budget, as the journal keeps it. */
export interface TrialOutcome {
  readonly trial: number;
  readonly budget: number;
  readonly status: 'done' | 'failed';
  /** All that was reported up to this budget. */
  readonly reports: readonly TrialReport[];
  /** Wall-clock seconds of this job. */
  readonly seconds: number;
  /** Why it failed; null where it did not. */
  readonly error: string | null;
}

/** Where a trial stands. */
export interface TrialRecord {
  readonly trial: number;
  readonly settings: Settings;
  /** Of its last job. */
  readonly status: 'done' | 'failed';
  /** Largest budget that it was given. */
  readonly budget: number;
  /** Its best score; null where it failed. */
  readonly score: number | null;
  readonly reports: readonly TrialReport[];
  /** Wall-clock seconds of all its jobs. */
  readonly seconds: number;
  readonly error: string | null;
}

/** What a search is after, and at which point of a trial. */
export interface Objective extends Monitor {
  /** `best`: the best epoch so far, as `checkpoints/best` keeps it; `last`: the last one. @default 'best' */
  readonly take?: 'best' | 'last';
}

/** The score of a trial by its reports, or null where there is no finite one. */
export function scoreOf(
  reports: readonly TrialReport[],
  { name, mode, take = 'best' }: Objective,
): number | null {
  const values = reports
    .map(({ scores }) => scores[name] ?? NaN)
    .filter((value) => take === 'last' || Number.isFinite(value));
  const value = take === 'last' ? values.at(-1) : values.sort((a, b) => order(a, b, mode))[0];
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** Records, the best first: those of the largest budget, and among them by score; failed ones last. */
export function ranked(
  records: readonly TrialRecord[],
  { mode }: Pick<Objective, 'mode'>,
): readonly TrialRecord[] {
  return [...records].sort(
    (a, b) =>
      Number(a.score === null) - Number(b.score === null) ||
      b.budget - a.budget ||
      (a.score === null || b.score === null ? 0 : order(a.score, b.score, mode)) ||
      a.trial - b.trial,
  );
}

function order(a: number, b: number, mode: 'min' | 'max'): number {
  return a === b ? 0 : (mode === 'min' ? a < b : a > b) ? -1 : 1;
}
