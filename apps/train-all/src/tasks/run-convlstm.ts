import { join } from 'node:path';
import { climatologyOn, dampedAnomalyPersistence } from '@arctic/metrics';
import { createConvLstm, type ConvLstm } from '@arctic/model-convlstm';
import { forecastPanel, leadCurves } from '@arctic/plots';
import { isoDate } from '@arctic/raster';
import {
  FUTURE_CHANNELS,
  PAST_CHANNELS,
  createForecaster,
  createIntervalFit,
  forecastOn,
  observation,
  saveInterval,
  saveReference,
  type ForecastInterval,
  type ForecastSeries,
} from '@arctic/inference';
import type { RunConfig } from '../config.js';
import { paths } from '../context.js';
import type * as feeding from '../feeding/convlstm-worker.js';
import { openFeeder } from '../feeding/open-feeder.js';
import { evaluateForecaster, type ForecastEvaluation } from '../forecast/evaluate.js';
import { loadForecastData } from '../forecast/load.js';
import { writeModelCard } from '../model-card.js';
import { writePicture } from '../pictures.js';
import { progressLine } from '../progress.js';
import { spread } from '../spread.js';
import type { ConvlstmSummary } from '../summary.js';
import { loadBest } from '../train-model.js';
import { convlstmTask, leadWeightsOf } from './convlstm.js';
import type { Figure, Scores, TaskRunner } from './runner.js';

/** Issue days of the validation split that the interval is fitted on. */
const INTERVAL_DAYS = 40;

/** Issue days drawn in the report. */
const PANELS = 2;

function create({ convlstm, seed }: RunConfig): ConvLstm {
  const { inputSteps, outputSteps, hiddenChannels, patchSize, headChannels } = convlstm;
  return createConvLstm(
    {
      inputSteps,
      outputSteps,
      hiddenChannels,
      patchSize,
      headChannels,
      inputChannels: PAST_CHANNELS.length,
      futureChannels: FUTURE_CHANNELS.length,
    },
    { seed },
  );
}

export const convlstmRunner: TaskRunner<Scores<ConvlstmSummary>> = {
  async open({ config }) {
    const { series, train, validation } = await loadForecastData(config);
    const { cropSize, samplesPerEpoch, batchSize, workers } = config.convlstm;
    const { inputSteps, outputSteps } = config.convlstm;
    const { sic, observed, days, height, width, active, climatology, damping } = series;
    const leadWeights = leadWeightsOf(series, train, { inputSteps, outputSteps });
    const feeder = openFeeder<typeof feeding>('convlstm-worker.ts', workers, {
      series: { sic, observed, days, height, width, active, climatology, damping },
      issues: train,
      ...{ cropSize, leadWeights, inputSteps, outputSteps },
    });
    // After the threads were started: they load meanwhile.
    const model = create(config);
    const task = convlstmTask(model, feeder, series, { train, validation }, leadWeights);
    return {
      task,
      ...(samplesPerEpoch === 0 ? {} : { stepsPerEpoch: Math.ceil(samplesPerEpoch / batchSize) }),
      curves: {
        title: 'Concentration forecaster',
        lossLabel: 'MSE ÷ MSE of damped anomaly persistence',
      },
      async dispose() {
        await feeder.close();
        model.dispose();
      },
    };
  },

  async evaluate({ config }) {
    const { model: folderOf, run } = paths(config);
    const folder = folderOf('convlstm');
    const { testSeries, test } = await loadForecastData(config);
    const model = create(config);
    await loadBest(model.store.parameters, folder);
    const evaluation = await evaluateForecaster(
      model,
      testSeries,
      test,
      config.seed,
      progressLine('forecaster: test', test.length),
    );
    const figures = await drawForecasts(folder, model, testSeries, test, evaluation);
    const parameters = model.store.count();
    model.dispose();
    return {
      scores: {
        synthetic: testSeries.synthetic,
        ...evaluation,
        notes: [describeTest(testSeries, test)],
        parameters,
      },
      figures: [
        { path: 'curves.png', caption: 'Training: losses and learning rate' },
        ...figures,
      ].map(({ path, caption }) => ({
        path: join(folder, path).slice(run.length + 1),
        caption,
      })),
    };
  },

  async release({ config }, scores) {
    const { released, model: folderOf } = paths(config);
    const { series, trainingPeriod, validation } = await loadForecastData(config);
    const model = create(config);
    await loadBest(model.store.parameters, folderOf('convlstm'));
    const period = trainingPeriod.map(isoDate);
    await model.save({
      folder: released('convlstm'),
      meta: {
        pastChannels: PAST_CHANNELS,
        futureChannels: FUTURE_CHANNELS,
        units: '1',
        grid: series.grid,
        meanDamping: series.damping.domainMean,
        climatologyYears: config.convlstm.climatologyYears,
        activeYears: config.convlstm.activeYears,
        training: { source: series.source, run: config.name, seed: config.seed, period },
      },
    });
    await saveReference(released('convlstm'), series);
    await saveInterval(released('convlstm'), await fitInterval(model, series, validation));
    const skill = Object.entries(scores.skill).map(
      ([name, leads]) =>
        [
          `RMSE skill against ${name}, day 1 … ${leads.length}`,
          leads.map((l) => `${(100 * l.skill).toFixed(1)} %`).join(', '),
        ] as const,
    );
    await writeModelCard(released('convlstm'), {
      title: 'Concentration forecaster',
      what: `Forecasts daily sea-ice concentration ${config.convlstm.outputSteps} days ahead from the last ${config.convlstm.inputSteps}.`,
      input: `past [B,T,H,W,${PAST_CHANNELS.length}] (${PAST_CHANNELS.join(', ')}), future [B,L,H,W,${FUTURE_CHANNELS.length}] (${FUTURE_CHANNELS.join(', ')}), reference [B,L,H,W]: damped anomaly persistence. Any grid.`,
      output: 'concentration 0..1 [B,L,H,W].',
      training: `${series.source}, ${period.join(' to ')}, ${series.grid.name}.`,
      scores: [
        ['RMSE, day 1 …', scores.test.leads.map((l) => l.rmse.toFixed(4)).join(', ')],
        ...skill,
      ],
      limits: scores.synthetic
        ? 'Trained on a generated series: it has not learned real ice.'
        : 'Skill holds for the season and region tested; see the report of the run.',
    });
    model.dispose();
  },
};

