import { readFileSync } from 'node:fs';
import type { LonLatBox } from '@arctic/raster';
import { z } from 'zod';
import { UsageError } from './errors.js';

/** The sources of daily concentration, for the forecaster. */
export const SERIES_SOURCES = [
  'nsidc-0081',
  'nsidc-0051',
  'g02202',
  'g10016',
  'sea-ice-index',
  'osi-saf',
  'esa-cci-sic',
] as const;

/** The sources of scenes, for the classifier and the change detector. */
export const IMAGERY_SOURCES = ['modis', 'sentinel-2'] as const;

/** Whether a source is one of `SERIES_SOURCES`. */
export function isSeriesSource(source: string): source is (typeof SERIES_SOURCES)[number] {
  return (SERIES_SOURCES as readonly string[]).includes(source);
}

/** Whether a source is one of `IMAGERY_SOURCES`. */
export function isImagerySource(source: string): source is (typeof IMAGERY_SOURCES)[number] {
  return (IMAGERY_SOURCES as readonly string[]).includes(source);
}

export const MODEL_NAMES = ['classifier', 'convlstm', 'siamese'] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

const positive = z.number().positive();
const count = z.number().int().positive();

/** What every training has in common. */
const training = z.strictObject({
  /** Passes over the training samples. */
  epochs: count,
  /** Samples per optimizer step. */
  batchSize: count,
  /** Peak learning rate of AdamW, reached after warm-up and followed by a cosine decay to zero. */
  learningRate: positive,
  /** Decoupled weight decay; biases and norms are exempt. */
  weightDecay: z.number().min(0),
  /** Steps of linear warm-up. */
  warmupSteps: z.number().int().min(0),
  /** Largest global gradient norm. */
  clipNorm: positive,
  /** Epochs without improvement of the validation loss before training stops; 0 never stops early. */
  patience: z.number().int().min(0),
  optimizer: z.enum(['adamw', 'sgd', 'rmsprop']).default('adamw'),
  /** How the learning rate goes on after the warm-up. */
  schedule: z.enum(['cosine', 'constant', 'one-cycle', 'plateau']).default('cosine'),
  /** Parts that a batch is split into, one after the other: the same step in less memory. */
  accumulate: count.default(1),
  /** Decay of the moving average of weights that is validated and released; 0: the weights themselves. */
  emaDecay: z.number().min(0).lt(1).default(0),
  /** Whether batch norm looks at the batches of all processes, where several train together. */
  poolNorms: z.boolean().default(true),
  /** Threads that make batches while the network trains; 0 makes them in between. The batches are the same. */
  workers: z.number().int().min(0).default(1),
  /** Batches made ahead; only useful with workers. */
  prefetch: z.number().int().min(0).default(2),
  /** Best epochs whose weights are kept beside the best one's. */
  keepTop: z.number().int().min(0).default(0),
});

const classifier = training.extend({
  /** Architecture preset of `@arctic/model-classifier`. */
  preset: z.enum(['tiny', 'resnet18', 'resnet34', 'resnet50']),
  /** Images are averaged down to this many pixels a side. */
  inputSize: count,
  labelSmoothing: z.number().min(0).max(0.5),
});

const convlstm = training.extend({
  /** Days in and days out. */
  inputSteps: count,
  outputSteps: count,
  /** Channels of each ConvLSTM layer. */
  hiddenChannels: z.array(count).min(1),
  /** Space-to-depth block: cells a side that one step of the network sees as one. */
  patchSize: count,
  /** Channels of a 3×3 convolution before the last layer; 0 leaves it out. */
  headChannels: z.number().int().min(0),
  /** Cells a side of the patches trained on; 0 trains on the whole grid. */
  cropSize: z.number().int().min(0),
  /** Patches per epoch, drawn from all training windows; 0 means one per window. */
  samplesPerEpoch: z.number().int().min(0),
  /** Days between neighbouring training windows of a real series. */
  stride: count,
  /** Last day of training and of validation (ISO date); fractions of 70/15/15 where absent. */
  trainEnd: z.iso.date().optional(),
  validationEnd: z.iso.date().optional(),
  /** Last day of testing (ISO date); the end of the series where absent. */
  testEnd: z.iso.date().optional(),
  /** Years of the monthly record that make the climatology, first and last. */
  climatologyYears: z.tuple([z.number().int(), z.number().int()]),
  /** Years of the monthly record in which a cell has to hold ice once to count as active. */
  activeYears: z.tuple([z.number().int(), z.number().int()]),
});

