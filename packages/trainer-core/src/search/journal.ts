import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rename, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OptionsError } from '../errors.js';
import type { TrialOutcome, TrialReport } from './trial.js';

/** What decides the settings and scores of a search's trials; a search goes on only under the same. */
export type SearchIdentity = Readonly<Record<string, unknown>>;

/** The memory of a search: a file of lines of JSON, each on the disk before the search goes on. */
export interface Journal {
  /** How a trial ended at a budget, or null if it has not. */
  outcome(trial: number, budget: number): TrialOutcome | null;
  /** Whether a trial was ever begun, so that its folder holds its own checkpoints. */
  begun(trial: number): boolean;
  /** Outcomes that were there when the journal was opened. */
  readonly found: number;
  addBegun(trial: number, budget: number): Promise<void>;
  addOutcome(outcome: TrialOutcome): Promise<void>;
}

/** How to open one. */
export interface JournalOptions {
  readonly identity: SearchIdentity;
  /** Go on from what the file holds; else an old one is renamed to `….old`. */
  readonly resume: boolean;
  /** Forget failed trials, so that they are run again. */
  readonly retryFailed: boolean;
}

type Line =
  | { readonly kind: 'search'; readonly identity: SearchIdentity }
  | { readonly kind: 'begun'; readonly trial: number; readonly budget: number }
  | ({ readonly kind: 'outcome' } & TrialOutcome);

/**
 * Opens the journal of a search. A last line that a crash cut short is taken off.
 *
 * @throws OptionsError when it belongs to another search or is damaged.
 */
export async function openJournal(path: string, options: JournalOptions): Promise<Journal> {
  const { identity, resume, retryFailed } = options;
  await mkdir(dirname(path), { recursive: true });
  if (!resume && existsSync(path)) await rename(path, `${path}.old`);
  const [head, ...lines] = await readLines(path);
  const outcomes = new Map<string, TrialOutcome>();
  const begun = new Set<number>();
  let broken: { readonly error: unknown } | null = null;
  const add = async (line: Line) => {
    // Half a line at the end can be taken off later; one in the middle could not.
    if (broken !== null) throw broken.error;
    await appendFile(path, `${JSON.stringify(line)}\n`, { flush: true }).catch((error: unknown) => {
      broken = { error };
      throw error;
    });
  };
  if (head === undefined) await add({ kind: 'search', identity });
  else expectSame(path, head, identity);
  for (const line of lines) {
    if (line.kind === 'begun') begun.add(line.trial);
    else if (line.kind === 'outcome' && !(retryFailed && line.status === 'failed')) {
      outcomes.set(keyOf(line), { ...line, reports: line.reports.map(withNumbers) });
    }
  }
  return {
    found: outcomes.size,
    outcome: (trial, budget) => outcomes.get(keyOf({ trial, budget })) ?? null,
    begun: (trial) => begun.has(trial),
    async addBegun(trial, budget) {
      await add({ kind: 'begun', trial, budget });
      begun.add(trial);
    },
    async addOutcome(outcome) {
      await add({ kind: 'outcome', ...outcome });
      outcomes.set(keyOf(outcome), outcome);
    },
  };
}

/** JSON has no NaN: what is null in a file was one. */
export function withNumbers({ budget, scores }: TrialReport): TrialReport {
  const numbers = Object.entries(scores).map(([name, value]) => [
    name,
    typeof value === 'number' ? value : NaN,
  ]);
  return { budget, scores: Object.fromEntries(numbers) as Record<string, number> };
}

function keyOf({ trial, budget }: Pick<TrialOutcome, 'trial' | 'budget'>): string {
  return `${trial} ${budget}`;
}

/** The whole lines of a journal; the file is cut to them. */
async function readLines(path: string): Promise<readonly Line[]> {
  if (!existsSync(path)) return [];
  const bytes = await readFile(path);
  const whole = bytes.lastIndexOf(0x0a) + 1;
  if (whole < bytes.length) await truncate(path, whole);
  const text = bytes.subarray(0, whole).toString();
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, i) => {
      try {
        return JSON.parse(line) as Line; // written by add
      } catch (cause) {
        throw new OptionsError(
          `Expected line ${i + 1} of ${path} to be JSON. Received: ${line.slice(0, 60)}. Start the search anew.`,
          { cause },
        );
      }
    });
}

function expectSame(path: string, head: Line, identity: SearchIdentity): void {
  const changed = firstDifference(head.kind === 'search' ? head.identity : {}, identity, '');
  if (changed === null) return;
  throw new OptionsError(
    `Expected the ${changed.name} with which the search of ${path} began, ${changed.before}. ` +
      `Received: ${changed.now}. Start another search for that.`,
  );
}

/** The first leaf in which two values differ as JSON, by its path. */
function firstDifference(
  before: unknown,
  now: unknown,
  name: string,
): { readonly name: string; readonly before: string; readonly now: string } | null {
  if (!isObject(before) || !isObject(now)) {
    const [a, b] = [before, now].map((value) => JSON.stringify(value) ?? 'nothing');
    return a === b ? null : { name, before: a ?? '', now: b ?? '' };
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const place = name === '' ? key : `${name}.${key}`;
    const difference = firstDifference(before[key], now[key], place);
    if (difference !== null) return difference;
  }
  return null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
