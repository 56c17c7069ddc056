import type { Classifier } from '@arctic/model-classifier';
import { blendedRows, type Tile } from '@arctic/preprocess';
import { resizeImage } from '@arctic/raster';
import { cut } from '../imagery/cut.js';
import { classProbabilities } from '../tasks/classifier.js';
import type { Normalisation } from '../tensors.js';
import type { Scene } from './scene.js';
import type { MapLayer } from './write-maps.js';

/** Class number of pixels that are missing in the image. */
export const NO_CLASS = 255;

/** How a classifier is laid over a scene. */
export interface ClassMapOptions {
  /** Side of a tile in pixels of the scene. */
  readonly size: number;
  /** A tile begins every so many pixels. */
  readonly step: number;
  readonly normalisation: Normalisation;
}

/**
 * The class of every pixel of a scene of any size: each tile of the scene is classified as a whole,
 * overlapping tiles are blended, and the likeliest class is taken. Works row by row of tiles.
 */
export function classMap(
  model: Classifier,
  scene: Scene,
  { size, step, normalisation }: ClassMapOptions,
): MapLayer {
  const { classes, inputSize } = model.config;
  const probabilities = blendedRows({
    width: scene.width,
    height: scene.height,
    size,
    overlap: size - step,
    channels: classes.length,
    async predict(row: readonly Tile[]) {
      const [{ y, height }] = row as [Tile]; // a row has a tile
      const { rgb } = await scene.read({ row: y, column: 0, height, width: scene.width });
      const pixels = inputSize * inputSize * 3;
      const images = new Uint8Array(row.length * pixels);
      row.forEach((tile, i) => {
        const part = cut(rgb, { ...tile, y: 0 });
        images.set(resizeImage(part, inputSize, inputSize, 'area').data, i * pixels);
      });
      const shape = { n: row.length, height: inputSize, width: inputSize };
      const values = await classProbabilities(model, { images, ...shape }, normalisation);
      return row.map((_, i) => values.subarray(i * classes.length, (i + 1) * classes.length));
    },
  });
  return {
    name: 'ice_class',
    longName: 'Ice class by the classifier',
    units: null,
    width: scene.width,
    height: scene.height,
    crs: scene.crs,
    transform: scene.transform,
    controlPoints: scene.controlPoints,
    times: scene.time === null ? null : [scene.time],
    dtype: 'uint8',
    nodata: NO_CLASS,
    classes: classes.map((meaning, value) => ({ value, meaning })),
    source: `@arctic/model-classifier on ${scene.path.replace(/^.*[/\\]/s, '')}, tiles of ${size} pixels every ${step}`,
    async rows(firstRow, rowCount) {
      const window = { row: firstRow, column: 0, height: rowCount, width: scene.width };
      const values = await probabilities(firstRow, rowCount);
      const { mask } = await scene.read(window);
      return mask.map((there, i) =>
        there ? likeliest(values, i * classes.length, classes.length) : NO_CLASS,
      );
    },
  };
}

/** Index of the greatest of K values from `at` on. */
function likeliest(values: Float32Array, at: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++)
    if ((values[at + k] as number) > (values[at + best] as number)) best = k; // within the row
  return best;
}
