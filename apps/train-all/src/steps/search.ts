import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { searchOverview } from '@arctic/plots';
import { writeFileAtomic } from '@arctic/raster';
import {
  childTrialRunner,
  parseSearchSpace,
  search,
  searchCsv,
  searchTable,
  stopOnSignals,
  type Objective,
  type SearchEvent,
  type SearchResult,
  type SearchSpace,
  type SearchStrategy,
  type Settings,
  type SettingValue,
} from '@arctic/trainer-core';
import type { RunOptions } from '../cli.js';
import { resolveConfig, type ModelName, type RunConfig } from '../config.js';
import { readJsonIfThere, writeJson, type RunContext } from '../context.js';
import { ResumableStop, UsageError } from '../errors.js';
import { writePicture } from '../pictures.js';
import { openRun } from '../pipeline.js';
import { ensureData } from './ensure-data.js';

export interface SearchOptions extends RunOptions {
  /** JSON file of the settings to search; learning rate and weight decay where absent. */
  readonly spaceFile?: string;
  /** What is said of the plan; the rest is that of the search that goes on, or the usual. */
  readonly plan: Partial<SearchPlan>;
  readonly maxTrialMinutes?: number;
  readonly retryFailed: boolean;
}

/** How a search goes about it; kept as `search.json`. */
export interface SearchPlan {
  readonly strategy: 'halving' | 'random';
  readonly trials: number;
  /** Epochs of the first stage; a ninth of all where absent. */
  readonly minEpochs?: number;
  readonly factor: number;
  /** Trials at a time; they share the cores, and the number of threads shows in the last digits. */
  readonly jobs: number;
  readonly metric: string;
  /** Which way is better; smaller for losses and errors where absent. */
  readonly mode?: 'min' | 'max';
}

const USUAL_PLAN: SearchPlan = {
  strategy: 'halving',
  trials: 9,
  factor: 3,
  jobs: 1,
  metric: 'val_loss',
};

/** Settings that decide the data, which all trials share, and the number of epochs, which is the budget. */
const NOT_SEARCHED: readonly string[] = [
  'epochs',
  'inputSize',
  'inputSteps',
  'outputSteps',
  'stride',
  'trainEnd',
  'validationEnd',
  'testEnd',
  'climatologyYears',
  'activeYears',
];

/** Scores that are better when they are smaller. */
const SMALLER_IS_BETTER = /loss|error|rmse|mse|mae/i;

