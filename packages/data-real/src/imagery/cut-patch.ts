import type { LonLatBox } from '@arctic/raster';
import { DataRealError } from '../errors.js';
import type { SceneFile } from './find-scenes.js';
import type { SceneGrid } from './scene.js';
import type { LabelSource } from './scene-labels.js';

/** What both kinds of patches are told. */
export interface ScenePatchOptions {
  /** By date, see `findScenes`. */
  readonly scenes: readonly SceneFile[];
  readonly labels: LabelSource;
  /** Dataset folder for training and validation, replaced at the end. */
  readonly folder: string;
  /** Dataset folder for the test. */
  readonly testFolder: string;
  /** Side of a patch in pixels of the scene. @default 32 */
  readonly patchSize?: number;
  /** Box of longitudes and latitudes to take. @default all */
  readonly region?: LonLatBox | undefined;
  /** Least share of pixels with a known label. @default 0.5 */
  readonly minKnown?: number;
  /** Name of the source, for the manifest. @default 'imagery' */
  readonly source?: string;
  /** Called after each row of patches. @default nothing */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** @throws DataRealError `InvalidOption` */
export function checkPatchOptions(patchSize: number, minKnown: number): void {
  if (!Number.isInteger(patchSize) || patchSize < 8 || patchSize > 2048) {
    throw new DataRealError(
      'InvalidOption',
      `Expected a patch of 8 to 2048 pixels a side. Received: ${patchSize}. Take 32 for MODIS.`,
    );
  }
  if (!(minKnown > 0 && minKnown <= 1)) {
    throw new DataRealError(
      'InvalidOption',
      `Expected the least share of known pixels within 0..1. Received: ${minKnown}. Take 0.5.`,
    );
  }
}

/** The square of `size` pixels that begins at a column of a strip of rows. */
export function cutSquare(
  strip: Uint8Array,
  width: number,
  column: number,
  size: number,
  channels: 1 | 3,
): Uint8Array {
  const out = new Uint8Array(size * size * channels);
  for (let row = 0; row < size; row++) {
    const from = (row * width + column) * channels;
    out.set(strip.subarray(from, from + size * channels), row * size * channels);
  }
  return out;
}

/** Patches from the meridian x = 0 of the map to this one; from the scene's edge without a place. */
export function patchColumn({ transform }: SceneGrid, column: number, size: number): number {
  return transform === null
    ? column / size
    : Math.round((transform[0] + column * transform[1]) / (transform[1] * size));
}
