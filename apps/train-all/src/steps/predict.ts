import { basename, extname, join } from 'node:path';
import { fromPretrained as openClassifier } from '@arctic/model-classifier';
import { fromPretrained as openConvLstm } from '@arctic/model-convlstm';
import { fromPretrained as openSiamese } from '@arctic/model-siamese';
import { dayNumber, isGeographic, isoDate, writeNpy } from '@arctic/raster';
import { loadBackend } from '@arctic/runtime';
import {
  type MapLayer,
  type Normalisation,
  type Scene,
  changeMap,
  classMap,
  expectSameGrid,
  forecastMap,
  forecastOn,
  gridFor,
  metaField,
  modelKind,
  openModelFolder,
  openScene,
  writeMaps,
  writeMapsOnGrid,
} from '@arctic/inference';
import type { PredictOptions } from '../cli.js';
import type { ModelName } from '../config.js';
import { writeJson } from '../context.js';
import { expectPath, UsageError } from '../errors.js';
import { openExternalSeries } from '../forecast/external.js';
import type { ChangeThresholds } from '../imagery/evaluate-siamese.js';
import { drawChange, drawClasses } from '../maps/draw-maps.js';
import { writePicture } from '../pictures.js';
import { progressLine } from '../progress.js';
import { drawForecast } from '../tasks/run-convlstm.js';
import { imageFiles } from './dataset.js';
import { resultName } from './result-name.js';

/** Tiles along a side of which each overlaps the next, where a step is not said and the image is small. */
const STEPS_PER_TILE = 4;
/** Side of the tiles that changes are looked for in, and what neighbours share, pixels at most. */
const CHANGE_TILE = 1024;
const CHANGE_OVERLAP = 128;
/** Rows of an image that are read at once to see whether it is whole. */
const CHECKED_ROWS = 256;
/** Pixels of an image that is drawn, at most. */
const MOST_DRAWN = 16e6;

/** Applies a trained model to data without labels; results and pictures go to `runs/predict-…`. */
export async function predict(options: PredictOptions): Promise<void> {
  const kind = modelKind(options.model);
  for (const option of ['input', 'before', 'after', 'climatology'] as const) {
    const path = options[option];
    if (path !== undefined) expectPath(`--${option}`, path);
  }
  checkTarget(options);
  await loadBackend({ autoInstall: true, onProgress: (line) => process.stderr.write(`${line}\n`) });
  const folder = join(
    options.out,
    'runs',
    options.name ?? resultName('predict', options.model, options.input ?? options.after ?? kind),
  );
  await PREDICTORS[kind](options, folder);
  process.stdout.write(`results: ${folder}\n`);
}

const PREDICTORS: Readonly<
  Record<ModelName, (options: PredictOptions, folder: string) => Promise<void>>
> = {
  async classifier(options, folder) {
    const { model: path, input } = options;
    const model = await openModelFolder(openClassifier, path);
    const { classes } = model.config;
    const normalisation = metaField<Normalisation>(model.meta, 'normalisation', path);
    const size = metaField<number>(model.meta, 'sceneSize', path);
    checkStep(options.step, size);
    const results = [];
    const files = imageFiles(required(input, '--input'));
    for (const file of files) await checkScene(file); // a damaged one ends it before anything is written
    for (const file of files) {
      const scene = await openScene(file);
      try {
        const step = options.step ?? (isSmall(scene) ? Math.ceil(size / STEPS_PER_TILE) : size);
        const layer = classMap(model, scene, { size, step, normalisation });
        const name = basename(file, extname(file));
        const map = await mapsOf(options, folder, name, layer);
        const fractions = classes.map((_, k) => map.counts[k] ?? 0);
        const known = fractions.reduce((sum, count) => sum + count, 0);
        if (isSmall(scene)) await drawClasses(folder, name, scene, map.path, classes, size);
        results.push({
          file: basename(file),
          fractions: Object.fromEntries(
            classes.map((c, k) => [c, known === 0 ? 0 : (fractions[k] as number) / known]), // one per class
          ),
          maps: map.written.map((written) => basename(written)),
        });
      } finally {
        await scene.close();
      }
    }
    await writeJson(join(folder, 'predictions.json'), { classes, results });
  },

  async siamese(options, folder) {
    const { model: path, input, before, after } = options;
    const model = await openModelFolder(openSiamese, path);
    const normalisation = metaField<Normalisation>(model.meta, 'normalisation', path);
    const { model: threshold } = metaField<ChangeThresholds>(model.meta, 'thresholds', path);
    // The model looks at the ground as it was trained: averaged down by the same factor.
    const scale =
      metaField<number>(model.meta, 'inputSize', path) /
      metaField<number>(model.meta, 'sceneSize', path);
    const size = Math.min(CHANGE_TILE, Math.round(CHANGE_TILE / scale));
    const overlap = Math.min(CHANGE_OVERLAP, size >> 1);
    const pairs =
      input === undefined
        ? [
            [
              required(before, '--before and --after, or --input with A/ and B/'),
              required(after, '--after'),
            ] as const,
          ]
        : imageFiles(join(input, 'A')).map((a) => [a, join(input, 'B', basename(a))] as const);
    for (const [a, b] of pairs) await inPair(a, b, () => Promise.resolve()); // as above
    for (const [a, b] of pairs) {
      await inPair(a, b, async (first, second) => {
        const how = { size, overlap, scale, threshold, normalisation };
        const layer = changeMap(model, first, second, how);
        const name = basename(b, extname(b));
        const map = await mapsOf(options, folder, name, layer);
        if (isSmall(second)) await drawChange(folder, name, first, second, map.path);
      });
    }
  },

  async convlstm(options, folder) {
    const { model: path, date } = options;
    const model = await openModelFolder(openConvLstm, path);
    const { inputSteps, outputSteps } = model.config;
    const years = {
      climatologyYears: metaField<[number, number]>(model.meta, 'climatologyYears', path),
      activeYears: metaField<[number, number]>(model.meta, 'activeYears', path),
      meanDamping: metaField<number[]>(model.meta, 'meanDamping', path),
    };
    const { series } = await openExternalSeries(
      {
        ...options,
        input: required(options.input, '--input'),
        ...(date === undefined ? {} : { from: date }),
      },
      years,
      outputSteps,
    );
    const issue =
      date === undefined ? series.days.length - 1 : dayNumber(date) - (series.days[0] ?? 0);
    if (issue < inputSteps - 1 || issue >= series.days.length) {
      throw new UsageError(
        `--date: expected a day with ${inputSteps} days of input before it, ${isoDate((series.days[0] ?? 0) + inputSteps - 1)} to ${isoDate(series.days.at(-1) ?? 0)}. Received: ${date ?? `a series of ${series.days.length} days`}`,
      );
    }
    const show = progressLine('forecast', 1);
    const forecast = await forecastOn(model, series, issue);
    show(1);
    const cells = series.height * series.width;
    const masked = forecast.map((v, i) => (series.active[i % cells] ? v : NaN));
    const name = `forecast-${isoDate(series.days[issue] as number)}`; // the index was checked
    await writePicture(
      join(folder, `${name}.png`),
      drawForecast(series, issue, forecast, series.source),
    );
    await writeNpy(join(folder, `${name}.npy`), {
      shape: [outputSteps, series.height, series.width],
      data: masked,
    });
    await mapsOf(options, folder, name, forecastMap(series, masked, outputSteps, issue));
  },
};

