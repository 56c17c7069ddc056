import { join } from 'node:path';
import { writeNpy } from '@arctic/raster';
import { PreprocessError } from './errors.js';
import { countSplits, splitRecord, writeIds, type PreprocessImagesOptions } from './imagery.js';
import { expectSpace, replaceFolders } from './output-folders.js';
import {
  checkInputSize,
  commonest,
  readLabel,
  readRgb,
  sampleFile,
  toSize,
} from './read-sample.js';
import { checkRecords, writeRecord } from './records.js';
import { splitDataset, type PlacedSample } from './split-samples.js';
import { SPLITS, type Split } from './split-scenes.js';
import { channelStatistics, type ChannelStatistics } from './statistics.js';

/** Statistics of the training pairs: the `siamese` entry of `stats.json`. */
export interface ChangeStats extends ChannelStatistics {
  readonly inputSize: number;
  /** Side of most training images before they were brought to `inputSize`, pixels. */
  readonly sceneSize: number;
  /** Share of training pixels that changed, 0..1. */
  readonly changedFraction: number;
  /** Unchanged over changed training pixels: the full positive weight of a pixel loss; 1 where none changed. */
  readonly positiveWeight: number;
}

interface Pairs {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly change: Uint8Array;
  /** Side of the images as they are, of each pair. */
  readonly sides: number[];
}

/**
 * Makes model-ready arrays of change pairs: `train|val|test/siamese/{before.npy, after.npy uint8
 * [N,H,W,3], change.npy uint8 [N,H,W] 0 or 1, ids.json}`, and the `siamese` entries of `stats.json`
 * (both dates together, training split only) and `split.json`.
 *
 * A pixel of a smaller change map is changed where at least half of its area is. Nothing is
 * augmented here. On any fault earlier results stay as they were.
 *
 * @returns The statistics written, and how many pairs each split got.
 * @throws PreprocessError or RasterError naming the file, what was expected, what was received.
 */
export async function preprocessChangePairs(
  options: PreprocessImagesOptions,
): Promise<{ stats: ChangeStats; counts: Record<Split, number> }> {
  const { output, inputSize = 256, onProgress } = options;
  checkInputSize(inputSize);
  const dataset = await splitDataset('change_pairs', options);
  await checkRecords(output);
  const total = SPLITS.reduce((sum, split) => sum + dataset[split].length, 0);
  const pixels = inputSize * inputSize;
  await expectSpace(output, total * pixels * 7);
  let done = 0;
  const load = async (samples: readonly PlacedSample[]): Promise<Pairs> => {
    const pairs = {
      before: new Uint8Array(samples.length * pixels * 3),
      after: new Uint8Array(samples.length * pixels * 3),
      change: new Uint8Array(samples.length * pixels),
      sides: new Array<number>(),
    };
    for (const [i, sample] of samples.entries()) {
      const one = await readPair(sample, inputSize);
      pairs.before.set(one.before, i * pixels * 3);
      pairs.after.set(one.after, i * pixels * 3);
      pairs.change.set(one.change, i * pixels);
      pairs.sides.push(...one.sides);
      done++;
      onProgress?.({ done, total });
    }
    return pairs;
  };
  const loaded = {
    train: await load(dataset.train),
    val: await load(dataset.val),
    test: await load(dataset.test),
  };

  const { train } = loaded;
  const changed = train.change.reduce((sum, value) => sum + value, 0);
  const stats: ChangeStats = {
    inputSize,
    sceneSize: commonest(train.sides) ?? inputSize,
    ...channelStatistics([train.before, train.after], { channels: 3 }),
    changedFraction: changed / train.change.length,
    positiveWeight: changed === 0 ? 1 : (train.change.length - changed) / changed,
  };
  const fill = (split: Split) => async (folder: string) => {
    const { before, after, change } = loaded[split];
    const shape = [dataset[split].length, inputSize, inputSize];
    await writeNpy(join(folder, 'before.npy'), { shape: [...shape, 3], data: before });
    await writeNpy(join(folder, 'after.npy'), { shape: [...shape, 3], data: after });
    await writeNpy(join(folder, 'change.npy'), { shape, data: change });
    await writeIds(folder, dataset[split]);
  };
  await replaceFolders(
    output,
    Object.fromEntries(SPLITS.map((split) => [`${split}/siamese`, fill(split)])),
  );
  await writeRecord(output, 'stats', 'siamese', stats);
  await writeRecord(output, 'split', 'siamese', splitRecord(dataset, options));
  return { stats, counts: countSplits(dataset) };
}

async function readPair(sample: PlacedSample, inputSize: number): Promise<Pairs> {
  const before = await readRgb(sampleFile(sample, 'a'));
  const after = await readRgb(sampleFile(sample, 'b'));
  if (after.width !== before.width) {
    throw new PreprocessError(
      'WrongShape',
      `${sampleFile(sample, 'b')}: expected ${before.width}×${before.height} pixels, as the first ` +
        `date. Received: ${after.width}×${after.height}.`,
    );
  }
  const label = await readLabel(
    sampleFile(sample, 'label'),
    before,
    (value) => value === 0 || value === 255,
    '0 (unchanged) or 255 (changed)',
  );
  return {
    before: toSize(before, inputSize).data,
    after: toSize(after, inputSize).data,
    change: toSize(label, inputSize).data.map((value) => (value >= 128 ? 1 : 0)),
    sides: [before.width],
  };
}
