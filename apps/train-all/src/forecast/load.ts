import { dayNumber, isoDate, readCube, type SicCube } from '@arctic/raster';
import {
  DEFAULT_FRACTIONS,
  loadProcessed,
  loadStats,
  timeWindows,
  type DateSplit,
  type Split,
} from '@arctic/preprocess';
import { existsSync } from 'node:fs';
import {
  type ForecastSeries,
  prepareSeries,
  statisticsFromDaily,
  statisticsFromMonthly,
} from '@arctic/inference';
import type { RunConfig } from '../config.js';
import { paths } from '../context.js';
import { UsageError } from '../errors.js';
import { spread } from '../spread.js';

/** The series of a run and the issue days (indices) of each split. */
export interface ForecastData {
  readonly series: ForecastSeries;
  readonly train: readonly number[];
  readonly validation: readonly number[];
  /** The test series: the same one, or for generated data further years from another weather seed. */
  readonly testSeries: ForecastSeries;
  readonly test: readonly number[];
  /** First and last training day, since 1970-01-01. */
  readonly trainingPeriod: readonly [number, number];
}

/** Reads the series of a run, splits it by date and fits climatology and damping on the training days. */
export async function loadForecastData(config: RunConfig): Promise<ForecastData> {
  const where = paths(config);
  if (!existsSync(where.series))
    throw new UsageError(
      `${where.series}: expected a concentration series. Received: nothing. Make it first: nx run train-all:data`,
    );
  const { from, to } = await loadStats(where.processed, 'convlstm');
  const period = [dayNumber(from), dayNumber(to)] as const;
  const cube = await readCube(where.series);
  return config.source === 'synthetic'
    ? loadGenerated(config, cube, period)
    : loadReal(config, cube, period);
}

/** How the days of a series are split. */
export function dateSplit({
  convlstm: { trainEnd, validationEnd, testEnd },
}: RunConfig): DateSplit {
  if (trainEnd === undefined || validationEnd === undefined)
    return { kind: 'fractions', ...DEFAULT_FRACTIONS };
  return {
    kind: 'dates',
    trainEnd,
    valEnd: validationEnd,
    ...(testEnd === undefined ? {} : { testEnd }),
  };
}

async function issueDays(config: RunConfig, split: Split): Promise<number[]> {
  const { starts, info } = await loadProcessed(paths(config).processed, 'convlstm', split);
  return Array.from(starts, (start) => start + info.inputSteps - 1);
}

/** The test is further years of the same sea from another weather seed. */
async function loadGenerated(
  config: RunConfig,
  cube: SicCube,
  period: readonly [number, number],
): Promise<ForecastData> {
  const { inputSteps, outputSteps } = config.convlstm;
  const [from, to] = period;
  const normal = statisticsFromDaily(cube, from, to);
  const series = prepareSeries(cube, normal, { from, to, leads: outputSteps });
  const testCube = await readCube(paths(config).seriesTest);
  const starts = timeWindows({ days: testCube.days, inputSteps, outputSteps });
  const trainCount = Math.round((config.samples * 70) / 85);
  return {
    series,
    train: spread(await issueDays(config, 'train'), trainCount),
    validation: spread(await issueDays(config, 'val'), config.samples - trainCount),
    testSeries: prepareSeries(testCube, normal, series.damping),
    test: spread(
      Array.from(starts, (start) => start + inputSteps - 1),
      config.testSamples,
    ),
    trainingPeriod: period,
  };
}

async function loadReal(
  config: RunConfig,
  cube: SicCube,
  period: readonly [number, number],
): Promise<ForecastData> {
  const [from, to] = period;
  const series = prepareSeries(cube, await realStatistics(config, cube, from, to), {
    from,
    to,
    leads: config.convlstm.outputSteps,
  });
  return {
    series,
    train: await issueDays(config, 'train'),
    validation: await issueDays(config, 'val'),
    testSeries: series,
    test: await issueDays(config, 'test'),
    trainingPeriod: period,
  };
}

async function realStatistics(config: RunConfig, cube: SicCube, from: number, to: number) {
  if (config.climatology === undefined) return statisticsFromDaily(cube, from, to);
  const monthly = await readCube(paths(config).monthly);
  const { climatologyYears, activeYears } = config.convlstm;
  if (dayNumber(`${climatologyYears[1]}-12-31`) > to) {
    throw new UsageError(
      `convlstm.climatologyYears: expected years that end before the last training day, ${isoDate(to)}. Received: ${climatologyYears.join(' to ')}`,
    );
  }
  return statisticsFromMonthly(cube, monthly, { climatologyYears, activeYears });
}
