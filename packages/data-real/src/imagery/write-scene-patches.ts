import { join } from 'node:path';
import { writePng } from '@arctic/raster';
import { checkPatchOptions, cutSquare, patchColumn, type ScenePatchOptions } from './cut-patch.js';
import { writePatchFolders, type PatchesSummary, type WrittenPatch } from './patch-folders.js';
import { openScene, part, pixelSizeOf, type Scene } from './scene.js';
import { SCENE_CLASSES, UNKNOWN } from './scene-classes.js';
import { describeLabels, openLabels, type LabelReader } from './scene-labels.js';

/** What to cut for a classifier. */
export interface WriteScenePatchesOptions extends ScenePatchOptions {
  /** Least share of the known pixels that the prevailing class has. @default 0.5 */
  readonly minShare?: number;
}

/**
 * Cuts scenes into labelled patches in the layout of `labeled_ice_imagery`: `images/ID.png` (RGB),
 * `labels/ID.png` (0 open water, 1 thin ice, 2 thick ice, 255 unknown) and `manifest.json`, in one
 * folder for training and validation and one for the test (see `dealPatches`). The class of a patch
 * is the commonest known one; patches too unknown or too mixed are left out and counted.
 *
 * @throws DataRealError, RasterError; earlier folders are untouched then.
 *
 * @example
 * ```ts
 * const scenes = await findScenes('MODIS');
 * await writeScenePatches({ scenes, labels: { kind: 'rule' }, folder: 'data/labeled_ice_imagery', testFolder: 'data/test/labeled_ice_imagery' });
 * ```
 */
export async function writeScenePatches(
  options: WriteScenePatchesOptions,
): Promise<PatchesSummary> {
  const { scenes, labels, patchSize = 32, minKnown = 0.5, minShare = 0.5 } = options;
  checkPatchOptions(patchSize, minKnown);
  const labelsOf = await openLabels(labels);
  return writePatchFolders(options, async (folder) => {
    const patches: WrittenPatch[] = [];
    let leftOut = 0;
    let pixelSizeM: number | null = null;
    for (const [index, file] of scenes.entries()) {
      const scene = await openScene(file, options.region);
      if (scene === null) continue;
      pixelSizeM ??= pixelSizeOf(scene.grid);
      try {
        leftOut += await cutScene(folder, scene, labelsOf, patches, {
          patchSize,
          minKnown,
          minShare,
        });
      } finally {
        await scene.close();
      }
      options.onProgress?.({ done: index + 1, total: scenes.length });
    }
    return {
      patches,
      leftOut,
      head: {
        kind: 'labeled_ice_imagery',
        source: options.source ?? 'imagery',
        classes: SCENE_CLASSES,
        labels: describeLabels(labels),
        patchSize,
        pixelSizeM,
        minKnown,
        minShare,
      },
    };
  });
}

async function cutScene(
  folder: string,
  scene: Scene,
  labelsOf: LabelReader,
  patches: WrittenPatch[],
  limits: { readonly patchSize: number; readonly minKnown: number; readonly minShare: number },
): Promise<number> {
  const { patchSize: size } = limits;
  const { height, width, crs } = scene.grid;
  let leftOut = 0;
  for (let row = 0; row + size <= height; row += size) {
    const strip = await scene.rows(row, size);
    const known = await labelsOf(scene, row, size);
    const labels = known.map((label, i) => (strip.mask[i] ? label : UNKNOWN));
    for (let column = 0; column + size <= width; column += size) {
      const label = cutSquare(labels, width, column, size, 1);
      const found = prevailing(label);
      if (found.known < limits.minKnown || found.share < limits.minShare) {
        leftOut += 1;
        continue;
      }
      const id = `${scene.name}-${row}-${column}`;
      const [image, map] = [`images/${id}.png`, `labels/${id}.png`];
      const shape = { width: size, height: size };
      const rgb = cutSquare(strip.array.data, width, column, size, 3);
      await writePng(join(folder, image), { data: rgb, ...shape, channels: 3 });
      await writePng(join(folder, map), { data: label, ...shape, channels: 1 });
      const { transform } = part(scene.grid, { row, column, height: size, width: size });
      patches.push({
        dates: [scene.date],
        column: patchColumn(scene.grid, column, size),
        files: [image, map],
        entry: {
          ...{ id, image, label: map, class: found.class, date: scene.date, crs, transform },
          ...{ known: found.known, fractions: found.fractions },
        },
      });
    }
  }
  return leftOut;
}

/** The commonest known class of a label map; shares of the known pixels. */
function prevailing(label: Uint8Array) {
  const counts = SCENE_CLASSES.map((_, k) => label.filter((value) => value === k).length);
  const known = counts.reduce((sum, count) => sum + count, 0);
  const most = Math.max(...counts);
  return {
    class: counts.indexOf(most),
    known: known / label.length,
    share: known === 0 ? 0 : most / known,
    fractions: counts.map((count) => (known === 0 ? 0 : count / known)),
  };
}
