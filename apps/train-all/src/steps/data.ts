import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cropCube, openSource } from '@arctic/data-real';
import { writeChangePairs, writeIceImagery, writeSicStore } from '@arctic/data-synth';
import { writeCube, type SicCube } from '@arctic/raster';
import {
  isImagerySource,
  isSeriesSource,
  regionOf,
  type ModelName,
  type RunConfig,
} from '../config.js';
import { paths, readJsonIfThere, writeJson, type RunContext } from '../context.js';
import { UsageError } from '../errors.js';
import { progressLine } from '../progress.js';
import { importImagery } from './import-imagery.js';

/** Seeds of test data lie apart from those of training data. */
const TEST_SEED_OFFSET = 1_000_003;

/** Years of the generated test series: enough for its windows to differ. */
const TEST_YEARS = 3;

/** Fills `data/` for the models of the run; what is there already from the same settings is kept. */
export async function makeData({ config, say }: RunContext): Promise<void> {
  const where = paths(config);
  const record = join(where.data, 'data.json');
  for (const model of config.models) {
    const wanted = recipe(config, model);
    const made = (readJsonIfThere(record) ?? {}) as Record<string, unknown>; // a file of ours
    if (
      JSON.stringify(made[model]) === JSON.stringify(wanted) &&
      outputs(config, model).every((path) => existsSync(path))
    ) {
      say(`data for ${model}: already there`);
      continue;
    }
    for (const path of outputs(config, model)) mkdirSync(dirname(path), { recursive: true });
    if (model !== 'convlstm' && isImagerySource(config.source))
      await importImagery(config, model, say);
    else await MAKERS[model](config);
    await writeJson(record, { ...made, [model]: wanted });
  }
}

/** Everything that decides the data of a model. */
function recipe(config: RunConfig, model: ModelName): Record<string, unknown> {
  const { source, seed, samples, testSamples, input, climatology } = config;
  const { from, to, region, hemisphere, fillDays, fillPoleHole, labels, patchSize } = config;
  if (isImagerySource(source) && model !== 'convlstm')
    return { source, input, from, to, region, labels, patchSize };
  return source === 'synthetic' || model !== 'convlstm'
    ? { source: 'synthetic', seed, samples, testSamples }
    : { source, input, climatology, from, to, region, hemisphere, fillDays, fillPoleHole };
}

function outputs(config: RunConfig, model: ModelName): string[] {
  const where = paths(config);
  switch (model) {
    case 'classifier':
      return [where.imagery, where.imageryTest];
    case 'siamese':
      return [where.pairs, where.pairsTest];
    case 'convlstm':
      return config.source === 'synthetic'
        ? [where.series, where.seriesTest]
        : config.climatology === undefined
          ? [where.series]
          : [where.series, where.monthly];
  }
}

const MAKERS: Readonly<Record<ModelName, (config: RunConfig) => Promise<void>>> = {
  async classifier(config) {
    const { imagery, imageryTest } = paths(config);
    await writeIceImagery({
      folder: imagery,
      samples: config.samples,
      seed: config.seed,
      onProgress: shown('ice scenes', config.samples),
    });
    await writeIceImagery({
      folder: imageryTest,
      samples: config.testSamples,
      seed: config.seed + TEST_SEED_OFFSET,
      onProgress: shown('ice scenes for the test', config.testSamples),
    });
  },
  async siamese(config) {
    const { pairs, pairsTest } = paths(config);
    await writeChangePairs({
      folder: pairs,
      samples: config.samples,
      seed: config.seed,
      onProgress: shown('change pairs', config.samples),
    });
    await writeChangePairs({
      folder: pairsTest,
      samples: config.testSamples,
      seed: config.seed + TEST_SEED_OFFSET,
      onProgress: shown('change pairs for the test', config.testSamples),
    });
  },
  convlstm: (config) =>
    config.source === 'synthetic' ? generateSeries(config) : importSeries(config),
};

async function generateSeries(config: RunConfig): Promise<void> {
  const { series, seriesTest } = paths(config);
  await writeSicStore({ folder: series, samples: config.samples, seed: config.seed });
  // The same sea under other weather: its climatology is that of the training years.
  await writeSicStore({
    folder: seriesTest,
    samples: config.testSamples,
    years: TEST_YEARS,
    seed: config.seed,
    weatherSeed: config.seed + TEST_SEED_OFFSET,
  });
}

async function importSeries(config: RunConfig): Promise<void> {
  const { series, monthly } = paths(config);
  const { source, input, climatology } = config;
  if (input === undefined)
    throw new UsageError(
      `--source ${source}: expected --input PATH with its files. Received: none`,
    );
  if (!isSeriesSource(source))
    throw new UsageError(`--source: expected a source of daily concentration. Received: ${source}`);
  const { from, to, fillDays, fillPoleHole } = config;
  const region = regionOf(config);
  const whole = await openSource({
    source,
    input,
    kind: 'daily',
    ...(config.hemisphere === undefined ? {} : { hemisphere: config.hemisphere }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(fillDays === undefined ? {} : { fillDays }),
    ...(fillPoleHole === undefined ? {} : { fillPoleHole }),
  });
  const cropped = (cube: SicCube): SicCube =>
    region === undefined ? cube : cropCube(cube, region);
  await writeCube(series, cropped(whole));
  if (climatology === undefined) return;
  const hemisphere = whole.attrs['hemisphere'] === 'south' ? 'south' : 'north';
  const months = { source: 'nsidc-0051', input: climatology, kind: 'monthly', hemisphere } as const;
  await writeCube(monthly, cropped(await openSource(months)));
}

function shown(title: string, total: number): (progress: { readonly done: number }) => void {
  const show = progressLine(title, total);
  return ({ done }) => {
    show(done);
  };
}
