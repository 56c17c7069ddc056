import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  changeMap,
  classProbabilityMap,
  expectSameGrid,
  metaField,
  openScene,
  writeMaps,
  type MapLayer,
  type Normalisation,
  type Scene,
} from '@arctic/inference';
import type { Classifier } from '@arctic/model-classifier';
import type { Siamese } from '@arctic/model-siamese';
import { openRaster } from '@arctic/raster';
import { ServeError } from '../errors.js';
import { CONTENT_TYPES } from '../products/content-types.js';
import type { InferenceJob, MapAnswer, MapResult } from './jobs.js';

type Job<K> = Extract<InferenceJob, { kind: K }>;

/** Tiles along a side of which each overlaps the next, where a step is not said and the image is small. */
const STEPS_PER_TILE = 4;
/** Pixels of a small image. */
const SMALL = 4e6;
/** Side of the tiles that changes are looked for in, and what neighbours share, pixels at most. */
const CHANGE_TILE = 1024;
const CHANGE_OVERLAP = 128;
/** Cells along the longer side of the map in a JSON answer, at most. */
const JSON_SIDE = 256;

const ENDINGS = { geojson: 'geojson', netcdf: 'nc', cog: 'tif', json: 'json' } as const;

/** Classes of an uploaded image, with their probabilities. */
export async function classifyJob(model: Classifier, job: Job<'classify'>): Promise<MapResult> {
  const { folder, input, name, format } = job;
  const normalisation = metaField<Normalisation>(model.meta, 'normalisation', folder);
  const size = metaField<number>(model.meta, 'sceneSize', folder);
  return withNames([[input, name]], async () => {
    const scene = await openChecked(input, name, job.maxPixels);
    try {
      const small = scene.width * scene.height <= SMALL;
      const step = job.step ?? (small ? Math.ceil(size / STEPS_PER_TILE) : size);
      if (step > size)
        throw new ServeError(
          422,
          'step',
          `step: expected 1 to ${size} pixels, the size of a tile of this model. Received: ${step}`,
        );
      const layer = classProbabilityMap(model, scene, { size, step, normalisation });
      return await writeAnswer(layer, job.output, format, model.config.classes, name);
    } finally {
      await scene.close();
    }
  });
}

/** What changed between two uploaded images. */
export async function changesJob(model: Siamese, job: Job<'changes'>): Promise<MapResult> {
  const { folder, before, after, names, maxPixels } = job;
  const normalisation = metaField<Normalisation>(model.meta, 'normalisation', folder);
  const { model: threshold } = metaField<{ model: number }>(model.meta, 'thresholds', folder);
  const scale =
    metaField<number>(model.meta, 'inputSize', folder) /
    metaField<number>(model.meta, 'sceneSize', folder);
  const size = Math.min(CHANGE_TILE, Math.round(CHANGE_TILE / scale));
  const overlap = Math.min(CHANGE_OVERLAP, size >> 1);
  return withNames(
    [
      [before, names[0]],
      [after, names[1]],
    ],
    async () => {
      const first = await openChecked(before, names[0], maxPixels);
      try {
        const second = await openChecked(after, names[1], maxPixels);
        try {
          expectSameGrid(first, second);
          const how = { size, overlap, scale, threshold, normalisation };
          const layer = changeMap(model, first, second, how);
          const classes = (layer.classes ?? []).map(({ meaning }) => meaning);
          return await writeAnswer(layer, job.output, job.format, classes, names.join(' to '));
        } finally {
          await second.close();
        }
      } finally {
        await first.close();
      }
    },
  );
}

/** Opens a scene whose header promises no more than so many pixels. */
async function openChecked(path: string, name: string, maxPixels: number): Promise<Scene> {
  const scene = await openScene(path);
  const pixels = scene.width * scene.height;
  if (pixels <= maxPixels) return scene;
  await scene.close();
  throw new ServeError(
    413,
    'too-many-pixels',
    `${name}: expected at most ${maxPixels} pixels. Received: ${scene.width} × ${scene.height}. Send a part of it.`,
  );
}

async function writeAnswer(
  layer: MapLayer,
  output: string,
  format: MapAnswer,
  classes: readonly string[],
  name: string,
): Promise<MapResult> {
  const folder = dirname(output);
  const stem = basename(output);
  const source = layer.source.replaceAll(stem, name);
  const written = await writeMaps(
    folder,
    stem,
    { ...layer, source },
    undefined,
    format === 'netcdf' ? ['tif', 'nc'] : format === 'geojson' ? ['tif', 'geojson'] : ['tif'],
  );
  const path = join(folder, `${stem}.${ENDINGS[format]}`);
  if (format === 'json')
    await writeFile(path, await summary(join(folder, `${stem}.tif`), layer, classes));
  else if (!written.includes(path))
    throw new ServeError(
      422,
      'no-place',
      `${name}: expected an image with a place on earth for GeoJSON. Received: one without. Ask for json, cog or netcdf.`,
    );
  for (const other of written) if (other !== path) await rm(other, { force: true });
  return { path, contentType: CONTENT_TYPES[format] };
}

/** Shares of the classes, and the map at most 256 cells a side: each cell the pixel in its middle. */
async function summary(path: string, layer: MapLayer, classes: readonly string[]): Promise<string> {
  const file = await openRaster(path);
  try {
    const [band, ...probabilities] = file.variables;
    const { width, height } = layer;
    const data = Uint8Array.from((await band?.readStored()) ?? []);
    const counts = new Array<number>(256).fill(0);
    for (const value of data) counts[value] = (counts[value] ?? 0) + 1;
    const known = data.length - (counts[layer.nodata] ?? 0);
    const every = Math.max(1, Math.ceil(Math.max(width, height) / JSON_SIDE));
    const rows = Math.max(1, Math.floor(height / every));
    const columns = Math.max(1, Math.floor(width / every));
    const picked = (values: ArrayLike<number>, of: (value: number) => number | null) =>
      Array.from({ length: rows }, (_, y) =>
        Array.from({ length: columns }, (_, x) => {
          const row = Math.min(height - 1, y * every + (every >> 1));
          const column = Math.min(width - 1, x * every + (every >> 1));
          return of(values[row * width + column] ?? layer.nodata);
        }),
      );
    const maps: Record<string, unknown> = {};
    for (const [k, variable] of probabilities.entries())
      maps[classes[k] ?? k] = picked(await variable.readStored(), (v) =>
        v === layer.nodata ? null : v / 250,
      );
    return JSON.stringify({
      width,
      height,
      crs: layer.crs,
      transform: layer.transform,
      classes,
      fractions: Object.fromEntries(
        classes.map((name, k) => [name, known === 0 ? 0 : (counts[k] ?? 0) / known]),
      ),
      missing: data.length - known,
      map: { every, classes: picked(data, (v) => (v === layer.nodata ? null : v)) },
      ...(probabilities.length === 0 ? {} : { probabilities: maps }),
    });
  } finally {
    await file.close();
  }
}

/** Messages speak of the client's file, not of ours. */
async function withNames<T>(
  names: readonly (readonly [path: string, name: string])[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error)
      for (const [path, name] of names) error.message = error.message.replaceAll(path, name);
    throw error;
  }
}
