import { join, relative, resolve } from 'node:path';
import { isoDate, readCube, writeFileAtomic, writeNpy, type SicCube } from '@arctic/raster';
import { PreprocessError } from './errors.js';
import type { PreprocessProgress } from './imagery.js';
import { expectSpace, replaceFolders } from './output-folders.js';
import { checkRecords, writeRecord } from './records.js';
import { splitByDate, type DateSplit } from './split-dates.js';
import { SPLITS, type Split } from './split-scenes.js';
import { channelStatistics, type ChannelStatistics } from './statistics.js';
import { timeWindows } from './time-windows.js';

/** A daily series and how windows are cut from it. */
export interface PreprocessSequencesOptions {
  /** Zarr folder of the daily series. */
  readonly input: string;
  /** The cube, where it was read already. @default read from `input` */
  readonly cube?: SicCube;
  /** The processed folder, made where missing. */
  readonly output: string;
  /** Where training, validation and test lie. @default fractions 0.7, 0.15, 0.15 */
  readonly split?: DateSplit;
  /** Days of history. @default 30 */
  readonly inputSteps?: number;
  /** Days to forecast. @default 7 */
  readonly outputSteps?: number;
  /** Days from one training window to the next; validation and test take every day. @default 1 */
  readonly stride?: number;
  /** Unused days between splits. @default inputSteps + outputSteps */
  readonly gapDays?: number;
  /** Called as the series is read. @default nothing */
  readonly onProgress?: (progress: PreprocessProgress) => void;
}

/** Statistics of the training days: the `convlstm` entry of `stats.json`. */
export interface SequenceStats extends ChannelStatistics {
  /** Active cells: ocean with ice of at least 15 % on at least one training day. */
  readonly activeCells: number;
  /** Training days, ISO dates. */
  readonly from: string;
  readonly to: string;
}

/** What `sequences.json` says of the windows. */
export interface SequenceInfo {
  readonly schema: 1;
  /** Path of the Zarr folder, relative to the sequences folder. */
  readonly cube: string;
  readonly height: number;
  readonly width: number;
  readonly inputSteps: number;
  readonly outputSteps: number;
  readonly stride: number;
  readonly gapDays: number;
  /** Days on which more than 1 % of the active cells have no value: fill the input, mask the target. */
  readonly missingDays: readonly { readonly date: string; readonly fraction: number }[];
}

/**
 * Cuts a daily series into windows: `sequences/{train,val,test}.npy` int32 [n] (start positions of
 * windows), `days.npy` int32 [T], `active.npy` uint8 [H,W] and `sequences.json`, and the `convlstm`
 * entries of `stats.json` (active cells of training days only) and `split.json`.
 *
 * The fields stay in the Zarr store: windows overlap thirty-six days in thirty-seven, and copies
 * would be as many times as large. On any fault earlier results stay as they were.
 *
 * @returns The statistics written, and how many windows each split got.
 * @throws PreprocessError or RasterError naming the file, what was expected, what was received.
 */
