import { openSource, type OpenSourceOptions } from '@arctic/data-real';
import { dayNumber, isoDate, readCube, type SicCube } from '@arctic/raster';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ForecastSeries,
  loadReference,
  prepareSeries,
  statisticsFromMonthly,
  uniformDamping,
} from '@arctic/inference';
import { isSeriesSource, SERIES_SOURCES } from '../config.js';
import { UsageError } from '../errors.js';

/** Data that a forecaster never saw, and how to judge it there. */
export interface ExternalOptions {
  readonly model: string;
  readonly input: string;
  readonly source?: string;
  readonly climatology?: string;
  readonly hemisphere?: 'north' | 'south';
  /** First day that is judged; damping is fitted before it, where it is not the model's own grid. */
  readonly from?: string;
  readonly to?: string;
}

/** Years of the monthly record that a model was trained with. */
export interface ModelYears {
  readonly climatologyYears: readonly [number, number];
  readonly activeYears: readonly [number, number];
  readonly meanDamping: readonly number[];
}

/** Least days before `from` that damping is fitted on; fewer say too little. */
const LEAST_DAMPING_DAYS = 180;

/**
 * A series of any grid ready for a trained forecaster.
 *
 * Climatology and active cells come from `--climatology`, else from the model folder where it is of this grid.
 * Damping comes from the model folder where it is of this grid, else from the days before `from`, else the mean
 * damping of the model's training domain stands in; `notes` says which.
 */
export async function openExternalSeries(
  options: ExternalOptions,
  years: ModelYears,
  leads: number,
): Promise<{ series: ForecastSeries; notes: string[] }> {
  const cube = await openDaily(options);
  const saved = await loadReference(options.model);
  const own =
    saved !== null && saved.height === cube.height && saved.width === cube.width ? saved : null;
  const notes: string[] = [];
  const monthly =
    options.climatology === undefined ? null : await openMonthly(options.climatology, cube);
  if (monthly === null && own === null) {
    throw new UsageError(
      `--climatology: expected a monthly record of ${cube.grid.name}, which the model was not trained on. Received: none`,
    );
  }
  const normal =
    monthly === null
      ? (own as NonNullable<typeof own>)
      : statisticsFromMonthly(cube, monthly, years); // one of the two is there
  if (monthly === null) notes.push('Climatology and active cells are those of the model folder.');
  const first = cube.days[0] as number; // a cube has a day
  const start = options.from === undefined ? first : dayNumber(options.from);
  if (own !== null) {
    notes.push('Damping of anomalies is that of the training period.');
    return { series: prepareSeries(cube, normal, own.damping), notes };
  }
  if (start - first >= LEAST_DAMPING_DAYS) {
    notes.push(`Damping of anomalies was fitted on the days before ${isoDate(start)}.`);
    return { series: prepareSeries(cube, normal, { leads, from: first, to: start - 1 }), notes };
  }
  notes.push(
    'Damping of anomalies is the mean of the training domain: another grid, and fewer than 180 days before the first one judged.',
  );
  return {
    series: prepareSeries(cube, normal, uniformDamping(years.meanDamping, normal.climatology)),
    notes,
  };
}

async function openDaily({ source, input, hemisphere }: ExternalOptions): Promise<SicCube> {
  if (isStore(input)) return readCube(input);
  return openSource({
    source: realSource(source),
    input,
    kind: 'daily',
    ...(hemisphere === undefined ? {} : { hemisphere }),
  });
}

async function openMonthly(path: string, daily: SicCube): Promise<SicCube> {
  if (isStore(path)) return readCube(path);
  return openSource({
    source: 'nsidc-0051',
    input: path,
    kind: 'monthly',
    hemisphere: daily.attrs['hemisphere'] === 'south' ? 'south' : 'north',
  });
}

/** A Zarr store made by an earlier run. */
function isStore(path: string): boolean {
  return existsSync(join(path, 'zarr.json')) || existsSync(join(path, '.zgroup'));
}

function realSource(source: string | undefined): OpenSourceOptions['source'] {
  if (source !== undefined && isSeriesSource(source)) return source;
  throw new UsageError(
    `--source: expected one of ${SERIES_SOURCES.join(', ')} for files, or a Zarr store as --input. Received: ${source ?? 'none'}`,
  );
}
