import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '@arctic/raster';
import { loadBackend } from '@arctic/runtime';
import type { RunOptions } from './cli.js';
import {
  expectSameRun,
  readConfigFile,
  resolveConfig,
  type ConfigOverrides,
  type ModelName,
  type RunConfig,
} from './config.js';
import {
  describeBackend,
  keepsResults,
  paths,
  readJsonIfThere,
  versions,
  writeJson,
  type RunContext,
} from './context.js';
import { writeEnvironment } from './environment.js';
import { joinJob } from './distributed.js';
import { expectPath, UsageError } from './errors.js';
import { estimate } from './estimate.js';
import { renderHtml } from './report/render-html.js';
import { renderMarkdown } from './report/render-markdown.js';
import { describeRun, type Figures } from './report/sections.js';
import { makeData } from './steps/data.js';
import { preprocess } from './steps/preprocess.js';
import { expectSameProcessed, rememberProcessed } from './steps/processed.js';
import { summarySchema, type Summary } from './summary.js';
import { TRAINED_FILE, trainModel } from './train-model.js';
import { classifierRunner } from './tasks/run-classifier.js';
import { convlstmRunner } from './tasks/run-convlstm.js';
import { siameseRunner } from './tasks/run-siamese.js';
import { withTask, type Figure, type TaskRunner } from './tasks/runner.js';

type Entry = { readonly parameters: number };
/** Each runner gets back the scores that it made itself, read from its own file. */
export const RUNNERS = {
  classifier: classifierRunner,
  convlstm: convlstmRunner,
  siamese: siameseRunner,
} as unknown as Readonly<Record<ModelName, TaskRunner<Entry>>>;

/** What training cost, kept beside the checkpoints: its presence says that the training is done. */
interface TrainedRecord {
  readonly seconds: number;
  readonly peakMemoryMb: number;
  readonly settings: unknown;
}

export type StepName = 'data' | 'preprocess' | 'train' | 'evaluate' | 'export';

/** Config, backend and folders of a run, new or continued. */
export async function openRun(
  options: RunOptions,
  steps: readonly StepName[],
): Promise<RunContext> {
  const communicator = joinJob();
  const say = (line: string) => {
    if (communicator.rank === 0) process.stderr.write(`${line}\n`);
  };
  const wanted = chooseConfig(options, steps);
  const backend = await loadBackend({ autoInstall: true, onProgress: say });
  const where =
    backend.reason === undefined
      ? ''
      : `\n  Not native: ${backend.reason}\n  Mend it with: ${backend.remedy ?? 'npm run runtime'}`;
  say(`backend: ${backend.backend}, ${backend.device}${where}`);
  const config = fitToBackend(wanted, backend.kind === 'js', say);
  const { resume, fastDevRun, maxMinutes } = options;
  const limits = {
    fastDevRun,
    ...(maxMinutes === undefined ? {} : { until: performance.now() + 60_000 * maxMinutes }),
  };
  if (communicator.size > 1) say(`${communicator.size} processes train together`);
  return { config, resume, limits, communicator, backend, say };
}

/**
 * A whole run starts from the options alone. A resumed one, and a single step of a run that is named and there already,
 * starts from the run's saved configuration, which the options override.
 */
function chooseConfig(options: RunOptions, steps: readonly StepName[]): RunConfig {
  const { out, configFile, overrides, resume } = options;
  const needsRun =
    resume || (steps.length === 1 && (steps[0] === 'evaluate' || steps[0] === 'export'));
  const stamp = new Date().toISOString().slice(0, 16).replace('T', '-').replace(':', '');
  const name = options.name ?? (needsRun ? newestRun(out) : stamp);
  const path = join(out, 'runs', name, 'config.json');
  const saved = (
    needsRun || (steps.length === 1 && options.name !== undefined) ? readJsonIfThere(path) : null
  ) as ConfigOverrides | null; // resolveConfig checks it
  if (needsRun && saved === null) {
    throw new UsageError(
      `--name ${name}: expected a run with ${path}. Received: nothing. Runs there: ${runNames(out).join(', ') || 'none'}`,
    );
  }
  const base = configFile === undefined ? saved : readConfigFile(configFile);
  const wanted = resolveConfig(name, out, base ?? {}, overrides);
  if (needsRun && saved !== null) expectSameRun(saved, wanted);
  if (overrides.input !== undefined) expectPath('--input', overrides.input);
  if (overrides.climatology !== undefined) expectPath('--climatology', overrides.climatology);
  return wanted;
}

function runNames(out: string): string[] {
  const folder = join(out, 'runs');
  return existsSync(folder)
    ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'config.json')))
    : [];
}

function newestRun(out: string): string {
  const time = (name: string) => statSync(join(out, 'runs', name, 'config.json')).mtimeMs;
  const newest = runNames(out).sort((a, b) => time(b) - time(a))[0];
  if (newest === undefined)
    throw new UsageError(`${join(out, 'runs')}: expected a run. Received: none`);
  return newest;
}

/** Without a native backend only the smoke profile ends within a day. */
function fitToBackend(config: RunConfig, pureJs: boolean, say: (line: string) => void): RunConfig {
  if (!pureJs || config.profile === 'smoke') return config;
  say(
    `The ${config.profile} profile takes days without native TensorFlow: going on with the smoke profile.`,
  );
  const { name, out, seed, models, source, input, climatology } = config;
  const { from, to, region, hemisphere, fillDays, fillPoleHole, labels, patchSize } = config;
  const { trainEnd, validationEnd, testEnd } = config.convlstm;
  return resolveConfig(
    name,
    out,
    {},
    {
      profile: 'smoke',
      ...{ seed, models, source, input, climatology },
      ...{ from, to, region, hemisphere, fillDays, fillPoleHole, labels, patchSize },
      convlstm: { trainEnd, validationEnd, testEnd },
    },
  );
}

