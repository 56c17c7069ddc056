import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { MODEL_NAMES, SOURCE_NAMES, type ConfigOverrides, type ModelName } from './config.js';
import { UsageError } from './errors.js';
import type { DownloadOptions } from './steps/download.js';
import type { InspectOptions } from './inspect/inspect.js';
import { addSearchCommands, type SearchActions } from './search-commands.js';
import { usageSentence } from './usage-sentence.js';

/** What the commands of the app do; `main.ts` supplies them. */
export interface Actions extends SearchActions {
  run(options: RunOptions): Promise<void>;
  step(
    name: 'data' | 'preprocess' | 'train' | 'evaluate' | 'export',
    options: RunOptions,
  ): Promise<void>;
  evaluateModel(options: EvaluateOptions): Promise<void>;
  predict(options: PredictOptions): Promise<void>;
  inspect(options: InspectOptions): Promise<void>;
  download(options: DownloadOptions): Promise<void>;
}

export interface RunOptions {
  readonly name?: string;
  readonly out: string;
  readonly resume: boolean;
  /** One step of training and validation, nothing written. */
  readonly fastDevRun: boolean;
  /** Training stops after so many minutes and can be resumed. */
  readonly maxMinutes?: number;
  readonly configFile?: string;
  readonly overrides: ConfigOverrides;
}

/** A trained model on data that it never saw. */
export interface EvaluateOptions {
  /** Name of the folder of results: runs/<name>; of model and data where absent. */
  readonly name?: string;
  readonly model: string;
  readonly input: string;
  readonly out: string;
  readonly source?: string;
  readonly climatology?: string;
  readonly hemisphere?: 'north' | 'south';
  readonly from?: string;
  readonly to?: string;
}

/** The same without labels. */
export interface PredictOptions extends Omit<EvaluateOptions, 'from' | 'to' | 'input'> {
  readonly input?: string;
  readonly before?: string;
  readonly after?: string;
  readonly date?: string;
  /** Pixels from one classified tile to the next. */
  readonly step?: number;
  /** Another grid for the maps, and its pixel in metres. */
  readonly crs?: string;
  readonly pixelSize?: number;
}

/** Where relative paths of the user start: the folder that the command was called from. */
const base = process.env.INIT_CWD ?? process.cwd();
const path = (value: string) => resolve(base, value);

function integer(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('Expected a whole number ≥ 0.');
  return Number(value);
}

function date(value: string): string {
  // Date.parse rolls 2017-02-30 over into March; a round trip finds it out.
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== value)
    throw new InvalidArgumentError('Expected a date such as 2017-04-01.');
  return value;
}

