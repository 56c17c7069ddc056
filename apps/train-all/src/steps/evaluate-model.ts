import { type Normalisation, metaField, modelKind, openModelFolder } from '@arctic/inference';
import { originOf } from '../imagery/origin.js';
import { join } from 'node:path';
import { fromPretrained as openClassifier } from '@arctic/model-classifier';
import { fromPretrained as openConvLstm } from '@arctic/model-convlstm';
import { fromPretrained as openSiamese } from '@arctic/model-siamese';
import { timeWindows } from '@arctic/preprocess';
import { dayNumber, isoDate } from '@arctic/raster';
import { loadBackend, type BackendReport } from '@arctic/runtime';
import type { EvaluateOptions } from '../cli.js';
import type { ModelName } from '../config.js';
import { versions } from '../context.js';
import { expectPath, UsageError } from '../errors.js';
import { evaluateForecaster } from '../forecast/evaluate.js';
import { openExternalSeries, type ModelYears } from '../forecast/external.js';
import { evaluateClassifier, type ClassifierBaselines } from '../imagery/evaluate-classifier.js';
import { evaluateSiamese, type ChangeThresholds } from '../imagery/evaluate-siamese.js';
import { writeReport } from '../pipeline.js';
import { progressLine } from '../progress.js';
import { summarySchema, type ChangeScores, type ClassificationScores } from '../summary.js';
import { describeTest, drawForecasts } from '../tasks/run-convlstm.js';
import { drawClassifier } from '../tasks/run-classifier.js';
import { drawPairs } from '../tasks/run-siamese.js';
import type { Figure } from '../tasks/runner.js';
import { readLabelledPairs, readLabelledScenes } from './dataset.js';
import { resultName } from './result-name.js';

const SEED = 0;

interface Evaluated {
  readonly summary: Record<string, unknown>;
  readonly figures: readonly Figure[];
  readonly headline: string;
}

/** Scores a trained model on data that it never saw, beside its baselines: the same report as that of a run. */
export async function evaluateModel(options: EvaluateOptions): Promise<void> {
  const kind = modelKind(options.model);
  expectPath('--input', options.input);
  if (options.climatology !== undefined) expectPath('--climatology', options.climatology);
  const backend = await loadBackend({
    autoInstall: true,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  const name = options.name ?? resultName('evaluate', options.model, options.input);
  const folder = join(options.out, 'runs', name);
  const { summary, figures, headline } = await EVALUATORS[kind](options, join(folder, kind));
  await writeReport(
    folder,
    summarySchema.parse({
      schema: 1,
      name,
      createdAt: new Date().toISOString(),
      seed: SEED,
      source: options.source ?? 'files',
      backend: backendWithoutPaths(backend),
      versions: versions(),
      models: { [kind]: { ...summary, seconds: null, peakMemoryMb: null } },
    }),
    { [kind]: figures.map((figure) => ({ ...figure, path: join(kind, figure.path) })) },
  );
  process.stdout.write(`${headline}\nreport: ${join(folder, 'report.html')}\n`);
}

function backendWithoutPaths({
  backend,
  kind,
  device,
  tensorflowVersion = '',
  tfjsVersion,
}: BackendReport) {
  return { backend, kind, device, tensorflowVersion, tfjsVersion };
}

const EVALUATORS: Readonly<
  Record<ModelName, (options: EvaluateOptions, folder: string) => Promise<Evaluated>>
> = {
  async classifier({ model: path, input }, folder) {
    const model = await openModelFolder(openClassifier, path);
    const { classes, inputSize } = model.config;
    const data = await readLabelledScenes(input, classes, inputSize);
    const normalisation = metaField<Normalisation>(model.meta, 'normalisation', path);
    const evaluation = await evaluateClassifier(
      model,
      data,
      normalisation,
      metaField<ClassifierBaselines>(model.meta, 'baselines', path),
      SEED,
    );
    const figures = await drawClassifier(folder, classes, data, evaluation, 'scenes');
    const row = (s: ClassificationScores) => s.accuracy.toFixed(4);
    return {
      summary: {
        synthetic: originOf(input).synthetic,
        test: evaluation.test,
        baselines: evaluation.baselines,
        parameters: model.store.count(),
      },
      figures,
      headline: list(
        'accuracy',
        row(evaluation.test),
        Object.entries(evaluation.baselines).map(([name, s]) => [name, row(s)]),
      ),
    };
  },

  async siamese({ model: path, input }, folder) {
    const model = await openModelFolder(openSiamese, path);
    const size = metaField<number>(model.meta, 'inputSize', path);
    const data = await readLabelledPairs(input, size);
    const normalisation = metaField<Normalisation>(model.meta, 'normalisation', path);
    const thresholds = metaField<ChangeThresholds>(model.meta, 'thresholds', path);
    const { test, baselines } = await evaluateSiamese(
      model,
      data,
      normalisation,
      thresholds,
      SEED,
      progressLine('pairs', data.n),
    );
    const figures = await drawPairs(
      folder,
      model,
      data,
      normalisation,
      thresholds.model,
      `${data.n} pairs`,
    );
    const row = (s: ChangeScores) => s.f1.toFixed(4);
    return {
      summary: {
        synthetic: originOf(input).synthetic,
        threshold: thresholds.model,
        test,
        baselines,
        parameters: model.store.count(),
      },
      figures,
      headline: list(
        'F1',
        row(test),
        Object.entries(baselines).map(([name, s]) => [name, row(s)]),
      ),
    };
  },

  async convlstm(options, folder) {
    const { model: path, from, to, input } = options;
    const model = await openModelFolder(openConvLstm, path);
    const { inputSteps, outputSteps } = model.config;
    const years: ModelYears = {
      climatologyYears: metaField(model.meta, 'climatologyYears', path),
      activeYears: metaField(model.meta, 'activeYears', path),
      meanDamping: metaField(model.meta, 'meanDamping', path),
    };
    const { series, notes } = await openExternalSeries(options, years, outputSteps);
    const window = {
      days: series.days,
      inputSteps,
      outputSteps,
      from: from === undefined ? -Infinity : dayNumber(from),
      to: to === undefined ? Infinity : dayNumber(to),
    };
    const issues = Array.from(timeWindows(window), (start) => start + inputSteps - 1);
    if (issues.length === 0) {
      throw new UsageError(
        `${input}: expected at least ${inputSteps + outputSteps} consecutive days from ${from ?? 'the start'} to ${to ?? 'the end'}. Received: a series from ${isoDate(series.days[0] ?? 0)} to ${isoDate(series.days.at(-1) ?? 0)}`,
      );
    }
    const evaluation = await evaluateForecaster(
      model,
      series,
      issues,
      SEED,
      progressLine('issue dates', issues.length),
    );
    const figures = await drawForecasts(folder, model, series, issues, evaluation);
    const row = (s: { leads: readonly { rmse: number }[] }) =>
      s.leads.map(({ rmse }) => rmse.toFixed(4)).join(' ');
    return {
      summary: {
        synthetic: series.synthetic,
        ...evaluation,
        notes: [describeTest(series, issues), ...notes],
        parameters: model.store.count(),
      },
      figures,
      headline: list(
        'RMSE by lead',
        row(evaluation.test),
        Object.entries(evaluation.baselines).map(([name, s]) => [name, row(s)]),
      ),
    };
  },
};

function list(
  score: string,
  model: string,
  baselines: readonly (readonly [string, string])[],
): string {
  const width = Math.max(...baselines.map(([name]) => name.length), 5);
  return [
    `${score}`,
    `  ${'model'.padEnd(width)}  ${model}`,
    ...baselines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
  ].join('\n');
}