/** Searches hyper-parameters of one model into `searches/<name>/`; each trial is a process of its own. */
export async function searchSettings(options: SearchOptions): Promise<void> {
  const { out, resume } = options;
  const name = options.name ?? (resume ? newestSearch(out) : undefined);
  const saved = name === undefined ? undefined : join(out, 'searches', name, 'config.json');
  if (saved !== undefined && existsSync(saved) !== resume)
    throw new UsageError(
      resume
        ? `--name ${name}: expected a search with ${saved}. Received: nothing`
        : `--name ${name}: expected a new name, or --resume to go on with that search. Received: the name of a search in ${join(out, 'searches')}`,
    );
  const context = await openRun(
    {
      ...options,
      ...(name === undefined ? {} : { name }),
      ...(resume && saved !== undefined ? { configFile: saved } : {}),
      resume: false,
    },
    ['train'],
  );
  const { config, say } = context;
  const [model, ...more] = config.models;
  if (model === undefined || more.length > 0)
    throw new UsageError(
      `search: expected one model, such as --model classifier. Received: ${config.models.join(', ')}`,
    );
  const folder = join(out, 'searches', config.name);
  const before = readJsonIfThere(join(folder, 'search.json')) as {
    space?: unknown;
    plan?: SearchPlan;
  } | null; // a file of ours
  const space = chooseSpace(options.spaceFile, before?.space, config, model);
  const plan = { ...USUAL_PLAN, ...before?.plan, ...options.plan };
  const strategy = chooseStrategy(plan, config[model].epochs);
  const objective: Objective = {
    name: plan.metric,
    mode: plan.mode ?? (SMALLER_IS_BETTER.test(plan.metric) ? 'min' : 'max'),
  };
  await ensureData(context);

  const stop = stopOnSignals(process);
  let result: SearchResult | undefined;
  try {
    const events = search({
      ...{ space, strategy, objective, folder, resume, seed: config.seed },
      context: { model, config: { ...config, name: undefined, out: undefined } },
      run: trialRunner(plan.jobs, options.maxTrialMinutes, model, objective, folder),
      concurrency: plan.jobs,
      retryFailed: options.retryFailed,
      signal: stop.signal,
    });
    for await (const event of events) {
      if (event.kind === 'start') {
        // Accepted by the journal: a search that is refused leaves an earlier one as it was.
        await writeJson(join(folder, 'config.json'), config);
        await writeJson(join(folder, 'search.json'), { model, space, plan });
      }
      tell(event, objective, say);
      if (event.kind === 'end') result = event.result;
    }
  } finally {
    stop.dispose();
  }
  if (result === undefined) return;
  if (result.trials.length > 0) await writeResult(folder, model, context, objective, result);
  if (result.reason === 'completed' && result.best === null)
    throw new UsageError(
      `search ${config.name}: expected a trial with ${objective.name}. Received: ${result.trials.length} failed ones, the first: ${result.trials[0]?.error ?? ''}`,
    );
  if (result.reason === 'aborted')
    throw new ResumableStop(
      `Stopped by ${stop.received() ?? 'a signal'}; finished trials are kept, those under way too. Go on with: nx run train-all:search -- --resume --name ${config.name}`,
    );
}

function newestSearch(out: string): string {
  const folder = join(out, 'searches');
  const time = (name: string) => statSync(join(folder, name, 'config.json')).mtimeMs;
  const newest = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => existsSync(join(folder, name, 'config.json')))
    .sort((a, b) => time(b) - time(a))[0];
  if (newest === undefined) throw new UsageError(`${folder}: expected a search. Received: none`);
  return newest;
}

/** The space of the file, of the search that goes on, or the usual one; checked against the configuration. */
function chooseSpace(
  file: string | undefined,
  before: unknown,
  config: RunConfig,
  model: ModelName,
): SearchSpace {
  const { learningRate } = config[model];
  const usual = {
    learningRate: { kind: 'logUniform', low: learningRate / 10, high: learningRate * 10 },
    weightDecay: { kind: 'logUniform', low: 1e-4, high: 0.3 },
  };
  const space = parseSearchSpace(file === undefined ? (before ?? usual) : readSpace(file));
  for (const [name, dimension] of Object.entries(space)) {
    if (NOT_SEARCHED.includes(name))
      throw new UsageError(
        `--space, ${name}: expected settings that leave data and budget alone. Received: ${name}${name === 'epochs' ? '; --epochs is the largest budget' : ''}`,
      );
    const values = dimension.kind === 'choice' ? dimension.values : [dimension.low, dimension.high];
    // Whatever is wrong with a setting is said before the first trial.
    for (const value of values) withSettings(config, model, { [name]: value });
  }
  return space;
}