/** How far observations lay from forecasts on days of the validation split, evenly spread. */
async function fitInterval(
  model: ConvLstm,
  series: ForecastSeries,
  validation: readonly number[],
): Promise<ForecastInterval> {
  const days = spread(validation, INTERVAL_DAYS);
  const leads = model.config.outputSteps;
  const cells = series.height * series.width;
  const forecaster = createForecaster(model, series);
  const fit = createIntervalFit(leads);
  for (const issue of days) {
    const forecast = await forecaster(issue);
    for (let lead = 1; lead <= leads; lead++) {
      const field = forecast.subarray((lead - 1) * cells, lead * cells);
      fit.add(lead, field, observation(series, issue + lead), series.active);
    }
  }
  return fit.result(
    `errors of ${days.length} forecasts of the validation split, by lead and forecast concentration, whatever the season`,
  );
}

/** Which days were tested, in a sentence. */
export function describeTest(series: ForecastSeries, issues: readonly number[]): string {
  const date = (index: number | undefined) => isoDate(series.days[index ?? 0] ?? 0);
  const active = series.active.reduce((a, b) => a + b, 0);
  return `${issues.length} issue dates from ${date(issues[0])} to ${date(issues.at(-1))}, ${active.toLocaleString('en')} active cells of ${series.grid.name}.`;
}

/** RMSE by lead and maps of a few issue days, as PNG in a folder. */
export async function drawForecasts(
  folder: string,
  model: ConvLstm,
  series: ForecastSeries,
  issues: readonly number[],
  { test, baselines }: ForecastEvaluation,
): Promise<Figure[]> {
  const footer = series.synthetic ? 'synthetic data' : series.source;
  const values = (s: { leads: readonly { rmse: number }[] }) => s.leads.map(({ rmse }) => rmse);
  await writePicture(
    join(folder, 'rmse.png'),
    leadCurves({
      title: 'Forecast error by lead',
      ylabel: 'RMSE, concentration',
      series: [
        { name: 'model', values: values(test) },
        ...Object.entries(baselines).map(([name, s]) => ({
          name: name.replace(/([A-Z])/g, ' $1').toLowerCase(),
          values: values(s),
        })),
      ],
      footer,
    }),
  );
  const figures: Figure[] = [
    { path: 'rmse.png', caption: 'RMSE by lead: the model and the reference forecasts' },
  ];
  for (const issue of spread(issues, PANELS)) {
    const date = isoDate(series.days[issue] as number); // an index of the series
    const path = `forecast-${date}.png`;
    await writePicture(
      join(folder, path),
      drawForecast(series, issue, await forecastOn(model, series, issue), footer),
    );
    figures.push({
      path,
      caption: `Forecast issued ${date}: last input, truth, forecast, reference (damped anomaly persistence), error`,
    });
  }
  return figures;
}

/** One issue day: last input, truth, forecast, reference, error. @param forecast [L,N] */
export function drawForecast(
  series: ForecastSeries,
  issue: number,
  forecast: Float32Array,
  footer: string,
): string {
  const { height, width, active, climatology, damping } = series;
  const cells = height * width;
  const leads = forecast.length / cells;
  const masked = (field: Float32Array) => field.map((v, i) => (active[i % cells] ? v : NaN));
  const truth = new Float32Array(leads * cells).fill(NaN);
  const reference = new Float32Array(leads * cells);
  const day = series.days[issue] as number; // an index of the series
  const newest = series.sic.slice(issue * cells, (issue + 1) * cells);
  const climatologyNow = climatologyOn(climatology, day);
  for (let lead = 1; lead <= leads; lead++) {
    const at = (lead - 1) * cells;
    if (issue + lead < series.days.length) truth.set(observation(series, issue + lead), at);
    const alpha = damping.alpha.subarray(at, at + cells);
    reference.set(
      dampedAnomalyPersistence({
        newest,
        climatologyNow,
        climatologyThen: climatologyOn(climatology, day + lead),
        alpha,
      }),
      at,
    );
  }
  return forecastPanel({
    title: 'Sea-ice concentration',
    issueDate: isoDate(day),
    lastInput: newest,
    truth,
    forecast: masked(forecast),
    reference: masked(reference),
    referenceName: 'damped anomaly',
    mask: newest.map((v) => (Number.isNaN(v) ? 0 : 1)),
    width,
    height,
    footer,
  });
}
