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
/** Garbage is collected every so many steps, and memory compared at these. */
const CHECK_EVERY = 50;
/** Growth from the first checks to the last that passes, in MB. */
const LIMIT_MB = 16;

/** How many steps a steadiness check tells of. */
export function steadySteps({ rows }: Usage): number {
  return STEPS * trainingRows(rows).length;
}

/** What a run's tensor count and memory did after it had settled. */
export interface Steadiness {
  readonly tensors: { readonly least: number; readonly most: number };
  /** Memory after collecting garbage, at each check, in MB. */
  readonly checksMb: readonly number[];
  /** Most memory at any step, in MB. */
  readonly mostMb: number;
  /** From the middle of the first three checks to that of the last three. */
  readonly growthMb: number;
  readonly slopeMbPer100: number;
  readonly flat: boolean;
}

/** Whether garbage is collected before this step, counted from 0. */
function isCheck(step: number): boolean {
  return step + 1 >= SETTLED && (step + 1) % CHECK_EVERY === 0;
}

/** Judges the steps of one run. */
export function judge(steps: readonly Stepped[]): Steadiness {
  const counts = steps.slice(SETTLED).map(({ tensors = NaN }) => tensors);
  const resident = steps.map(({ residentMb = NaN }) => residentMb);
  const checksMb = resident.filter((_, i) => isCheck(i));
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const growthMb = median(checksMb.slice(-3)) - median(checksMb.slice(0, 3));
  return {
    tensors: { least, most },
    checksMb,
    mostMb: Math.max(...resident.slice(SETTLED)),
    growthMb,
    slopeMbPer100: (slope(checksMb) / CHECK_EVERY) * 100,
    flat: least === most && growthMb <= LIMIT_MB,
  };
}

/**
 * Trains each training row's network on a tiny batch for many steps and watches its tensors and its memory.
 *
 * @returns whether all stay flat.
 */
export async function steady(
  { rows, threads }: Usage,
  scratch: string,
  progress: Progress,
): Promise<boolean> {
  let flat = true;
  for (const row of trainingRows(rows).map(quickRow)) {
    const job = jobOf(row, join(scratch, row.name), OURS, threads);
    await runToEnd(ourLaunch('prepare', job));
    const contestant = await startContestant(ourLaunch('serve', job));
    const steps: Stepped[] = [];
    try {
      for (let i = 0; i < STEPS; i++) {
        progress.step(`${row.name}: step ${i + 1} of ${STEPS}`);
        steps.push(await contestant.step(isCheck(i) ? 'collect' : 'step'));
      }
    } finally {
      await contestant.stop();
    }
    const verdict = judge(steps);
    const { tensors, checksMb, mostMb, growthMb, slopeMbPer100 } = verdict;
    flat &&= verdict.flat;
    progress.note(
      `${verdict.flat ? 'flat ' : 'GROWS'}  ${row.title}, ${STEPS} steps: ` +
        `tensors ${tensors.least === tensors.most ? tensors.least : `${tensors.least} to ${tensors.most}`}, ` +
        `memory ${growthMb >= 0 ? '+' : '−'}${Math.abs(growthMb).toFixed(1)} MB (limit +${LIMIT_MB}), ` +
        `${slopeMbPer100.toFixed(2)} MB per 100 steps`,
    );
    progress.note(
      `       every ${CHECK_EVERY} steps from ${SETTLED}: ${checksMb.map((mb) => mb.toFixed(0)).join(' ')} MB; ` +
        `garbage included never more than ${mostMb.toFixed(0)} MB`,
    );
  }
  return flat;
}
