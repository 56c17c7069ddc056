import { join } from 'node:path';
import { writeFileAtomic, writeNpy } from '@arctic/raster';
import { PreprocessError } from './errors.js';
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
import { splitDataset, type PlacedSample, type SplitDatasetOptions } from './split-samples.js';
import { SPLITS, type Split } from './split-scenes.js';
import { channelStatistics, classWeights, type ChannelStatistics } from './statistics.js';

/** How far the work is. */
export interface PreprocessProgress {
  /** Samples (or days) done. */
  readonly done: number;
  readonly total: number;
}

/** What both image tasks are told. */
export interface PreprocessImagesOptions extends SplitDatasetOptions {
  /** The processed folder, made where missing. */
  readonly output: string;
  /** Side of the model's input, pixels. @default 256 */
  readonly inputSize?: number;
  /** Called after each sample. @default nothing */
  readonly onProgress?: (progress: PreprocessProgress) => void;
}

/** Statistics of the training images: the `classifier` entry of `stats.json`. */
export interface ClassifierStats extends ChannelStatistics {
  readonly inputSize: number;
  /** Side of most training images before they were brought to `inputSize`, pixels. */
  readonly sceneSize: number;
  readonly classes: readonly string[];
  /** [K], training samples per class. */
  readonly classCounts: readonly number[];
  /** [K], mean 1 over the training samples, 0 for an absent class. */
  readonly classWeights: readonly number[];
}

/** Label value of a pixel nobody knows. */
const UNKNOWN = 255;

interface ReadSample {
  readonly pixels: Uint8Array;
  readonly label: number;
  /** Side of the image as it is. */
  readonly side: number;
}

/**
 * Makes model-ready arrays of labelled ice imagery: `train|val|test/classifier/{images.npy uint8
 * [N,H,W,3], labels.npy uint8 [N], ids.json}`, and the `classifier` entries of `stats.json` (mean
 * and standard deviation of pixels / 255, class weights: training split only) and `split.json`.
 *
 * The class of an image is that of its manifest entry, else the commonest known label of its map.
 * Nothing is augmented here. On any fault earlier results stay as they were.
 *
 * @returns The statistics written, and how many samples each split got.
 * @throws PreprocessError or RasterError naming the file, what was expected, what was received.
 */
export async function preprocessImagery(
  options: PreprocessImagesOptions,
): Promise<{ stats: ClassifierStats; counts: Record<Split, number> }> {
  const { output, inputSize = 256, onProgress } = options;
  checkInputSize(inputSize);
  const dataset = await splitDataset('labeled_ice_imagery', options);
  await checkRecords(output);
  const total = SPLITS.reduce((sum, split) => sum + dataset[split].length, 0);
  await expectSpace(output, total * inputSize * inputSize * 3);
  const classes = dataset.classes.length;
  if (classes < 2) {
    throw new PreprocessError(
      'InvalidInput',
      `${options.input}: expected a manifest with at least two classes. Received: ${classes}.`,
    );
  }
  let done = 0;
  const load = async (samples: readonly PlacedSample[]): Promise<Loaded> => {
    const images = new Uint8Array(samples.length * inputSize * inputSize * 3);
    const labels = new Uint8Array(samples.length);
    const sides: number[] = [];
    for (const [i, sample] of samples.entries()) {
      const { pixels, label, side } = await readOne(sample, inputSize, classes);
      images.set(pixels, i * pixels.length);
      labels[i] = label;
      sides.push(side);
      done++;
      onProgress?.({ done, total });
    }
    return { images, labels, sides };
  };
  const loaded = {
    train: await load(dataset.train),
    val: await load(dataset.val),
    test: await load(dataset.test),
  };

  const classCounts = Array.from(
    { length: classes },
    (_, k) => loaded.train.labels.filter((label) => label === k).length,
  );
  const stats: ClassifierStats = {
    inputSize,
    sceneSize: commonest(loaded.train.sides) ?? inputSize,
    classes: dataset.classes,
    ...channelStatistics(loaded.train.images, { channels: 3 }),
    classCounts,
    classWeights: classWeights(classCounts),
  };
  const fill = (split: Split) => async (folder: string) => {
    const { images, labels } = loaded[split];
    const n = labels.length;
    await writeNpy(join(folder, 'images.npy'), {
      shape: [n, inputSize, inputSize, 3],
      data: images,
    });
    await writeNpy(join(folder, 'labels.npy'), { shape: [n], data: labels });
    await writeIds(folder, dataset[split]);
  };
  await replaceFolders(
    output,
    Object.fromEntries(SPLITS.map((split) => [`${split}/classifier`, fill(split)])),
  );
  await writeRecord(output, 'stats', 'classifier', stats);
  await writeRecord(output, 'split', 'classifier', splitRecord(dataset, options));
  return { stats, counts: countSplits(dataset) };
}

interface Loaded {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly sides: readonly number[];
}

async function readOne(
  sample: PlacedSample,
  inputSize: number,
  classes: number,
): Promise<ReadSample> {
  const path = sampleFile(sample, 'image');
  const image = await readRgb(path);
  const map = await readLabel(
    sampleFile(sample, 'label'),
    image,
    (value) => value < classes || value === UNKNOWN,
    `0..${classes - 1}, or ${UNKNOWN} for unknown`,
  );
  const label = sample.class ?? commonest(map.data.filter((value) => value !== UNKNOWN));
  if (label === undefined || !Number.isInteger(label) || label < 0 || label >= classes) {
    throw new PreprocessError(
      'InvalidInput',
      `${path}: expected a class 0..${classes - 1}, from the manifest or a label map with known ` +
        `pixels. Received: ${label ?? 'neither'}.`,
    );
  }
  return { pixels: toSize(image, inputSize).data, label, side: image.width };
}

/** Writes the ids of a split's samples, in the order of its arrays. */
export async function writeIds(folder: string, samples: readonly PlacedSample[]): Promise<void> {
  const ids = JSON.stringify(samples.map((sample) => sample.id));
  await writeFileAtomic(join(folder, 'ids.json'), Buffer.from(`${ids}\n`));
}

/** The entry of `split.json`: rule and members of each split. */
export function splitRecord(
  dataset: Awaited<ReturnType<typeof splitDataset>>,
  options: SplitDatasetOptions,
): Record<string, unknown> {
  const members = (split: Split): { id: string; scene: string }[] =>
    dataset[split].map(({ id, scene }) => ({ id, scene }));
  return {
    rule: dataset.rule,
    seed: options.seed,
    separateTest: options.testInput !== undefined,
    train: members('train'),
    val: members('val'),
    test: members('test'),
  };
}

/** Number of samples in each split. */
export function countSplits(
  dataset: Readonly<Record<Split, readonly unknown[]>>,
): Record<Split, number> {
  return { train: dataset.train.length, val: dataset.val.length, test: dataset.test.length };
}