const siamese = training.extend({
  /** Architecture preset of `@arctic/model-siamese`. */
  preset: z.enum(['tiny', 'small', 'resnet18', 'resnet34']),
  inputSize: count,
  /** Pixels a side of the random crops trained on; 0 trains on whole images. */
  cropSize: z.number().int().min(0),
});

const schema = z.strictObject({
  name: z.string().regex(/^\w[\w.-]*$/, 'expected letters, digits, dots, dashes and underscores'),
  profile: z.enum(['smoke', 'default', 'full']),
  seed: z.number().int().min(0),
  /** Folder that gets data/, runs/ and models/. */
  out: z.string(),
  models: z.array(z.enum(MODEL_NAMES)).min(1),
  /** Generated samples per task for training and validation. */
  samples: z.number().int().min(10),
  /** Generated samples per task for testing, from another seed. */
  testSamples: z.number().int().min(4),
  /** Where the data comes from. */
  source: z.string(),
  /** File or folder of a real source. */
  input: z.string().optional(),
  /** File or folder of a monthly record, for the climatology of a real source. */
  climatology: z.string().optional(),
  /** First and last date taken of a real source (ISO dates); all where absent. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  /** Box of a real source, degrees: west, south, east, north; west above east crosses the dateline. */
  region: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
  /** Of a source of concentration that holds both. */
  hemisphere: z.enum(['north', 'south']).optional(),
  /** Longest gap in days of a real series that is filled by straight lines; none where absent. */
  fillDays: count.optional(),
  /** Whether the pole hole of a real series gets the mean of the cells round it. */
  fillPoleHole: z.boolean().optional(),
  /** Labels of real scenes: `rule` (MODIS corrected reflectance), or a path of charts or label pictures. */
  labels: z.string().optional(),
  /** Pixels a side of the patches that real scenes are cut into. */
  patchSize: count.optional(),
  classifier,
  convlstm,
  siamese,
});

/** Everything a run needs to be repeated; saved as `runs/<name>/config.json`. */
export type RunConfig = z.infer<typeof schema>;
export type TrainingSettings = z.infer<typeof training>;

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> | undefined }
    : T;
export type ConfigOverrides = DeepPartial<RunConfig>;

const common = {
  weightDecay: 0.01,
  clipNorm: 1,
  patience: 0,
  optimizer: 'adamw',
  schedule: 'cosine',
  accumulate: 1,
  emaDecay: 0,
  keepTop: 0,
  poolNorms: true,
  workers: 1,
  prefetch: 2,
} as const;

const DEFAULT: Omit<RunConfig, 'name' | 'out'> = {
  profile: 'default',
  seed: 7,
  models: [...MODEL_NAMES],
  samples: 100,
  testSamples: 300,
  source: 'synthetic',
  classifier: {
    ...common,
    preset: 'resnet50',
    inputSize: 128,
    epochs: 60,
    batchSize: 16,
    learningRate: 1e-3,
    warmupSteps: 20,
    labelSmoothing: 0.05,
  },
  convlstm: {
    ...common,
    inputSteps: 30,
    outputSteps: 7,
    hiddenChannels: [32, 32],
    patchSize: 4,
    headChannels: 32,
    cropSize: 0,
    samplesPerEpoch: 0,
    stride: 2,
    climatologyYears: [1989, 2014],
    activeYears: [1979, 2014],
    epochs: 30,
    batchSize: 4,
    learningRate: 2e-3,
    warmupSteps: 20,
  },
  siamese: {
    ...common,
    preset: 'small',
    inputSize: 256,
    cropSize: 192,
    epochs: 80,
    batchSize: 8,
    learningRate: 2e-3,
    warmupSteps: 20,
  },
};

/** Of a training that is over before a thread has started. */
const HERE = { workers: 0, prefetch: 0 } as const;