/** @throws UsageError where tiles would leave pixels out, or never get on. */
function checkStep(step: number | undefined, size: number): void {
  if (step === undefined || (step >= 1 && step <= size)) return;
  throw new UsageError(
    `--step: expected 1 to ${size} pixels, the size of a tile of this model. Received: ${step}`,
  );
}

/** @throws UsageError, RasterError where the grid that is asked for is none. */
function checkTarget({ crs, pixelSize }: PredictOptions): void {
  if (crs !== undefined) isGeographic(crs); // throws for an unknown one
  if ((crs === undefined) === (pixelSize === undefined) && pixelSize !== 0) return;
  throw new UsageError(
    `--crs and --pixel-size: expected both, pixels of at least 1 m, or neither. Received: ${crs ?? 'no CRS'}, ${pixelSize === undefined ? 'no size' : `${pixelSize} m`}`,
  );
}

/** The maps of a layer, on its own grid or the one asked for, and the pixels of each class on its own. */
async function mapsOf(
  { crs, pixelSize }: PredictOptions,
  folder: string,
  name: string,
  layer: MapLayer,
): Promise<{ path: string; counts: Record<number, number>; written: readonly string[] }> {
  const grid =
    crs === undefined || pixelSize === undefined
      ? undefined
      : gridFor(layer, { crs, pixelSizeM: pixelSize });
  const show = progressLine(name, layer.height);
  const counts: Record<number, number> = {};
  const counted: MapLayer = {
    ...layer,
    async rows(firstRow, rowCount) {
      const rows = await layer.rows(firstRow, rowCount);
      for (const value of rows) counts[value] = (counts[value] ?? 0) + 1;
      return rows;
    },
  };
  const written = await writeMaps(folder, name, counted, show);
  const path = join(folder, `${name}.tif`);
  if (grid === undefined) return { path, counts, written };
  const other = `${name}-${grid.crs.replace(/\W+/g, '-').toLowerCase()}`;
  const more = await writeMapsOnGrid(folder, other, layer, path, grid);
  return { path, counts, written: [...written, ...more] };
}

/** @throws RasterError, UsageError where an image cannot be read to its last row. */
async function checkScene(path: string): Promise<void> {
  const scene = await openScene(path);
  try {
    const { width, height } = scene;
    for (let row = 0; row < height; row += CHECKED_ROWS)
      await scene.read({ row, column: 0, height: Math.min(CHECKED_ROWS, height - row), width });
  } finally {
    await scene.close();
  }
}

async function inPair(
  a: string,
  b: string,
  work: (first: Scene, second: Scene) => Promise<void>,
): Promise<void> {
  await checkScene(a);
  await checkScene(b);
  const first = await openScene(a);
  try {
    const second = await openScene(b);
    try {
      expectSameGrid(first, second);
      await work(first, second);
    } finally {
      await second.close();
    }
  } finally {
    await first.close();
  }
}

/** Whether a scene fits into one picture. */
function isSmall({ width, height }: Scene): boolean {
  return width * height <= MOST_DRAWN;
}

function required<T>(value: T | undefined, option: string): T {
  if (value === undefined) throw new UsageError(`predict: expected ${option}. Received: none`);
  return value;
}
