import { join } from 'node:path';
import ndarray from 'ndarray';
import { dayNumber, warpRaster, writePng, type ByteRaster } from '@arctic/raster';
import { DataRealError } from '../errors.js';
import { assertRgb } from '../rgb-scene.js';
import { checkPatchOptions, cutSquare, patchColumn, type ScenePatchOptions } from './cut-patch.js';
import type { SceneFile } from './find-scenes.js';
import { writePatchFolders, type PatchesSummary, type WrittenPatch } from './patch-folders.js';
import { openScene, part, pixelSizeOf, positioned, rowsOf, type Scene } from './scene.js';
import { SCENE_CLASSES, UNKNOWN } from './scene-classes.js';
import { describeLabels, openLabels, type LabelReader } from './scene-labels.js';

/** What pairs to cut for a change detector. */
export interface WriteScenePairsOptions extends ScenePatchOptions {
  /** Most days from the first date to the second. @default 7 */
  readonly maxDays?: number;
}

/** Pixels of a scene on the grid of another one, rows at a time. */
interface OnFirst {
  readonly rgb: Uint8Array;
  /** [H,W] 0, 1, 2 or 255. */
  readonly labels: Uint8Array;
}

/**
 * Cuts pairs of scenes, each with the next one in time, in the layout of `change_pairs`: `A/ID.png`,
 * `B/ID.png` (RGB), `label/ID.png` (255 changed, 0 not) and `manifest.json`; in one folder for
 * training and validation and one for the test (see `dealPatches`). The second scene is put onto the
 * grid of the first. A pixel changed where it is known on both dates and open water on one of them
 * only: floes that moved, melt, freezing. Unknown pixels count as unchanged, so that patches with
 * fewer than `minKnown` known pixels are left out, and counted.
 *
 * @throws DataRealError `NoData` where no two scenes make a pair; RasterError. Earlier folders are
 * untouched then.
 */
export async function writeScenePairs(options: WriteScenePairsOptions): Promise<PatchesSummary> {
  const { scenes, labels, patchSize = 32, minKnown = 0.5, maxDays = 7 } = options;
  checkPatchOptions(patchSize, minKnown);
  const pairs = pairsOf(scenes, maxDays);
  const labelsOf = await openLabels(labels);
  return writePatchFolders(options, async (folder) => {
    const patches: WrittenPatch[] = [];
    let leftOut = 0;
    let pixelSizeM: number | null = null;
    for (const [index, [a, b]] of pairs.entries()) {
      const first = await openScene(a, options.region);
      const second = await openScene(b, options.region);
      try {
        if (first === null || second === null) continue;
        pixelSizeM ??= pixelSizeOf(first.grid);
        leftOut += await cutPair(folder, first, second, labelsOf, patches, {
          patchSize,
          minKnown,
        });
      } finally {
        await first?.close();
        await second?.close();
      }
      options.onProgress?.({ done: index + 1, total: pairs.length });
    }
    return {
      patches,
      leftOut,
      head: {
        kind: 'change_pairs',
        source: options.source ?? 'imagery',
        classes: SCENE_CLASSES,
        labels: `changed where one date is open water and the other ice, ${describeLabels(labels)} Unknown counts as unchanged.`,
        ...{ patchSize, pixelSizeM, minKnown, maxDays },
      },
    };
  });
}

/** Each scene with those of the next date. */
function pairsOf(scenes: readonly SceneFile[], maxDays: number): [SceneFile, SceneFile][] {
  const dates = [...new Set(scenes.map(({ date }) => date))].sort();
  const pairs = dates.flatMap((date, i) => {
    const next = dates[i + 1];
    if (next === undefined || dayNumber(next) - dayNumber(date) > maxDays) return [];
    const seconds = scenes.filter((scene) => scene.date === next);
    return scenes
      .filter((scene) => scene.date === date)
      .flatMap((a) => seconds.map((b): [SceneFile, SceneFile] => [a, b]));
  });
  if (pairs.length > 0) return pairs;
  throw new DataRealError(
    'NoData',
    `Expected two scenes at most ${maxDays} days apart. Received: ${dates.join(', ') || 'none'}. Add the scene of the day before or after.`,
  );
}

