import { join } from 'node:path';
import { startContestant, type Launch } from './contestant.js';
import { jobOf, OURS, ourLaunch, peerLaunch, runToEnd } from './launch.js';
import type { Progress } from './progress.js';
import { trainingRows } from './rows.js';
import { largestRelativeDifference } from './statistics.js';
import type { Usage } from './usage.js';

/** Training steps that are compared. */
const STEPS = 20;
/** Largest difference of the losses that passes, as a part of PyTorch's. */
const TOLERANCE = 1e-3;

/** How many steps an agreement tells of. */
export function agreementSteps({ rows }: Usage): number {
  return 2 * STEPS * trainingRows(rows).length;
}

/**
 * Trains each training row's network here and in PyTorch from the same weights on the same batch, and compares the
 * losses step by step.
 *
 * @returns whether all agree.
 */
export async function agreement(
  { rows, threads }: Usage,
  python: string,
  scratch: string,
  progress: Progress,
): Promise<boolean> {
  let agree = true;
  for (const row of trainingRows(rows)) {
    const folder = join(scratch, row.name);
    await runToEnd(ourLaunch('prepare', jobOf(row, folder, OURS, threads)));
    const losses = (launch: Launch) => takeLosses(launch, row.name, progress);
    const ours = await losses(ourLaunch('serve', jobOf(row, folder, OURS, threads)));
    const theirs = await losses(peerLaunch(python, jobOf(row, folder, 'torch', threads)));
    const difference = largestRelativeDifference(ours, theirs);
    const passes = difference <= TOLERANCE;
    agree &&= passes;
    progress.note(
      `${passes ? 'agrees' : 'DIFFERS'}  ${row.title}: largest relative difference of ${STEPS} losses ` +
        `${difference.toExponential(1)} (limit ${TOLERANCE})`,
    );
    progress.note(`  ours   ${shown(ours)}\n  torch  ${shown(theirs)}`);
  }
  return agree;
}

async function takeLosses(launch: Launch, name: string, progress: Progress): Promise<number[]> {
  const contestant = await startContestant(launch);
  const losses: number[] = [];
  try {
    for (let i = 0; i < STEPS; i++) {
      progress.step(`${name}: ${launch.name}, step ${i + 1} of ${STEPS}`);
      losses.push((await contestant.step()).value);
    }
  } finally {
    await contestant.stop();
  }
  return losses;
}

/** The first, the middle and the last losses. */
function shown(losses: readonly number[]): string {
  return [0, 1, 2, 9, 14, STEPS - 1].map((i) => `${i + 1}: ${losses[i]?.toFixed(6)}`).join('  ');
}
