import type { Classifier } from '@arctic/model-classifier';
import { blendedRows, type RowReader, type Tile } from '@arctic/preprocess';
import { resizeImage } from '@arctic/raster';
import { cut } from './cut.js';
import { classProbabilities } from './probabilities.js';
import type { Normalisation } from '../normalise.js';
import type { Scene } from './scene.js';
import type { MapLayer } from './write-maps.js';

/** Class number of pixels that are missing in the image. */
export const NO_CLASS = 255;

/** Probabilities are kept as bytes of 1/250. */
const PROBABILITY_STEPS = 250;

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
  const { classes } = model.config;
  const probabilities = classRows(model, scene, { size, step, normalisation });
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

/**
 * The probability of each class in every pixel, a band per class in 1/250; 255 where pixels are
 * missing. The first band is the likeliest class.
 */
export function classProbabilityMap(
  model: Classifier,
  scene: Scene,
  options: ClassMapOptions,
): MapLayer {
  const { classes } = model.config;
  const layer = classMap(model, scene, options);
  const probabilities = classRows(model, scene, options);
  return {
    ...layer,
    bands: [
      { name: 'ice_class', description: 'class, 255 missing' },
      ...classes.map((name) => ({
        name: `probability_${name}`,
        description: `probability of ${name}, 255 missing`,
        scale: 1 / PROBABILITY_STEPS,
      })),
    ],
    async rows(firstRow, rowCount) {
      const window = { row: firstRow, column: 0, height: rowCount, width: scene.width };
      const values = await probabilities(firstRow, rowCount);
      const { mask } = await scene.read(window);
      const bands = classes.length + 1;
      const out = new Uint8Array(mask.length * bands).fill(NO_CLASS);
      mask.forEach((there, i) => {
        if (!there) return;
        out[i * bands] = likeliest(values, i * classes.length, classes.length);
        for (let k = 0; k < classes.length; k++)
          out[i * bands + k + 1] = Math.round(
            PROBABILITY_STEPS * (values[i * classes.length + k] as number), // within the row
          );
      });
      return out;
    },
  };
}

function classRows(
  model: Classifier,
  scene: Scene,
  { size, step, normalisation }: ClassMapOptions,
): RowReader {
  const { classes, inputSize } = model.config;
  return blendedRows({
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
}

/** Index of the greatest of K values from `at` on. */
function likeliest(values: Float32Array, at: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++)
    if ((values[at + k] as number) > (values[at + best] as number)) best = k; // within the row
  return best;
}