async function cutPair(
  folder: string,
  first: Scene,
  second: Scene,
  labelsOf: LabelReader,
  patches: WrittenPatch[],
  { patchSize: size, minKnown }: { readonly patchSize: number; readonly minKnown: number },
): Promise<number> {
  const { height, width, crs } = first.grid;
  const later = await secondOnFirst(first, second, labelsOf);
  let leftOut = 0;
  for (let row = 0; row + size <= height; row += size) {
    const before = await own(first, labelsOf, row, size);
    const after = await later(row, size);
    for (let column = 0; column + size <= width; column += size) {
      const labels = [before, after].map((one) => cutSquare(one.labels, width, column, size, 1));
      const [was = new Uint8Array(), is = new Uint8Array()] = labels;
      const both = was.map((label, i) => (label !== UNKNOWN && is[i] !== UNKNOWN ? 1 : 0));
      const known = both.reduce((sum, value) => sum + value, 0) / both.length;
      if (known < minKnown) {
        leftOut += 1;
        continue;
      }
      const change = both.map((value, i) => (value && (was[i] === 0) !== (is[i] === 0) ? 255 : 0));
      const id = `${first.name}-${second.name}-${row}-${column}`;
      const files = [`A/${id}.png`, `B/${id}.png`, `label/${id}.png`] as const;
      const shape = { width: size, height: size };
      const rgb = (one: OnFirst): Uint8Array => cutSquare(one.rgb, width, column, size, 3);
      await writePng(join(folder, files[0]), { data: rgb(before), ...shape, channels: 3 });
      await writePng(join(folder, files[1]), { data: rgb(after), ...shape, channels: 3 });
      await writePng(join(folder, files[2]), { data: change, ...shape, channels: 1 });
      const dates = [first.date, second.date];
      const { transform } = part(first.grid, { row, column, height: size, width: size });
      const changedFraction = change.filter(Boolean).length / change.length;
      patches.push({
        dates,
        column: patchColumn(first.grid, column, size),
        files,
        entry: {
          ...{ id, a: files[0], b: files[1], label: files[2], dates, crs, transform },
          ...{ known, changedFraction },
        },
      });
    }
  }
  return leftOut;
}

async function own(
  scene: Scene,
  labelsOf: LabelReader,
  row: number,
  count: number,
): Promise<OnFirst> {
  const { array, mask } = await scene.rows(row, count);
  const labels = await labelsOf(scene, row, count);
  return { rgb: array.data, labels: labels.map((label, i) => (mask[i] ? label : UNKNOWN)) };
}

/** The second scene as it is where it lies on the same pixels, else warped: colours bilinear, labels nearest. */
async function secondOnFirst(
  first: Scene,
  second: Scene,
  labelsOf: LabelReader,
): Promise<(row: number, count: number) => Promise<OnFirst>> {
  if (JSON.stringify(first.grid) === JSON.stringify(second.grid))
    return (row, count) => own(second, labelsOf, row, count);
  const { crs, transform, height, width } = positioned(second.path, second.grid);
  positioned(first.path, first.grid);
  const picture = await second.rows(0, height);
  const labels = await labelsOf(second, 0, height);
  const map: ByteRaster = {
    ...picture,
    ...{ crs, transform },
    array: ndarray(labels, [height, width, 1]),
  };
  return (row, count) => {
    const grid = positioned(first.path, rowsOf(first.grid, row, count));
    const rgb = assertRgb(second.path, warpRaster(picture, { ...grid, method: 'bilinear' }));
    const warped = warpRaster(map, { ...grid, method: 'nearest' });
    return Promise.resolve({
      rgb: rgb.array.data,
      labels: Uint8Array.from(warped.mask, (valid, i) =>
        valid && rgb.mask[i] ? (warped.array.data[i] ?? UNKNOWN) : UNKNOWN,
      ),
    });
  };
}
