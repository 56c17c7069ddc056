import { dayNumber, isoDate } from '@arctic/raster';
import { PreprocessError } from './errors.js';
import { SPLITS, type Split, type SplitFractions } from './split-scenes.js';

/** Where training, validation and test lie in time. */
export type DateSplit =
  | {
      readonly kind: 'dates';
      /** First training day, ISO date. @default the first of the series */
      readonly trainStart?: string;
      /** Last training day, ISO date. */
      readonly trainEnd: string;
      /** Last day of the validation period, ISO date; the test starts the day after. */
      readonly valEnd: string;
      /** Last test day, ISO date. @default the last of the series */
      readonly testEnd?: string;
    }
  | ({
      /** Shares of the days that are left when both gaps are taken out. */
      readonly kind: 'fractions';
    } & SplitFractions);

/** What the blocks have to hold. */
export interface DateSplitOptions {
  /** Days of a window: input and output steps together. @default 37 */
  readonly windowDays?: number;
  /** Unused days between training and validation, and between validation and test. @default windowDays */
  readonly gapDays?: number;
}

/** The days of one split, both inclusive, days since 1970-01-01. */
export interface DateBlock {
  readonly from: number;
  readonly to: number;
}

/** The blocks of all splits and the rule they came from. */
export interface DateBlocks extends Readonly<Record<Split, DateBlock>> {
  readonly gapDays: number;
  /** The rule in words, for `split.json`. */
  readonly rule: string;
}

/**
 * Three blocks of consecutive dates, training before validation before test, with `gapDays` unused
 * days between them; every window lies wholly within its block.
 *
 * With `kind: 'dates'` the gaps are taken from the validation period at both ends: training and
 * test keep the days they were given, and validation days lie after `trainEnd + gapDays` and before
 * `valEnd − gapDays` inclusive. With `kind: 'fractions'` both gaps are taken out first, and the rest
 * is shared. The test is always the newest block: a forecast is judged on days after all it learned.
 *
 * @param days - [T], days since 1970-01-01, ascending.
 * @throws PreprocessError `InvalidOption` for a gap below the window or dates out of order,
 * `TooFew` where a block cannot hold one window.
 */
export function splitByDate(
  days: ArrayLike<number>,
  split: DateSplit,
  options: DateSplitOptions = {},
): DateBlocks {
  const { windowDays = 37 } = options;
  const gapDays = options.gapDays ?? windowDays;
  if (!(gapDays >= windowDays)) {
    throw new PreprocessError(
      'InvalidOption',
      `Expected a gap of at least one window, ${windowDays} days. Received: ${gapDays}. ` +
        'Neighbouring days are nearly equal: a shorter gap lets the training see the test.',
    );
  }
  const first = days[0];
  const last = days[days.length - 1];
  if (first === undefined || last === undefined) {
    throw new PreprocessError('TooFew', 'Expected a series of days. Received: none.');
  }
  const blocks =
    split.kind === 'dates'
      ? blocksByDates(first, last, split, gapDays)
      : blocksByFractions(first, last, split, gapDays);
  for (const name of SPLITS) {
    const { from, to } = blocks[name];
    if (to - from + 1 < windowDays) {
      throw new PreprocessError(
        'TooFew',
        `Expected at least one window of ${windowDays} days for ${name}. Received: ` +
          `${Math.max(0, to - from + 1)} days of ${isoDate(first)} to ${isoDate(last)} after gaps of ` +
          `${gapDays} days. Take a longer series or move the dates.`,
      );
    }
  }
  return { ...blocks, gapDays, rule: ruleOf(split, blocks, windowDays, gapDays) };
}

type Blocks = Readonly<Record<Split, DateBlock>>;

function blocksByDates(
  first: number,
  last: number,
  split: Extract<DateSplit, { kind: 'dates' }>,
  gapDays: number,
): Blocks {
  const trainStart = split.trainStart === undefined ? first : dayNumber(split.trainStart);
  const trainEnd = dayNumber(split.trainEnd);
  const valEnd = dayNumber(split.valEnd);
  const testEnd = split.testEnd === undefined ? last : dayNumber(split.testEnd);
  if (!(trainStart <= trainEnd && trainEnd < valEnd && valEnd < testEnd)) {
    throw new PreprocessError(
      'InvalidOption',
      'Expected trainStart ≤ trainEnd < valEnd < testEnd. Received: ' +
        `${[trainStart, trainEnd, valEnd, testEnd].map(isoDate).join(', ')}.`,
    );
  }
  return {
    train: { from: Math.max(first, trainStart), to: trainEnd },
    val: { from: trainEnd + gapDays + 1, to: valEnd - gapDays },
    test: { from: valEnd + 1, to: Math.min(last, testEnd) },
  };
}

function blocksByFractions(
  first: number,
  last: number,
  split: SplitFractions,
  gapDays: number,
): Blocks {
  const sum = split.train + split.val + split.test;
  if (!SPLITS.every((name) => split[name] > 0) || Math.abs(sum - 1) > 1e-6) {
    throw new PreprocessError(
      'InvalidOption',
      'Expected fractions above 0 that sum to 1. Received: ' +
        `${SPLITS.map((name) => split[name]).join(', ')}.`,
    );
  }
  const usable = last - first + 1 - 2 * gapDays;
  const train = Math.floor(split.train * usable);
  const val = Math.floor(split.val * usable);
  const valFrom = first + train + gapDays;
  return {
    train: { from: first, to: first + train - 1 },
    val: { from: valFrom, to: valFrom + val - 1 },
    test: { from: valFrom + val + gapDays, to: last },
  };
}

function ruleOf(split: DateSplit, blocks: Blocks, windowDays: number, gapDays: number): string {
  const block = (name: Split): string =>
    `${name} ${isoDate(blocks[name].from)} to ${isoDate(blocks[name].to)}`;
  const how =
    split.kind === 'dates'
      ? 'by dates given; the gaps are taken from both ends of the validation period'
      : `by fractions ${split.train}/${split.val}/${split.test} of the days outside the gaps`;
  return (
    `Blocks of consecutive dates ${how}: ${SPLITS.map(block).join(', ')}. Every window of ` +
    `${windowDays} days lies wholly in its block; ${gapDays} days between blocks are unused.`
  );
}
