import { DataRealError } from '../errors.js';

/** Where a patch was cut. */
export interface PatchPlace {
  /** ISO dates of its pictures: one, or two of a pair. */
  readonly dates: readonly string[];
  /** Count of patches from some meridian of the map eastwards. */
  readonly column: number;
}

/** Where it goes: `main` (for training and validation), `test`, or out, as too near to another split. */
export interface PatchHome {
  readonly home: 'main' | 'test' | 'out';
  /** The unit that a split must not cut. */
  readonly scene: string;
}

/** Share of the dates, or of the patches of a single one, that is for testing. */
const TEST_SHARE = 0.15;
const TEST_SHARE_OF_ONE = 0.25;

/** Blocks that a date is cut into where there are too few dates, and where there is but one. */
const BLOCKS = 8;
const BLOCKS_OF_ONE = 16;

/** Dates for training and validation from which each is whole in one of them. */
const WHOLE_DATES = 3;

/**
 * Deals patches by date before anything is known of a model: the last 15 % of dates (one at least)
 * are the test; pairs that share a date with it are left out. The others go whole to training or
 * validation where there are three or more; else each is cut into blocks of columns with one column
 * of patches left out between them. Where all patches are of one date or chain of pairs, the eastern
 * blocks with a quarter of the patches are the test.
 *
 * @returns where each patch goes, in the order given, and the rule in words.
 * @throws DataRealError `NoData` where there are too few blocks or dates for three splits
 */
export function dealPatches(places: readonly PatchPlace[]): {
  readonly homes: readonly PatchHome[];
  readonly rule: string;
} {
  const unitOf = ({ dates }: PatchPlace): string =>
    dates.join('-').replaceAll(/-(?=\d\d(-|$))/g, '');
  const units = [...new Map(places.map((place) => [unitOf(place), place])).entries()].sort();
  const testUnits = units.slice(-Math.max(1, Math.round(TEST_SHARE * units.length)));
  const testDates = new Set(testUnits.flatMap(([, { dates }]) => dates));
  const mainUnits = units.filter(([, { dates }]) => !dates.some((date) => testDates.has(date)));
  const blocks = blocksOf(places, mainUnits.length > 0 ? BLOCKS : BLOCKS_OF_ONE);
  const blockScene = (place: PatchPlace, block: number): string =>
    `${unitOf(place)}-block${block + 1}`;
  const whole = mainUnits.length >= WHOLE_DATES;
  const kept = new Set(mainUnits.map(([name]) => name));
  const tested = new Set(testUnits.map(([name]) => name));
  const byDate = places.map((place, i): PatchHome => {
    const unit = unitOf(place);
    if (tested.has(unit)) return { home: 'test', scene: unit };
    const block = blocks[i] ?? null;
    if (!kept.has(unit) || (!whole && block === null)) return { home: 'out', scene: unit };
    return { home: 'main', scene: whole ? unit : blockScene(place, block ?? 0) };
  });
  const text = (list: readonly (readonly [string, unknown])[]): string =>
    list.map(([name]) => name).join(', ');
  if (mainUnits.length > 0) {
    return checked(
      byDate,
      `Test: ${text(testUnits)}. Training and validation: ${text(mainUnits)}, ` +
        (whole ? 'each whole in one of them.' : 'in blocks of columns one patch apart.'),
    );
  }
  const wanted = TEST_SHARE_OF_ONE * places.length;
  let [taken, firstTest] = [0, Infinity];
  for (let block = BLOCKS_OF_ONE; block >= 0 && taken < wanted; block--) {
    const count = blocks.filter((one) => one === block).length;
    taken += count;
    if (count > 0) firstTest = block;
  }
  return checked(
    places.map((place, i): PatchHome => {
      const block = blocks[i] ?? null;
      if (block === null) return { home: 'out', scene: unitOf(place) };
      return { home: block >= firstTest ? 'test' : 'main', scene: blockScene(place, block) };
    }),
    `${text(units)}: too few dates to keep one for the test. Blocks of columns one patch apart; the eastern ones with a quarter of the patches are the test: the same ice field and light as the training.`,
  );
}

/** The block of each patch, null in the columns between them. */
function blocksOf(places: readonly PatchPlace[], most: number): (number | null)[] {
  const columns = places.map(({ column }) => column);
  const first = columns.reduce((least, column) => Math.min(least, column), Infinity);
  const count = columns.reduce((last, column) => Math.max(last, column), -Infinity) - first + 1;
  const period = Math.max(2, Math.ceil(count / most));
  return columns.map((column) => {
    const at = column - first;
    return at % period === period - 1 ? null : Math.floor(at / period);
  });
}

function checked(homes: readonly PatchHome[], rule: string) {
  const main = homes.filter(({ home }) => home === 'main');
  const tests = homes.some(({ home }) => home === 'test');
  if (tests && new Set(main.map(({ scene }) => scene)).size >= 2) return { homes, rule };
  throw new DataRealError(
    'NoData',
    `Expected patches for training, validation and test. Received: ${homes.length} in all, ${main.length} for the first two${tests ? '' : ', none for the test'}. Give more scenes or smaller patches.`,
  );
}