function readSpace(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new UsageError(
      `--space ${path}: expected a readable JSON file. Received: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

/** The configuration with some settings of a model replaced. @throws UsageError when they are impossible. */
export function withSettings(config: RunConfig, model: ModelName, settings: Settings): RunConfig {
  return resolveConfig(config.name, config.out, config, { [model]: settings });
}

function chooseStrategy(
  { strategy, trials, minEpochs, factor }: SearchPlan,
  epochs: number,
): SearchStrategy {
  return strategy === 'random'
    ? { kind: 'random', trials, budget: epochs }
    : {
        kind: 'halving',
        ...{ trials, factor, maxBudget: epochs },
        minBudget: minEpochs ?? Math.max(1, Math.ceil(epochs / 9)),
      };
}

/** Trials are this program once more, with the threads that are theirs. */
function trialRunner(
  jobs: number,
  maxTrialMinutes: number | undefined,
  model: ModelName,
  { name, mode }: Objective,
  folder: string,
) {
  const threads = String(Math.max(1, Math.floor(availableParallelism() / jobs)));
  const [, main = ''] = process.argv;
  const trial = ['search-trial', '--config', join(folder, 'config.json'), '--model', model];
  mkdirSync(folder, { recursive: true });
  return childTrialRunner({
    command: process.execPath,
    args: [...process.execArgv, main, ...trial, '--metric', name, '--mode', mode],
    env: {
      ...process.env,
      ...(jobs === 1
        ? {}
        : {
            TF_NUM_INTRAOP_THREADS: threads,
            TF_NUM_INTEROP_THREADS: threads,
            OMP_NUM_THREADS: threads,
          }),
    },
    ...(maxTrialMinutes === undefined ? {} : { timeoutSeconds: 60 * maxTrialMinutes }),
    onLog: (number, line) => {
      appendFileSync(join(folder, `trial-${String(number).padStart(3, '0')}.log`), `${line}\n`);
    },
  });
}

function tell(event: SearchEvent, { name }: Objective, say: (line: string) => void): void {
  switch (event.kind) {
    case 'start': {
      const stages = event.rungs.map(({ trials, budget }) => `${trials} to epoch ${budget}`);
      say(`search: ${stages.join(', ')}${event.found > 0 ? `; ${event.found} of them done` : ''}`);
      break;
    }
    case 'trial':
      say(`trial ${event.trial}, to epoch ${event.budget}: ${describe(event.settings)}`);
      break;
    case 'outcome': {
      const { trial, score, budget, seconds, error } = event.record;
      say(
        score === null
          ? `trial ${trial} failed: ${error ?? ''}`
          : `trial ${trial}: ${name} ${Number(score.toPrecision(5))} after epoch ${budget}, ${seconds.toFixed(0)} s`,
      );
      break;
    }
    case 'rung':
      say(`after epoch ${event.budget}, trials that go on: ${event.promoted.join(', ') || 'none'}`);
      break;
    case 'report':
    case 'end':
  }
}

function describe(settings: Settings): string {
  const text = (value: SettingValue) => (typeof value === 'string' ? value : JSON.stringify(value));
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${text(value)}`)
    .join(', ');
}

/** Writes trials.csv, result.json, best.json (a configuration to train with) and the pictures; prints the table. */
async function writeResult(
  folder: string,
  model: ModelName,
  { config, say }: RunContext,
  objective: Objective,
  { reason, best, trials }: SearchResult,
): Promise<void> {
  const { name } = objective;
  await writeJson(join(folder, 'result.json'), { reason, model, objective, best, trials });
  await writeFileAtomic(join(folder, 'trials.csv'), Buffer.from(searchCsv(trials, name)));
  process.stdout.write(`${searchTable(trials, name)}\n`);
  if (best === null) return;
  const svg = searchOverview({
    title: `Search for settings of the ${model}`,
    subtitle: `${trials.length} trials, best ${name} ${Number((best.score ?? NaN).toPrecision(4))}`,
    scoreLabel: name,
    trials: trials.map(({ settings, score, reports }) => ({
      settings,
      score,
      curve: reports.map(({ budget, scores }) => ({ budget, score: scores[name] ?? NaN })),
    })),
  });
  await writePicture(join(folder, 'search.png'), svg);
  await writeFileAtomic(join(folder, 'search.svg'), Buffer.from(svg));
  await writeJson(join(folder, 'best.json'), withSettings(config, model, best.settings));
  say(`picture: ${join(folder, 'search.png')}`);
  say(`train with the best settings: npm start -- --config ${join(folder, 'best.json')}`);
}
