import { basename, extname, join } from 'node:path';
import { fromPretrained as openClassifier } from '@arctic/model-classifier';
import { fromPretrained as openConvLstm } from '@arctic/model-convlstm';
import { fromPretrained as openSiamese } from '@arctic/model-siamese';
import { changePanel, classLegend, classOverlay, imageGrid } from '@arctic/plots';
import { createTileBlender, tiles } from '@arctic/preprocess';
import { dayNumber, isoDate, resizeImage, writeNpy, writePng, type Image } from '@arctic/raster';
import { loadBackend } from '@arctic/runtime';
import type { PredictOptions } from '../cli.js';
import type { ModelName } from '../config.js';
import { writeJson } from '../context.js';
import { expectPath, UsageError } from '../errors.js';
import { forecastOn } from '../forecast/evaluate.js';
import { openExternalSeries } from '../forecast/external.js';
import { above, type ChangeThresholds } from '../imagery/evaluate-siamese.js';
import { cut } from '../imagery/cut.js';
import { writePicture } from '../pictures.js';
import { progressLine } from '../progress.js';
import { classProbabilities } from '../tasks/classifier.js';
import { drawForecast } from '../tasks/run-convlstm.js';
import { changeProbability } from '../tasks/siamese.js';
import type { Normalisation } from '../tensors.js';
import { imageFiles, readRgb } from './dataset.js';
import { metaField, modelKind, openModelFolder, resultName } from './open-model.js';

/** Side of the scenes that the imagery models were trained on, pixels of the original image. */
const SCENE = 256;
/** Scenes of a large image are taken every so many pixels. */
const STEP = 64;

/** Applies a trained model to data without labels; results and pictures go to `runs/predict-…`. */
export async function predict(options: PredictOptions): Promise<void> {
  const kind = modelKind(options.model);
  for (const option of ['input', 'before', 'after', 'climatology'] as const) {
    const path = options[option];
    if (path !== undefined) expectPath(`--${option}`, path);
  }
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
  async classifier({ model: path, input }, folder) {
    const model = await openModelFolder(openClassifier, path);
    const { classes, inputSize } = model.config;
    const normalisation = metaField<Normalisation>(model.meta, 'normalisation', path);
    const results = [];
    const files = imageFiles(required(input, '--input'));
    for (const file of files) await readRgb(file); // a damaged one ends it before anything is written
    for (const file of files) {
      const image = await readRgb(file);
      const places = tiles({
        width: image.width,
        height: image.height,
        size: SCENE,
        overlap: SCENE - STEP,
      });
      const probabilities = await classProbabilities(
        model,
        scenesOf(image, places, inputSize),
        normalisation,
      );
      const blender = createTileBlender({
        width: image.width,
        height: image.height,
        channels: classes.length,
        overlap: SCENE / 2,
      });
      places.forEach((tile, i) => {
        const own = probabilities.subarray(i * classes.length, (i + 1) * classes.length);
        blender.add(
          tile,
          Float32Array.from(
            { length: tile.width * tile.height * classes.length },
            (_, j) => own[j % classes.length] as number,
          ),
        );
      });
      const map = likeliest(blender.result(), classes.length);
      const fractions = classes.map(
        (_, k) => map.reduce((n, v) => n + (v === k ? 1 : 0), 0) / map.length,
      );
      const name = basename(file, extname(file));
      await writePng(join(folder, `${name}-classes.png`), {
        data: map,
        width: image.width,
        height: image.height,
        channels: 1,
      });
      await writePicture(
        join(folder, `${name}.png`),
        imageGrid({
          tiles: [
            { rgb: image, title: 'image' },
            {
              rgb: classOverlay(image, map),
              title: 'class',
              note: `each pixel: scenes of ${SCENE} × ${SCENE} round it`,
            },
          ],
          columns: 2,
          size: 420,
          legend: classLegend(classes),
          title: basename(file),
        }),
      );
      results.push({
        file: basename(file),
        fractions: Object.fromEntries(classes.map((c, k) => [c, fractions[k]])),
      });
    }
    await writeJson(join(folder, 'predictions.json'), { classes, results });
  },

  async siamese({ model: path, input, before, after }, folder) {
    const model = await openModelFolder(openSiamese, path);
    const normalisation = metaField<Normalisation>(model.meta, 'normalisation', path);
    const { model: threshold } = metaField<ChangeThresholds>(model.meta, 'thresholds', path);
    const inputSize = metaField<number>(model.meta, 'inputSize', path);
    const pairs =
      input === undefined
        ? [
            [
              required(before, '--before and --after, or --input with A/ and B/'),
              required(after, '--after'),
            ] as const,
          ]
        : imageFiles(join(input, 'A')).map((a) => [a, join(input, 'B', basename(a))] as const);
    for (const [a, b] of pairs) await readPair(a, b); // a damaged one ends it before anything is written
    for (const [a, b] of pairs) {
      const [first, second] = await readPair(a, b);
      // The model looks at the ground as it was trained: averaged down by the same factor.
      const scale = inputSize / SCENE;
      const width = Math.max(32, Math.round(first.width * scale));
      const height = Math.max(32, Math.round(first.height * scale));
      const small = [first, second].map(
        (image) => resizeImage(image, width, height, 'area').data,
      ) as [Uint8Array, Uint8Array];
      const probability = await changeProbability(model, ...small, height, width, normalisation);
      const changed = above(probability, threshold, true);
      const name = basename(b, extname(b));
      await writePng(
        join(folder, `${name}-change.png`),
        resizeImage(
          { data: changed.map((v) => v * 255), width, height, channels: 1 },
          first.width,
          first.height,
          'nearest',
        ),
      );
      await writePicture(
        join(folder, `${name}.png`),
        changePanel({
          before: { data: small[0], width, height },
          after: { data: small[1], width, height },
          prediction: changed,
          probability,
          title: `${basename(a)} → ${basename(b)}`,
          size: 330,
        }),
      );
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
  },
};

async function readPair(a: string, b: string): Promise<[Image, Image]> {
  const first = await readRgb(a);
  const second = await readRgb(b);
  if (first.width !== second.width || first.height !== second.height) {
    throw new UsageError(
      `${b}: expected ${first.width}×${first.height} pixels, as the first date. Received: ${second.width}×${second.height}`,
    );
  }
  return [first, second];
}

function scenesOf(image: Image, places: ReturnType<typeof tiles>, size: number) {
  const images = new Uint8Array(places.length * size * size * 3);
  places.forEach((tile, i) => {
    images.set(resizeImage(cut(image, tile), size, size, 'area').data, i * size * size * 3);
  });
  return { images, n: places.length, height: size, width: size };
}

/** [H,W] index of the greatest of K values. */
function likeliest(values: Float32Array, classes: number): Uint8Array {
  return Uint8Array.from({ length: values.length / classes }, (_, i) => {
    const own = values.subarray(i * classes, (i + 1) * classes);
    return own.indexOf(Math.max(...own));
  });
}

function required<T>(value: T | undefined, option: string): T {
  if (value === undefined) throw new UsageError(`predict: expected ${option}. Received: none`);
  return value;
}