const PROFILES: Readonly<Record<RunConfig['profile'], ConfigOverrides>> = {
  smoke: {
    samples: 12,
    testSamples: 12,
    classifier: {
      ...HERE,
      preset: 'tiny',
      inputSize: 32,
      epochs: 2,
      batchSize: 8,
      warmupSteps: 2,
    },
    convlstm: {
      ...HERE,
      hiddenChannels: [4],
      headChannels: 0,
      cropSize: 32,
      epochs: 2,
      batchSize: 4,
      warmupSteps: 2,
    },
    siamese: {
      ...HERE,
      preset: 'tiny',
      inputSize: 32,
      cropSize: 0,
      epochs: 2,
      batchSize: 4,
      warmupSteps: 2,
    },
  },
  default: {},
  full: {
    samples: 1000,
    testSamples: 600,
    classifier: { epochs: 20 },
    convlstm: { epochs: 20 },
    siamese: { epochs: 20, preset: 'resnet34', inputSize: 256 },
  },
};

/** Daily concentration on the 25 km polar grids; docs/results.md has what they cost and gave. */
const DAILY_25_KM: ConfigOverrides = {
  convlstm: {
    patchSize: 4,
    cropSize: 128,
    samplesPerEpoch: 400,
    stride: 1,
    epochs: 12,
    batchSize: 4,
    learningRate: 1e-3,
    warmupSteps: 60,
  },
};

/** Patches of 4 km, of which two dates give hundreds; docs/modis.md has what they cost and gave. */
const MODIS_250_M: ConfigOverrides = {
  models: ['classifier', 'siamese'],
  labels: 'rule',
  patchSize: 16,
  classifier: { preset: 'resnet18', inputSize: 64, epochs: 20 },
  siamese: { inputSize: 32, cropSize: 0, epochs: 60 },
};

/** Settings that a source of real data brings along; the profile and the user may change them. */
const SOURCES: Readonly<Record<string, ConfigOverrides>> = {
  ...Object.fromEntries(SERIES_SOURCES.map((source) => [source, DAILY_25_KM])),
  modis: MODIS_250_M,
  'sentinel-2': { models: ['classifier', 'siamese'], patchSize: 128 },
};

/** The sources a run can train on. */
export const SOURCE_NAMES = ['synthetic', ...SERIES_SOURCES, ...IMAGERY_SOURCES] as const;

/** The box of a run as named sides. */
export function regionOf({ region }: Pick<RunConfig, 'region'>): LonLatBox | undefined {
  if (region === undefined) return undefined;
  const [west, south, east, north] = region;
  return { west, south, east, north };
}

