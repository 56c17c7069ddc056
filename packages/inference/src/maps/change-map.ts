import type { Siamese } from '@arctic/model-siamese';
import { blendedRows, type Tile } from '@arctic/preprocess';
import { resizeImage, type Image } from '@arctic/raster';
import { InferenceError } from '../errors.js';
import { cut } from './cut.js';
import { changeProbability } from './probabilities.js';
import type { Normalisation } from '../normalise.js';
import type { Scene } from './scene.js';
import type { MapLayer } from './write-maps.js';

/** Number of pixels that are missing at either date. */
export const NO_CHANGE_KNOWN = 255;

/** How a change detector is laid over two scenes. */
export interface ChangeMapOptions {
  /** Side of a tile in pixels of the scenes. */
  readonly size: number;
  readonly overlap: number;
  /** Pixels of the model over pixels of the scenes, as it was trained. */
  readonly scale: number;
  /** Probability from which a pixel counts as changed. */
  readonly threshold: number;
  readonly normalisation: Normalisation;
}

/** Least side that the model takes, pixels. */
const LEAST_SIDE = 32;

/**
 * What changed between two scenes of one grid, of any size: tile by tile, blended.
 *
 * @throws InferenceError where the grids differ.
 */
export function changeMap(
  model: Siamese,
  before: Scene,
  after: Scene,
  { size, overlap, scale, threshold, normalisation }: ChangeMapOptions,
): MapLayer {
  expectSameGrid(before, after);
  const { width, height } = after;
  const limit = Math.fround(threshold); // as the probabilities were rounded
  const smaller = (image: Image): Image =>
    resizeImage(
      image,
      Math.max(LEAST_SIDE, Math.round(image.width * scale)),
      Math.max(LEAST_SIDE, Math.round(image.height * scale)),
      'area',
    );
  const probabilities = blendedRows({
    width,
    height,
    size,
    overlap,
    channels: 1,
    async predict(row: readonly Tile[]) {
      const [{ y, height: rows }] = row as [Tile]; // a row has a tile
      const window = { row: y, column: 0, height: rows, width };
      const [first, second] = [await before.read(window), await after.read(window)];
      const out: Float32Array[] = [];
      for (const tile of row) {
        const a = smaller(cut(first.rgb, { ...tile, y: 0 }));
        const b = smaller(cut(second.rgb, { ...tile, y: 0 }));
        const p = await changeProbability(model, a.data, b.data, a.height, a.width, normalisation);
        out.push(larger(p, a, tile));
      }
      return out;
    },
  });
  const name = (scene: Scene) => scene.path.replace(/^.*[/\\]/s, '');
  return {
    name: 'ice_change',
    longName: 'Ice that moved or melted between two dates, by the change detector',
    units: null,
    width,
    height,
    crs: after.crs,
    transform: after.transform,
    controlPoints: after.controlPoints,
    times: after.time === null ? null : [after.time],
    dtype: 'uint8',
    nodata: NO_CHANGE_KNOWN,
    classes: [
      { value: 0, meaning: 'no_change' },
      { value: 1, meaning: 'change' },
    ],
    outlined: [1],
    source: `@arctic/model-siamese from ${name(before)} to ${name(after)}`,
    async rows(firstRow, rowCount) {
      const window = { row: firstRow, column: 0, height: rowCount, width };
      const values = await probabilities(firstRow, rowCount);
      const [first, second] = [await before.read(window), await after.read(window)];
      return Uint8Array.from(values, (p, i) =>
        first.mask[i] && second.mask[i] ? Number(p >= limit) : NO_CHANGE_KNOWN,
      );
    },
  };
}

/** The probability of the nearest model pixel for every pixel of a tile. */
function larger(values: Float32Array, from: Image, { width, height }: Tile): Float32Array {
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * from.height) / height) * from.width;
    for (let x = 0; x < width; x++)
      out[y * width + x] = values[row + Math.floor(((x + 0.5) * from.width) / width)] ?? NaN;
  }
  return out;
}

/** @throws InferenceError where two scenes are not on one grid. */
export function expectSameGrid(before: Scene, after: Scene): void {
  const size = (scene: Scene) => `${scene.width}×${scene.height} pixels`;
  if (size(before) !== size(after))
    throw new InferenceError(
      `${after.path}: expected ${size(before)}, as the first date. Received: ${size(after)}`,
    );
  const place = (scene: Scene) => `${scene.crs} at ${scene.transform?.join(', ')}`;
  if (before.transform && after.transform && place(before) !== place(after))
    throw new InferenceError(
      `${after.path}: expected the grid of the first date, ${place(before)}. Received: ${place(after)}. Put both on one grid first, e.g. with gdalwarp`,
    );
}