export async function preprocessSequences(
  options: PreprocessSequencesOptions,
): Promise<{ stats: SequenceStats; counts: Record<Split, number> }> {
  const { input, output, inputSteps = 30, outputSteps = 7, stride = 1, onProgress } = options;
  await checkRecords(output);
  const cube = options.cube ?? (await readCube(input, { ...(onProgress && { onProgress }) }));
  const { days, height, width } = cube;
  const windowDays = inputSteps + outputSteps;
  const split = options.split ?? { kind: 'fractions', train: 0.7, val: 0.15, test: 0.15 };
  const blocks = splitByDate(days, split, {
    windowDays,
    ...(options.gapDays !== undefined && { gapDays: options.gapDays }),
  });
  const windowsOf = (name: Split): Int32Array =>
    timeWindows({
      days,
      inputSteps,
      outputSteps,
      stride: name === 'train' ? stride : 1,
      ...blocks[name],
    });
  const windows = { train: windowsOf('train'), val: windowsOf('val'), test: windowsOf('test') };
  for (const name of SPLITS) {
    if (windows[name].length > 0) continue;
    const { from, to } = blocks[name];
    throw new PreprocessError(
      'TooFew',
      `${input}: expected ${windowDays} consecutive days for ${name}. Received: none such from ` +
        `${isoDate(from)} to ${isoDate(to)}; the series has missing days.`,
    );
  }
  const { active, stats } = trainingStatistics(cube, blocks.train, input);
  await expectSpace(output, height * width + 4 * (days.length * 4));

  const folder = join(output, 'sequences');
  const info: SequenceInfo = {
    schema: 1,
    cube: relative(resolve(folder), resolve(input)),
    height,
    width,
    inputSteps,
    outputSteps,
    stride,
    gapDays: blocks.gapDays,
    missingDays: missingDays(cube, active),
  };
  await replaceFolders(output, {
    sequences: async (target) => {
      for (const name of SPLITS) {
        const data = windows[name];
        await writeNpy(join(target, `${name}.npy`), { shape: [data.length], data });
      }
      await writeNpy(join(target, 'days.npy'), { shape: [days.length], data: days });
      await writeNpy(join(target, 'active.npy'), { shape: [height, width], data: active });
      const json = `${JSON.stringify(info, null, 2)}\n`;
      await writeFileAtomic(join(target, 'sequences.json'), Buffer.from(json));
    },
  });
  await writeRecord(output, 'stats', 'convlstm', stats);
  const record = (name: Split): Record<string, unknown> => {
    const issue = (start: number | undefined): string =>
      isoDate(days[(start ?? 0) + inputSteps - 1] as number); // windows lie inside the series
    return {
      from: isoDate(blocks[name].from),
      to: isoDate(blocks[name].to),
      windows: windows[name].length,
      firstIssueDate: issue(windows[name][0]),
      lastIssueDate: issue(windows[name].at(-1)),
    };
  };
  await writeRecord(output, 'split', 'convlstm', {
    rule: blocks.rule,
    gapDays: blocks.gapDays,
    train: record('train'),
    val: record('val'),
    test: record('test'),
  });
  const counts = { train: 0, val: 0, test: 0 };
  for (const name of SPLITS) counts[name] = windows[name].length;
  return { stats, counts };
}

/** The cells that ever have ice in training, and the statistics of concentration over them. */
function trainingStatistics(
  cube: SicCube,
  block: { from: number; to: number },
  input: string,
): { active: Uint8Array; stats: SequenceStats } {
  const cells = cube.height * cube.width;
  const threshold = Math.fround(0.15);
  const active = new Uint8Array(cells);
  const steps = Array.from(cube.days.keys()).filter((step) => {
    const day = cube.days[step] as number; // step comes from days
    return day >= block.from && day <= block.to;
  });
  for (const step of steps) {
    for (let i = 0; i < cells; i++) {
      if (cube.ocean[i] && (cube.sic[step * cells + i] as number) >= threshold) active[i] = 1;
    }
  }
  const index = Array.from(active.keys()).filter((i) => active[i]);
  if (index.length === 0) {
    throw new PreprocessError(
      'InvalidInput',
      `${input}: expected ice of at least 15 % somewhere in the training days. Received: none.`,
    );
  }
  const fields = steps.map((step) =>
    Float32Array.from(index, (i) => cube.sic[step * cells + i] as number),
  );
  return {
    active,
    stats: {
      ...channelStatistics(fields, { channels: 1 }),
      activeCells: index.length,
      from: isoDate(block.from),
      to: isoDate(block.to),
    },
  };
}

function missingDays(cube: SicCube, active: Uint8Array): { date: string; fraction: number }[] {
  const cells = cube.height * cube.width;
  const total = active.reduce((sum, value) => sum + value, 0);
  return Array.from(cube.days).flatMap((day, step) => {
    let missing = 0;
    for (let i = 0; i < cells; i++) {
      if (active[i] && Number.isNaN(cube.sic[step * cells + i])) missing++;
    }
    const fraction = missing / total;
    return fraction > 0.01 ? [{ date: isoDate(day), fraction }] : [];
  });
}
