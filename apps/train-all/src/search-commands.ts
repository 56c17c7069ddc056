import { InvalidArgumentError, Option, type Command } from 'commander';
import type { RunOptions } from './cli.js';
import { MODEL_NAMES, type ModelName } from './config.js';
import type { CompareOptions } from './steps/compare.js';
import type { FindLrOptions } from './steps/find-lr.js';
import type { SearchTrialOptions } from './steps/search-trial.js';
import type { SearchOptions, SearchPlan } from './steps/search.js';

/** The commands round a training; `main.ts` supplies them. */
export interface SearchActions {
  findLr(options: FindLrOptions): Promise<void>;
  search(options: SearchOptions): Promise<void>;
  searchTrial(options: SearchTrialOptions): Promise<void>;
  compare(options: CompareOptions): Promise<void>;
}

/** How the commands of a run take their options. */
export interface OptionTools<Raw> {
  withRunOptions(command: Command): Command;
  runOptions(raw: Raw): RunOptions;
  path(value: string): string;
  models(value: string): ModelName[];
  outOption(): Option;
}

function positive(value: string): number {
  const number = value.trim() === '' ? NaN : Number(value);
  if (!(number > 0) || !Number.isFinite(number))
    throw new InvalidArgumentError('Expected a number above 0.');
  return number;
}

function count(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('Expected a whole number ≥ 1.');
  return Number(value);
}

/** Adds find-lr, search and compare. */
export function addSearchCommands<Raw>(
  cli: Command,
  actions: SearchActions,
  { withRunOptions, runOptions, path, models, outOption }: OptionTools<Raw>,
): void {
  withRunOptions(
    cli
      .command('find-lr')
      .description(
        'look for a learning rate: a short training at rising rates, its curve and the rate of the steepest fall',
      ),
  )
    .option('--model <name>', 'the same as --only', models)
    .option('--from-rate <rate>', 'learning rate of the first step', positive, 1e-7)
    .option('--to-rate <rate>', 'learning rate of the last step', positive, 1)
    .option('--steps <n>', 'steps of the training', count, 100)
    .addHelpText(
      'after',
      `
Writes runs/<name>/<model>/learning-rate.json, .svg and .png; weights and checkpoints stay as they are.
Makes the data where there is none yet. With --name of a run that is there, its settings are used.

Examples
  nx run train-all:find-lr -- --model classifier
  nx run train-all:find-lr -- --model siamese --profile smoke --from-rate 1e-5 --steps 50`,
    )
    .action((raw: Raw & Pick<FindLrOptions, 'fromRate' | 'toRate' | 'steps'>) => {
      const { fromRate, toRate, steps } = raw;
      return actions.findLr({ ...runOptions(raw), fromRate, toRate, steps });
    });

  withRunOptions(
    cli
      .command('search')
      .description(
        'search hyper-parameters of a model; every trial is a process of its own, and the search can be resumed',
      ),
  )
    .option('--model <name>', 'the model: the same as --only', models)
    .option(
      '--space <file>',
      'JSON file of what to search; learning rate and weight decay where absent',
      path,
    )
    .addOption(
      new Option(
        '--strategy <name>',
        'halving (where absent): the better trials get more epochs; random: all get all',
      ).choices(['halving', 'random']),
    )
    .option('--trials <n>', 'settings to try; 9 where absent', count)
    .option('--min-epochs <n>', 'halving: epochs of the first stage; a ninth of --epochs', count)
    .option('--factor <n>', 'halving: one trial in so many goes on; 3 where absent', positive)
    .option('--jobs <n>', 'trials at a time, which share the cores; 1 where absent', count)
    .option('--metric <name>', 'score to judge by, a column of metrics.csv; val_loss where absent')
    .addOption(
      new Option('--mode <way>', 'which way it is better; min for losses and errors').choices([
        'min',
        'max',
      ]),
    )
    .option('--max-trial-minutes <n>', 'a trial that takes longer at a stage has failed', positive)
    .option('--retry-failed', 'with --resume: run failed trials again')
    .addHelpText(
      'after',
      `
The space is a JSON object of settings, by their names in config.json, for example
  { "learningRate": { "kind": "logUniform", "low": 1e-4, "high": 1e-2 },
    "labelSmoothing": { "kind": "uniform", "low": 0, "high": 0.1 },
    "warmupSteps": { "kind": "int", "low": 0, "high": 50 },
    "preset": { "kind": "choice", "values": ["tiny", "resnet18"] } }
Settings that decide the data (inputSize, inputSteps …) are not searched; --epochs is the largest budget.

Writes searches/<name>/: search.json, trials.csv, search.png, result.json, journal.jsonl, a folder and a log for each trial,
and best.json, a configuration to train with: npm start -- --config searches/<name>/best.json

Examples
  nx run train-all:search -- --model classifier --trials 9 --epochs 27 --name first
  nx run train-all:search -- --resume --name first
  nx run train-all:search -- --model siamese --strategy random --metric val_f1 --space space.json --jobs 2`,
    )
    .action((raw: Raw & RawSearch) => {
      const { strategy, trials, minEpochs, factor, jobs, metric, mode } = raw;
      const { space, maxTrialMinutes, retryFailed = false } = raw;
      const plan = Object.entries({
        strategy,
        trials,
        minEpochs,
        factor,
        jobs,
        metric,
        mode,
      }).filter(([, value]) => value !== undefined);
      return actions.search({
        ...runOptions(raw),
        ...{ retryFailed, plan: Object.fromEntries(plan) as Partial<SearchPlan> }, // only those said
        ...(space === undefined ? {} : { spaceFile: space }),
        ...(maxTrialMinutes === undefined ? {} : { maxTrialMinutes }),
      });
    });

  // What `search` calls itself with; the job comes on standard input.
  cli
    .command('search-trial', { hidden: true })
    .description('one trial of a search, asked for on standard input')
    .requiredOption('--config <file>', 'configuration of the search', path)
    .addOption(
      new Option('--model <name>', 'the model').choices([...MODEL_NAMES]).makeOptionMandatory(),
    )
    .requiredOption('--metric <name>', 'score to judge by')
    .addOption(
      new Option('--mode <way>', 'which way it is better')
        .choices(['min', 'max'])
        .makeOptionMandatory(),
    )
    .action(({ config, ...rest }: Omit<SearchTrialOptions, 'configFile'> & { config: string }) =>
      actions.searchTrial({ configFile: config, ...rest }),
    );

  cli
    .command('compare')
    .description(
      'print in what two runs differ: settings, versions, data, metrics, weights, scores',
    )
    .argument('<left>', 'name of a run in runs/, or its folder')
    .argument('<right>', 'another one')
    .option('--json', 'one line of JSON instead of tables')
    .addOption(outOption())
    .addHelpText(
      'after',
      `
Reads config.json, environment.json, metrics.csv, checkpoints and test.json of both. Ends with code 0, whether they differ or not.

Example
  nx run train-all:compare -- first second`,
    )
    .action((left: string, right: string, raw: { readonly json?: true; readonly out: string }) =>
      actions.compare({ runs: [left, right], out: raw.out, json: raw.json ?? false }),
    );
}

type RawSearch = Partial<SearchPlan> & {
  readonly space?: string;
  readonly maxTrialMinutes?: number;
  readonly retryFailed?: true;
};