/** Does some of the steps in order; `run` does all of them. */
export async function runSteps(options: RunOptions, steps: readonly StepName[]): Promise<void> {
  const context = await openRun(options, steps);
  const { config, communicator } = context;
  if (steps.length > 1 && communicator.rank === 0) context.say(await estimate(config));
  for (const step of steps) {
    // Training is shared; every other step is the first process's work.
    if (step === 'train' || communicator.rank === 0) await STEPS[step](context);
    communicator.barrier();
    if (communicator.rank > 0) continue;
    // Kept once the data are there (training keeps it too): a run that fails on its input leaves an earlier one of its name as it was.
    if (step === 'data' || (step === 'preprocess' && steps.length === 1))
      await writeJson(join(paths(config).run, 'config.json'), config);
  }
}

const STEPS: Readonly<Record<StepName, (context: RunContext) => Promise<void>>> = {
  data: makeData,
  preprocess,
  train,
  evaluate,
  export: release,
};

async function train(context: RunContext): Promise<void> {
  const { config, resume, say } = context;
  const keeps = keepsResults(context);
  let noted = false;
  for (const model of config.models) {
    const record = join(paths(config).model(model), TRAINED_FILE);
    const settings = config[model];
    const done = readJsonIfThere(record) as TrainedRecord | null; // a file of ours
    if (resume && done && JSON.stringify(done.settings) === JSON.stringify(settings)) {
      say(`${model}: already trained`);
      continue;
    }
    say(`${model}: training`);
    if (keeps) {
      if (!noted) await writeEnvironment(context);
      noted = true;
      await writeJson(join(paths(config).model(model), 'config.json'), settings);
      await rememberProcessed(config, model);
    }
    const { seconds, peakMemoryMb } = await withTask(RUNNERS[model], context, (open) =>
      trainModel(model, open, context),
    );
    if (keeps) await writeJson(record, { seconds, peakMemoryMb, settings } satisfies TrainedRecord);
    if (context.limits.fastDevRun)
      say(`${model}: one step of training and validation went well; nothing was written`);
  }
}

async function evaluate(context: RunContext): Promise<void> {
  const { config, backend, say } = context;
  const { run, model: folderOf } = paths(config);
  const models: Record<string, unknown> = {};
  const figures: Record<string, readonly Figure[]> = {};
  for (const model of config.models) {
    expectSameProcessed(config, model);
    const result = await RUNNERS[model].evaluate(context);
    await writeJson(join(folderOf(model), 'test.json'), result.scores);
    const cost = readJsonIfThere(join(folderOf(model), TRAINED_FILE)) as TrainedRecord | null; // a file of ours
    models[model] = {
      ...result.scores,
      seconds: cost?.seconds ?? null,
      peakMemoryMb: cost?.peakMemoryMb ?? null,
    };
    figures[model] = result.figures;
  }
  const summary: Summary = summarySchema.parse({
    schema: 1,
    name: config.name,
    createdAt: new Date().toISOString(),
    seed: config.seed,
    source: config.source,
    backend: describeBackend(backend),
    versions: versions(),
    models,
  });
  await writeReport(run, summary, figures);
  say(`report: ${join(run, 'report.html')}`);
  say(headlines(summary));
}

/** Writes summary.json, report.md and report.html of a run. */
export async function writeReport(
  folder: string,
  summary: Summary,
  figures: Figures,
): Promise<void> {
  const report = describeRun(summary, figures);
  await writeJson(join(folder, 'summary.json'), summary);
  await writeFileAtomic(join(folder, 'report.md'), Buffer.from(renderMarkdown(report)));
  await writeFileAtomic(join(folder, 'report.html'), Buffer.from(renderHtml(report, folder)));
}

function headlines({ models: { classifier, convlstm, siamese } }: Summary): string {
  const lines: string[] = [];
  if (classifier) {
    const best = Object.entries(classifier.baselines).map(
      ([name, s]) => `${name} ${s.accuracy.toFixed(3)}`,
    );
    lines.push(`classifier: accuracy ${classifier.test.accuracy.toFixed(3)} (${best.join(', ')})`);
  }
  if (convlstm) {
    const row = (s: { leads: readonly { rmse: number }[] }) =>
      s.leads.map(({ rmse }) => rmse.toFixed(4)).join(' ');
    lines.push(
      `convlstm: RMSE ${row(convlstm.test)}`,
      ...Object.entries(convlstm.baselines).map(([name, s]) => `  ${name}: ${row(s)}`),
    );
  }
  if (siamese) {
    const others = Object.entries(siamese.baselines).map(
      ([name, s]) => `${name} ${s.f1.toFixed(3)}`,
    );
    lines.push(`siamese: F1 ${siamese.test.f1.toFixed(3)} (${others.join(', ')})`);
  }
  return lines.join('\n');
}

async function release(context: RunContext): Promise<void> {
  const { config, say } = context;
  for (const model of config.models) {
    const path = join(paths(config).model(model), 'test.json');
    if (!existsSync(path))
      throw new UsageError(
        `${path}: expected the scores of ${model}. Received: nothing. Evaluate it first: nx run train-all:evaluate`,
      );
    expectSameProcessed(config, model);
    await RUNNERS[model].release(context, JSON.parse(readFileSync(path, 'utf8')) as Entry); // written by evaluate
    say(`model: ${paths(config).released(model)}`);
  }
}
