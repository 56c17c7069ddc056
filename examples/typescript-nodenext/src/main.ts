import { generateChangePair, type ChangePair } from '@arctic/data-synth';
import {
  changeCounts,
  changeScores,
  createThresholdSearch,
  otsuThreshold,
  type ChangeScores,
} from '@arctic/metrics';
import { imageDifference } from './difference.js';

interface Case {
  readonly pair: ChangePair;
  readonly difference: Float32Array;
}

function cases(firstSeed: number, count: number): Case[] {
  return Array.from({ length: count }, (_, i) => {
    const pair = generateChangePair({ seed: firstSeed + i, size: 128 });
    return { pair, difference: imageDifference(pair.before, pair.after) };
  });
}

/** Scores of all cases together, each cut at its own threshold. */
function scoresAt(all: readonly Case[], thresholdOf: (difference: Float32Array) => number) {
  return changeScores(
    all.map(({ pair, difference }) => {
      const threshold = thresholdOf(difference);
      return changeCounts(
        difference.map((value) => Number(value >= threshold)),
        pair.change,
      );
    }),
  );
}

const describe = (name: string, { precision, recall, f1 }: ChangeScores): string =>
  `${name}: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}, F1 ${f1.toFixed(2)}`;

const validation = cases(1, 16);
const test = cases(1001, 16);
const search = createThresholdSearch();
for (const { pair, difference } of validation) search.add(difference, pair.change);
const chosen = search.best().threshold;

const pixels = test.reduce((sum, { pair }) => sum + pair.change.length, 0);
const changed = test.reduce((sum, { pair }) => sum + pair.changedFraction, 0) / test.length;
console.log(
  `${test.length} pairs, ${pixels} pixels, ${(100 * changed).toFixed(1)} % of them changed`,
);
console.log(describe("Otsu's threshold", scoresAt(test, otsuThreshold)));
console.log(
  describe(
    `threshold ${chosen} of the validation pairs`,
    scoresAt(test, () => chosen),
  ),
);