function models(value: string): ModelName[] {
  const names = value.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(MODEL_NAMES as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(
      `Expected some of ${MODEL_NAMES.join(', ')}, separated by commas.`,
    );
  return names as ModelName[]; // just checked
}

function region(value: string): [number, number, number, number] {
  const [west = NaN, south = NaN, east = NaN, north = NaN, ...more] = value
    .split(',')
    .map((side) => (side.trim() === '' ? NaN : Number(side)));
  if (![west, south, east, north].every(Number.isFinite) || more.length > 0)
    throw new InvalidArgumentError('Expected four degrees such as -20,76,15,83.');
  return [west, south, east, north];
}

interface RawOptions {
  readonly name?: string;
  readonly out: string;
  readonly resume?: boolean;
  readonly fastDevRun?: true;
  readonly maxMinutes?: number;
  readonly config?: string;
  readonly profile?: 'smoke' | 'default' | 'full';
  readonly only?: ModelName[];
  readonly model?: ModelName[];
  readonly epochs?: number;
  readonly samples?: number;
  readonly seed?: number;
  readonly source?: string;
  readonly input?: string;
  readonly climatology?: string;
  readonly from?: string;
  readonly to?: string;
  readonly region?: [number, number, number, number];
  readonly hemisphere?: 'north' | 'south';
  readonly fillDays?: number;
  readonly fillPoleHole?: true;
  readonly labels?: string;
  readonly patch?: number;
  readonly trainEnd?: string;
  readonly validationEnd?: string;
  readonly testEnd?: string;
}

function runOptions(raw: RawOptions): RunOptions {
  const { name, out, resume = false, fastDevRun = false, maxMinutes, config, epochs } = raw;
  const perModel = epochs === undefined ? {} : { epochs };
  return {
    ...(name === undefined ? {} : { name }),
    out,
    resume,
    fastDevRun,
    ...(maxMinutes === undefined ? {} : { maxMinutes }),
    ...(config === undefined ? {} : { configFile: path(config) }),
    overrides: {
      profile: raw.profile,
      models: raw.only ?? raw.model,
      samples: raw.samples,
      seed: raw.seed,
      source: raw.source,
      input: raw.input,
      climatology: raw.climatology,
      from: raw.from,
      to: raw.to,
      region: raw.region,
      hemisphere: raw.hemisphere,
      fillDays: raw.fillDays,
      fillPoleHole: raw.fillPoleHole,
      labels: raw.labels,
      patchSize: raw.patch,
      classifier: perModel,
      siamese: perModel,
      convlstm: {
        ...perModel,
        trainEnd: raw.trainEnd,
        validationEnd: raw.validationEnd,
        testEnd: raw.testEnd,
      },
    },
  };
}

const sourceOption = () =>
  new Option('--source <name>', 'where the data comes from').choices([...SOURCE_NAMES]);
const hemisphereOption = () =>
  new Option('--hemisphere <name>', 'of concentration, where the files hold both').choices([
    'north',
    'south',
  ]);
const outOption = () =>
  new Option('--out <dir>', 'folder that gets data/, runs/ and models/')
    .argParser(path)
    .default(base, 'the current folder');

function withRunOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--profile <name>',
        'smoke: minutes, tiny models; default: 100 samples; full: 1,000 samples; $ARCTIC_PROFILE where absent',
      ).choices(['smoke', 'default', 'full']),
    )
    .addOption(
      new Option(
        '--only <models>',
        `some of ${MODEL_NAMES.join(', ')}, separated by commas`,
      ).argParser(models),
    )
    .option('--epochs <n>', 'passes over the training samples', integer)
    .option('--samples <n>', 'generated samples per task for training and validation', integer)
    .option('--seed <n>', 'decides data, splits, weights and data order', integer)
    .option('--config <file>', 'JSON file of settings; see config.json of any run for their names')
    .option('--max-minutes <n>', 'training stops after so long, saved, with code 75', integer)
    .option('--resume', 'go on from the last checkpoint of the run')
    .option(
      '--name <run>',
      'name of the run: runs/<name>; with --resume the newest run where absent',
    )
    .addOption(outOption())
    .addOption(sourceOption())
    .option('--input <path>', 'file or folder of the source', path)
    .option('--climatology <path>', 'file or folder of a monthly record (NSIDC-0051)', path)
    .option('--from <date>', 'first date taken; with evaluate --model the first issue date', date)
    .option('--to <date>', 'last date taken; with evaluate --model the last target date', date)
    .option(
      '--region <west,south,east,north>',
      'part of a real source, degrees; west above east crosses the dateline',
      region,
    )
    .addOption(hemisphereOption())
    .option('--fill-days <n>', 'fill gaps of concentration up to so many days', integer)
    .option('--fill-pole-hole', 'fill the pole hole with the mean round it')
    .option(
      '--labels <rule|path>',
      'of scenes: rule (MODIS corrected reflectance), ice charts or label pictures',
      (value) => (value === 'rule' ? value : path(value)),
    )
    .option('--patch <pixels>', 'side of the patches that scenes are cut into', integer)
    .option('--train-end <date>', 'last day of training', date)
    .option('--validation-end <date>', 'last day of validation', date)
    .option('--test-end <date>', 'last day of testing', date);
}

