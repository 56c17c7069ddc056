import { join } from 'node:path';
import { formatChart } from './chart.js';
import { jobOf, OURS, ourLaunch, peerLaunch, runToEnd } from './launch.js';
import { describeMachine } from './machine.js';
import { measure } from './measure.js';
import { availableMb } from './memory.js';
import type { Progress } from './progress.js';
import { rowResult, type Results, type RowResult } from './results.js';
import { formatSummary } from './table.js';
import type { Usage } from './usage.js';
import { writeWhole } from './write-file.js';

/** Steps of each contestant that are not counted: compilers and allocators settle. */
const WARM_UP = 2;

/** How many steps a benchmark tells of, for its progress. */
export function expectedSteps({ rows, peers, repetitions }: Usage): number {
  return rows.length * (peers.length + 1) * (1 + WARM_UP + repetitions);
}

/** Measures every row; the results are on disk after each. */
export async function benchmark(
  usage: Usage,
  python: string,
  scratch: string,
  progress: Progress,
): Promise<Results> {
  const { rows, peers, repetitions, threads, quick, out } = usage;
  const file = join(out, quick ? 'quick' : 'latest');
  const done: RowResult[] = [];
  let results: Results = {
    machine: describeMachine(),
    versions: {},
    threads,
    warmUp: WARM_UP,
    rows: [],
  };
  for (const row of rows) {
    const folder = join(scratch, row.name);
    await runToEnd(ourLaunch('prepare', jobOf(row, folder, OURS, threads)));
    const {
      ours,
      peers: theirs,
      versions,
    } = await measure(
      ourLaunch('serve', jobOf(row, folder, OURS, threads)),
      peers.map((peer) => peerLaunch(python, jobOf(row, folder, peer, threads))),
      {
        warmUp: WARM_UP,
        repetitions,
        availableMb,
        onStep: (words) => progress.step(`${row.name}: ${words}`),
      },
    );
    const result = rowResult(row, repetitions, ours, theirs);
    done.push(result);
    progress.note(formatSummary([result]));
    results = { ...results, versions: { ...results.versions, ...versions }, rows: [...done] };
    await writeWhole(`${file}.json`, `${JSON.stringify(results, null, 2)}\n`);
    await writeWhole(`${file}.svg`, formatChart(results));
  }
  return results;
}