function merge<T>(base: T, over: DeepPartial<T>): T {
  const result: Record<string, unknown> = { ...(base as Record<string, unknown>) };
  for (const [key, value] of Object.entries(over as Record<string, unknown>)) {
    if (value === undefined) continue;
    const old = result[key];
    result[key] = isPlainObject(old) && isPlainObject(value) ? merge(old, value) : value;
  }
  return result as T; // same keys as T: unknown ones are rejected by the schema afterwards
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a JSON file of overrides. @throws UsageError when it is missing or no JSON object. */
export function readConfigFile(path: string): ConfigOverrides {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--config ${path}: expected a readable JSON file. Received: ${why}`, {
      cause,
    });
  }
  if (!isPlainObject(value))
    throw new UsageError(
      `--config ${path}: expected a JSON object of settings. Received: ${JSON.stringify(value)}`,
    );
  return value as ConfigOverrides; // checked key by key by the schema in resolveConfig
}

/**
 * The full configuration: defaults, then source, profile, config file and command line, each overriding the one before.
 * Name and folder are the caller's, so that the saved config.json of another run can serve as a file.
 * @throws UsageError naming the setting, what was expected and what was received.
 */
export function resolveConfig(
  name: string,
  out: string,
  file: ConfigOverrides,
  options: ConfigOverrides,
): RunConfig {
  const profile = options.profile ?? file.profile ?? usualProfile();
  const source = options.source ?? file.source ?? 'synthetic';
  const base = merge(
    merge(merge({ ...DEFAULT, name, out }, SOURCES[source] ?? {}), PROFILES[profile] ?? {}),
    { profile },
  );
  return parseConfig(merge(merge(merge(base, file), options), { name, out }), 'configuration');
}

/** The profile where neither a file nor an option names one: ARCTIC_PROFILE of the environment, or the default one. */
function usualProfile(): RunConfig['profile'] {
  const said = process.env.ARCTIC_PROFILE;
  if (said === undefined || said === '') return 'default';
  const profile = schema.shape.profile.safeParse(said);
  if (profile.success) return profile.data;
  throw new UsageError(
    `ARCTIC_PROFILE: expected one of ${Object.keys(PROFILES).join(', ')}. Received: ${said}`,
  );
}

/** What makes a run what it is, data and seed: it cannot change when a run goes on. */
const FIXED = [
  'profile',
  'seed',
  'samples',
  'testSamples',
  'source',
  'input',
  'climatology',
  'from',
  'to',
  'region',
  'hemisphere',
  'fillDays',
  'fillPoleHole',
  'labels',
  'patchSize',
] as const satisfies readonly (keyof RunConfig)[];

/** Checks that a run which goes on is still the run that it was. @throws UsageError naming what changed. */
export function expectSameRun(saved: ConfigOverrides, wanted: RunConfig): void {
  const changed = FIXED.find((key) => JSON.stringify(saved[key]) !== JSON.stringify(wanted[key]));
  if (changed === undefined) return;
  throw new UsageError(
    `run ${wanted.name}, ${changed}: expected ${JSON.stringify(saved[changed]) ?? 'none'}, as the run began. Received: ${JSON.stringify(wanted[changed])}. Start a new run for that.`,
  );
}

/** Checks a configuration read from a file or put together. @throws UsageError */
function parseConfig(value: unknown, where: string): RunConfig {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue === undefined) throw parsed.error; // zod always names one
    const place = [where, ...(issue.path.length === 0 ? [] : [issue.path.join('.')])].join(', ');
    const received =
      issue.code === 'unrecognized_keys'
        ? issue.keys.join(', ')
        : (JSON.stringify(valueAt(value, issue.path)) ?? 'none');
    const expected =
      issue.code === 'unrecognized_keys' ? 'expected known settings only' : issue.message;
    throw new UsageError(`${place}: ${expected}. Received: ${received}`);
  }
  checkTogether(parsed.data, where);
  return parsed.data;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (v, key) =>
      typeof v === 'object' && v !== null ? (v as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** What the schema cannot say of single settings. */
function checkTogether(
  { source, input, labels, from, to, convlstm, siamese, models }: RunConfig,
  where: string,
): void {
  const { trainEnd, validationEnd, testEnd, cropSize, patchSize } = convlstm;
  const fail = (setting: string, expected: string, received: unknown) => {
    throw new UsageError(
      `${where}, ${setting}: expected ${expected}. Received: ${typeof received === 'string' ? received : (JSON.stringify(received) ?? 'none')}`,
    );
  };
  if (!(SOURCE_NAMES as readonly string[]).includes(source))
    fail('source', `one of ${SOURCE_NAMES.join(', ')}`, source);
  if (source !== 'synthetic' && input === undefined)
    fail('input', `--input PATH with the files of ${source}`, input);
  if (isImagerySource(source) && models.includes('convlstm'))
    fail('models', `classifier or siamese (--only) for ${source}, which has no series`, models);
  if (isImagerySource(source) && labels === undefined)
    fail('labels', `--labels PATH of charts or label pictures for ${source}`, labels);
  if (from !== undefined && to !== undefined && from > to) fail('from', `a date up to ${to}`, from);
  if (new Set(models).size < models.length) fail('models', 'each model once', models);
  if (siamese.cropSize > siamese.inputSize)
    fail('siamese.cropSize', `at most inputSize ${siamese.inputSize}`, siamese.cropSize);
  if (cropSize % patchSize !== 0)
    fail('convlstm.cropSize', `0 or a multiple of patchSize ${patchSize}`, cropSize);
  for (const key of ['climatologyYears', 'activeYears'] as const)
    if (convlstm[key][0] > convlstm[key][1])
      fail(`convlstm.${key}`, 'first and last year in order', convlstm[key]);
  if ((trainEnd === undefined) !== (validationEnd === undefined))
    fail('convlstm.trainEnd and validationEnd', 'both dates or none', trainEnd ?? validationEnd);
  if (testEnd !== undefined && validationEnd === undefined)
    fail('convlstm.testEnd', 'trainEnd and validationEnd beside it', testEnd);
  const dates = [trainEnd, validationEnd, testEnd].filter((date) => date !== undefined);
  if (dates.some((date, i) => i > 0 && date <= (dates[i - 1] ?? '')))
    fail('convlstm', 'trainEnd before validationEnd before testEnd', dates.join(', '));
}