/** The command line. Unknown options and impossible values end the process with code 2. */
export function createCli(actions: Actions): Command {
  const cli = new Command('train-all')
    .description(
      'Train, judge and use sea-ice models: an ice classifier, a concentration forecaster, a change detector.',
    )
    .addHelpText(
      'after',
      `
Examples
  npm start                                    everything on generated data: runs/<date>/report.html
  npm start -- --profile smoke                 the same in minutes, to see that it works
  npm start -- --only convlstm --source nsidc-0081 --input DAILY --climatology MONTHLY \\
               --train-end 2016-09-30 --validation-end 2017-03-31
  nx run train-all:evaluate -- --model models/convlstm --source nsidc-0081 --input DAILY \\
               --climatology MONTHLY --from 2017-01-01 --to 2017-07-31
  nx run train-all:predict -- --model models/siamese --before A.tif --after B.tif
  nx run train-all:download -- --source g02202 --from 2019-09-01 --to 2019-09-30 --out DAILY
  nx run train-all:inspect -- FILE`,
    );

  withRunOptions(
    cli.command('run').description('all steps: data, preprocess, train, evaluate, export'),
  ).action((raw: RawOptions) => actions.run(runOptions(raw)));
  for (const [name, text] of [
    ['data', 'generate or import the data into data/'],
    ['preprocess', 'split, normalise and window it into data/processed/'],
    ['train', 'train the models into runs/<name>/'],
    ['export', 'write the trained models to models/'],
  ] as const) {
    const command = withRunOptions(cli.command(name).description(text));
    if (name === 'train')
      command.option('--fast-dev-run', 'one step of training and validation; nothing is written');
    if (name === 'train' || name === 'export')
      command.option('--model <name>', 'the same as --only', models);
    command.action((raw: RawOptions) => actions.step(name, runOptions(raw)));
  }

  withRunOptions(
    cli
      .command('evaluate')
      .description(
        'score a run on its test set, or with --model a trained model on data that it never saw',
      ),
  )
    .option('--model <dir>', 'model folder, e.g. models/convlstm', path)
    .action((raw: Omit<RawOptions, 'model'> & Partial<EvaluateOptions>) => {
      const { model, input, ...rest } = raw;
      if (model === undefined)
        return actions.step('evaluate', runOptions({ ...rest, ...(input && { input }) }));
      if (input === undefined)
        throw new UsageError(
          `--model ${model}: expected --input PATH with the data to score. Received: none`,
        );
      return actions.evaluateModel({ ...rest, model, input });
    });

  cli
    .command('predict')
    .description(
      'apply a trained model to data without labels: maps as GeoTIFF, NetCDF and GeoJSON, and pictures',
    )
    .requiredOption('--model <dir>', 'model folder, e.g. models/classifier', path)
    .option(
      '--input <path>',
      'classifier: image or folder of images; siamese: folder with A/ and B/; convlstm: file or folder of the source',
      path,
    )
    .option('--before <image>', 'siamese: the earlier image', path)
    .option('--after <image>', 'siamese: the later image', path)
    .addOption(sourceOption())
    .option('--climatology <path>', 'convlstm: file or folder of a monthly record', path)
    .addOption(hemisphereOption())
    .option('--date <date>', 'convlstm: the last day of input; the newest one where absent', date)
    .option(
      '--step <pixels>',
      'classifier: from one tile to the next; a quarter of a tile, and a whole one above 16 million pixels, where absent',
      integer,
    )
    .option('--crs <code>', 'maps on another grid too, such as EPSG:3413')
    .option('--pixel-size <metres>', 'side of a pixel of that grid', integer)
    .option('--name <run>', 'name of the results: runs/<name>')
    .addOption(outOption())
    .action((raw: PredictOptions) => actions.predict(raw));

  cli
    .command('download')
    .description('download files of a source: resumes, retries and checks')
    .requiredOption('--source <name>', 'a source of the catalogue; see docs/sources')
    .requiredOption('--from <date>', 'first date', date)
    .option('--to <date>', 'last date; the first where absent', date)
    .option('--product <name>', 'one of the products of the source; its first where absent')
    .addOption(new Option('--kind <kind>', 'days or months').choices(['daily', 'monthly']))
    .addOption(new Option('--hemisphere <pole>', 'which grid').choices(['north', 'south']))
    .option('--region <w,s,e,n>', 'degrees; where to look for scenes', region)
    .option('--areas <names>', 'charts of these areas, separated by commas', (text) =>
      text.split(','),
    )
    .option('--max-cloud <percent>', 'of Sentinel-2 scenes', integer)
    .option('--list', 'print what would be fetched, and fetch nothing')
    .option(
      '--out <dir>',
      'folder for the files and their checksums',
      path,
      resolve(base, 'downloads'),
    )
    .action((raw: DownloadOptions) => actions.download(raw));

  cli
    .command('inspect')
    .description('print and draw what a file, chart, scene or dataset holds')
    .argument('<path>', 'file or folder of any source', path)
    .option('--json', 'one line of JSON instead of a table and a picture')
    .addOption(outOption())
    .action((target: string, { json = false, out }: { json?: boolean; out: string }) =>
      actions.inspect({ path: target, json, out }),
    );

  addSearchCommands<RawOptions>(cli, actions, {
    ...{ withRunOptions, runOptions, path, models, outOption },
  });

  for (const command of [cli, ...cli.commands])
    command.exitOverride().configureOutput({
      outputError: (text, write) => {
        write(`${usageSentence(text)}\n`);
      },
    });
  return cli;
}
