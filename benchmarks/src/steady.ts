import { join } from 'node:path';
import { startContestant } from './contestant.js';
import { jobOf, OURS, ourLaunch, runToEnd } from './launch.js';
import type { Progress } from './progress.js';
import type { Stepped } from './protocol.js';
import { quickRow, trainingRows } from './rows.js';
import { median, slope } from './statistics.js';
import type { Usage } from './usage.js';

/** Training steps of each network. */
const STEPS = 500;
/** The first ones, in which caches fill, are not looked at. */
const SETTLED = 100;
/** Steps whose middle stands for the memory at an end of the run. */
const WINDOW = 20;
/** Growth from the settled beginning to the end that passes, in MB: what collecting garbage moves. */
const LIMIT_MB = 24;

/** How many steps a steadiness check tells of. */
export const STEADY_STEPS = STEPS * trainingRows().length;

/** What a run's tensor count and memory did. */
export interface Steadiness {
  readonly tensors: { readonly least: number; readonly most: number };
  readonly growthMb: number;
  readonly slopeMbPer100: number;
  readonly flat: boolean;
}

/** Judges the steps of one run. */
export function judge(steps: readonly Stepped[]): Steadiness {
  const settled = steps.slice(SETTLED);
  const counts = settled.map(({ tensors = NaN }) => tensors);
  const resident = settled.map(({ residentMb = NaN }) => residentMb);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const growthMb = median(resident.slice(-WINDOW)) - median(resident.slice(0, WINDOW));
  return {
    tensors: { least, most },
    growthMb,
    slopeMbPer100: slope(resident) * 100,
    flat: least === most && growthMb <= LIMIT_MB,
  };
}

/**
 * Trains each network on a tiny batch for many steps and watches its tensors and its memory.
 *
 * @returns whether all stay flat.
 */
export async function steady(
  { threads }: Usage,
  scratch: string,
  progress: Progress,
): Promise<boolean> {
  let flat = true;
  for (const row of trainingRows().map(quickRow)) {
    const job = jobOf(row, join(scratch, row.name), OURS, threads);
    await runToEnd(ourLaunch('prepare', job));
    const contestant = await startContestant(ourLaunch('serve', job));
    const steps: Stepped[] = [];
    try {
      for (let i = 0; i < STEPS; i++) {
        progress.step(`${row.name}: step ${i + 1} of ${STEPS}`);
        steps.push(await contestant.step());
      }
    } finally {
      await contestant.stop();
    }
    const verdict = judge(steps);
    const { tensors, growthMb, slopeMbPer100 } = verdict;
    flat &&= verdict.flat;
    const at = (i: number) => `${steps[i]?.residentMb?.toFixed(0)} MB`;
    progress.note(
      `${verdict.flat ? 'flat ' : 'GROWS'}  ${row.title}, ${STEPS} steps: ` +
        `tensors ${tensors.least === tensors.most ? tensors.least : `${tensors.least} to ${tensors.most}`}, ` +
        `memory ${at(SETTLED - 1)} at step ${SETTLED}, ${at(STEPS - 1)} at step ${STEPS}, ` +
        `grew ${growthMb.toFixed(1)} MB (limit ${LIMIT_MB}), ${slopeMbPer100.toFixed(2)} MB per 100 steps`,
    );
  }
  return flat;
}
