import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSicStore } from '@arctic/data-synth';
import {
  createIntervalFit,
  prepareSeries,
  saveInterval,
  saveReference,
  statisticsFromDaily,
} from '@arctic/inference';
import { createClassifier, presets as classifierPresets } from '@arctic/model-classifier';
import { createConvLstm } from '@arctic/model-convlstm';
import { createSiamese, presets as siamesePresets } from '@arctic/model-siamese';
import { isoDate, readCube } from '@arctic/raster';
import { loadBackend } from '@arctic/runtime';
import { onTestFinished } from 'vitest';
import { seed } from '../src/archive/seed.js';
import { createServer, type Server } from '../src/server.js';
import { resolveSettings, type Settings } from '../src/settings.js';

const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] };

/** A forecaster with random weights, ready to be served. */
export async function makeForecaster(folder: string, series: string, weights: number) {
  await loadBackend({ prefer: 'js' });
  const cube = await readCube(series);
  const [first = 0] = cube.days;
  const last = cube.days.at(-1) ?? 0;
  const normal = statisticsFromDaily(cube, first, last);
  const ready = prepareSeries(cube, normal, { leads: 7, from: first, to: last });
  const config = { hiddenChannels: [4], headChannels: 0, inputChannels: 3, futureChannels: 5 };
  const model = createConvLstm({ ...config, patchSize: 4 }, { seed: weights });
  await model.save({
    folder,
    meta: {
      grid: cube.grid,
      climatologyYears: [1989, 2014],
      activeYears: [1979, 2014],
      meanDamping: ready.damping.domainMean,
      training: { source: 'synthetic', seed: weights },
    },
  });
  model.dispose();
  await saveReference(folder, ready);
  const fit = createIntervalFit(7);
  for (let lead = 1; lead <= 7; lead++) fit.add(lead, [0.5], [0.4], [1]);
  await saveInterval(folder, fit.result('a test'));
}

/** A folder with models of random weights and a generated series. */
export async function makeWork(): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'arctic-serve-'));
  const series = join(work, 'series.zarr');
  await writeSicStore({ folder: series, years: 5, height: 32, width: 32, seed: 3 });
  const models = join(work, 'models');
  mkdirSync(models);
  await makeForecaster(join(models, 'convlstm'), series, 1);
  const classifier = createClassifier(
    { ...classifierPresets.tiny, inputSize: 32, classes: ['open_water', 'thin_ice', 'thick_ice'] },
    { seed: 1 },
  );
  await classifier.save({
    folder: join(models, 'classifier'),
    meta: { sceneSize: 64, normalisation, training: { source: 'synthetic' } },
  });
  classifier.dispose();
  const siamese = createSiamese(siamesePresets.tiny, { seed: 1 });
  await siamese.save({
    folder: join(models, 'siamese'),
    meta: {
      sceneSize: 64,
      inputSize: 32,
      normalisation,
      thresholds: { model: 0.5 },
      training: { source: 'synthetic' },
    },
  });
  siamese.dispose();
  return work;
}

export function settingsOf(work: string, more: Readonly<Record<string, unknown>> = {}): Settings {
  return resolveSettings({
    port: 0,
    models: join(work, 'models'),
    archive: join(work, 'served'),
    series: join(work, 'series.zarr'),
    logLevel: 'silent',
    writers: 1,
    watch: 0.1,
    ...more,
  });
}

/** A server on the end of a generated series, with its forecasts issued and scored. */
export async function startServer(settings: Settings): Promise<Server> {
  const server = await createServer(settings);
  await (
    await seed(server.service, settings.series)
  )?.();
  return server;
}

/** The last day of the series. */
export async function lastDay(work: string): Promise<string> {
  return isoDate((await readCube(join(work, 'series.zarr'))).days.at(-1) ?? 0);
}

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'arctic-serve-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('waited too long');
}
