import { PreprocessError } from './errors.js';
import { createGenerator, shuffled } from './generator.js';

/** The names of the splits. */
export const SPLITS = ['train', 'val', 'test'] as const;

/** One of {@link SPLITS}. */
export type Split = (typeof SPLITS)[number];

/** Share of each split, 0..1; the three sum to 1. */
export type SplitFractions = Readonly<Record<Split, number>>;

/** A scene: everything cut from one acquisition, which must not be torn apart. */
export interface Scene {
  readonly id: string;
  /** Class to balance by. @default one class for all */
  readonly class?: number;
}

/** 70 % training, 15 % validation, 15 % test. */
export const DEFAULT_FRACTIONS: SplitFractions = { train: 0.7, val: 0.15, test: 0.15 };

/**
 * Which scenes go to training, validation and test: shuffled by seed, balanced by class.
 *
 * Whole scenes are dealt, never samples: tiles or augmented copies of one scene on both sides of a
 * split would make the test a repetition of the training. The result depends on the set of scene
 * ids and classes and on the seed, not on the order they come in.
 *
 * @param scenes - Unique ids.
 * @returns Ids of each split, in dealing order; a split of fraction 0 is empty.
 * @throws PreprocessError `InvalidOption` for fractions that do not sum to 1 or repeated ids,
 * `TooFew` where a split that should have scenes gets none.
 */
export function splitByScene(
  scenes: readonly Scene[],
  fractions: SplitFractions,
  seed: number,
): Record<Split, string[]> {
  checkFractions(fractions);
  if (new Set(scenes.map((scene) => scene.id)).size < scenes.length) {
    throw new PreprocessError(
      'InvalidOption',
      'Expected each scene once. Received: a repeated scene id. Pass scenes, not samples.',
    );
  }
  const generator = createGenerator(seed);
  const sorted = [...scenes].sort(
    (a, b) => (a.class ?? 0) - (b.class ?? 0) || (a.id < b.id ? -1 : 1),
  );
  const classes = [...new Set(sorted.map((scene) => scene.class ?? 0))];
  const order = classes.flatMap((one) =>
    shuffled(
      sorted.filter((scene) => (scene.class ?? 0) === one),
      generator,
    ),
  );
  const out: Record<Split, string[]> = { train: [], val: [], test: [] };
  order.forEach((scene, dealt) => {
    // to the split that lags its share most: exact over all scenes, even within each class
    const lag = (split: Split): number => fractions[split] * (dealt + 1) - out[split].length;
    const next = SPLITS.reduce((best, split) => (lag(split) > lag(best) + 1e-9 ? split : best));
    out[next].push(scene.id);
  });
  fillEmpty(out, fractions, scenes.length);
  return out;
}

/** Gives a split that came away empty a scene of the largest. */
function fillEmpty(out: Record<Split, string[]>, fractions: SplitFractions, scenes: number): void {
  for (const split of SPLITS) {
    if (fractions[split] === 0 || out[split].length > 0) continue;
    const largest = SPLITS.reduce((a, b) => (out[b].length > out[a].length ? b : a));
    const moved = out[largest].length > 1 ? out[largest].pop() : undefined;
    if (moved === undefined) {
      throw new PreprocessError(
        'TooFew',
        `Expected at least one scene for every split. Received: ${scenes} scenes. Make more samples.`,
      );
    }
    out[split].push(moved);
  }
}

function checkFractions(fractions: SplitFractions): void {
  const values = SPLITS.map((split) => fractions[split]);
  const sum = values.reduce((total, value) => total + value, 0);
  if (!values.every((value) => value >= 0 && value <= 1) || Math.abs(sum - 1) > 1e-6) {
    throw new PreprocessError(
      'InvalidOption',
      `Expected split fractions of 0..1 that sum to 1. Received: ${values.join(', ')}.`,
    );
  }
}
