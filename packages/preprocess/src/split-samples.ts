import { PreprocessError } from './errors.js';
import { readManifest, type DatasetKind, type Manifest, type ManifestSample } from './manifest.js';
import {
  DEFAULT_FRACTIONS,
  splitByScene,
  SPLITS,
  type Split,
  type SplitFractions,
} from './split-scenes.js';

/** Which samples of a dataset go where. */
export interface SplitDatasetOptions {
  /** Dataset folder with its manifest. */
  readonly input: string;
  /** Dataset folder that is the whole test split. @default cut from `input` */
  readonly testInput?: string;
  /** Seed of the split. */
  readonly seed: number;
  /** Shares of the splits. @default 0.7, 0.15, 0.15 */
  readonly splitFractions?: SplitFractions;
  /** Take only the first so many samples of `input`. @default all */
  readonly maxSamples?: number;
}

/** A sample and the dataset folder it lies in. */
export interface PlacedSample extends ManifestSample {
  readonly folder: string;
}

/** Samples by split, with the rule that put them there. */
export interface SplitDataset extends Readonly<Record<Split, readonly PlacedSample[]>> {
  readonly classes: readonly string[];
  readonly rule: string;
}

/**
 * The samples of a dataset by split, whole scenes at a time. With a test folder, the test split is
 * that folder in full, and the main set is shared between training and validation in proportion.
 *
 * @throws PreprocessError `InvalidInput` where a manifest is wrong or the test folder repeats the
 * scenes of the main one.
 */
export async function splitDataset(
  kind: DatasetKind,
  options: SplitDatasetOptions,
): Promise<SplitDataset> {
  const {
    input,
    testInput,
    seed,
    splitFractions = DEFAULT_FRACTIONS,
    maxSamples = Infinity,
  } = options;
  if (!(maxSamples >= 1)) {
    throw new PreprocessError(
      'InvalidOption',
      `Expected "maxSamples" of at least 1. Received: ${maxSamples}.`,
    );
  }
  const main = await readManifest(input, kind);
  const test = testInput === undefined ? undefined : await readManifest(testInput, kind);
  if (test) expectOtherScenes(main, test);
  const fractions = test ? withoutTest(splitFractions) : splitFractions;
  const samples = main.samples.slice(0, maxSamples);
  const scenes = new Map<string, ManifestSample>();
  for (const sample of samples) if (!scenes.has(sample.scene)) scenes.set(sample.scene, sample);
  const balanced = [...scenes.values()].map((sample) => ({
    id: sample.scene,
    ...(sample.class !== undefined && { class: sample.class }),
  }));
  const dealt = splitByScene(balanced, fractions, seed);
  const home = new Map(SPLITS.flatMap((split) => dealt[split].map((id) => [id, split] as const)));
  const place = (manifest: Manifest, list: readonly ManifestSample[]): PlacedSample[] =>
    list.map((sample) => ({ ...sample, folder: manifest.folder }));
  const of = (split: Split): PlacedSample[] =>
    place(
      main,
      samples.filter((sample) => home.get(sample.scene) === split),
    );
  const share = SPLITS.map((split) => Math.round(1e4 * fractions[split]) / 1e4).join('/');
  return {
    train: of('train'),
    val: of('val'),
    test: test ? place(test, test.samples) : of('test'),
    classes: main.classes,
    rule:
      `Whole scenes, shuffled with seed ${seed} and balanced by class where one is given, dealt ` +
      `${share} to train/val/test` +
      (test ? '; the test split is a separate dataset in full.' : '.') +
      ' Decided before any tiling or augmentation.',
  };
}

function withoutTest(fractions: SplitFractions): SplitFractions {
  const rest = fractions.train + fractions.val;
  return { train: fractions.train / rest, val: fractions.val / rest, test: 0 };
}

/** Different seeds make different scenes even under equal ids; otherwise the ids must differ. */
function expectOtherScenes(main: Manifest, test: Manifest): void {
  if (test.classes.join() !== main.classes.join()) {
    throw new PreprocessError(
      'InvalidInput',
      `${test.folder}: expected the classes of ${main.folder}, ${main.classes.join(', ')}. ` +
        `Received: ${test.classes.join(', ')}.`,
    );
  }
  if (main.seed !== undefined && test.seed !== undefined && main.seed !== test.seed) return;
  const known = new Set(main.samples.map((sample) => sample.scene));
  const shared = test.samples.find((sample) => known.has(sample.scene));
  if (!shared) return;
  throw new PreprocessError(
    'InvalidInput',
    `${test.folder}: expected scenes that are not in ${main.folder}. Received: scene ` +
      `${shared.scene} in both, from ${main.seed === undefined ? 'unnamed seeds' : `seed ${main.seed}`}. ` +
      'Generate the test set with another seed.',
  );
}
