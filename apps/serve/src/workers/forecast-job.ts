import { referenceForecasts } from '@arctic/metrics';
import { applyInterval, forecastOn, loadInterval } from '@arctic/inference';
import type { ConvLstm } from '@arctic/model-convlstm';
import { isoDate, writeZarr, type GridVariable } from '@arctic/raster';
import type { StoredForecast } from '../archive/archive.js';
import type { InferenceJob } from './jobs.js';
import { expectHistory, readDays } from './read-days.js';
import { indexOf, seriesFor } from './reference-of.js';

type ForecastJob = Extract<InferenceJob, { kind: 'forecast' }>;

/** Days before the history that gaps are filled from. */
const FILL_DAYS = 7;

/** Makes the forecast of a day and writes it, with what it is compared to, as one Zarr store. */
export async function forecastJob(model: ConvLstm, job: ForecastJob): Promise<StoredForecast> {
  const { folder, reference, days, issue, output } = job;
  const { inputSteps, outputSteps } = model.config;
  expectHistory(days, issue, inputSteps);
  const from = issue - inputSteps + 1 - FILL_DAYS;
  const used = days.filter(({ day }) => day >= from && day <= issue);
  const series = await seriesFor(await readDays(used, from, issue), folder, reference);
  const index = indexOf(series, issue);
  const { height, width, active, grid } = series;
  const cells = height * width;
  const forecast = await forecastOn(model, series, index);
  const masked = forecast.map((v, i) => (active[i % cells] ? v : NaN));
  const history = series.sic.subarray(index * cells, (index + 1) * cells);
  const { climatology, damping } = series;
  const references = referenceForecasts({
    history,
    day: issue,
    climatology,
    damping,
    leads: outputSteps,
  });
  const interval = await loadInterval(folder);
  const bounds = references.map(({ lead }) =>
    interval === null
      ? null
      : applyInterval(interval, lead, masked.subarray((lead - 1) * cells, lead * cells)),
  );
  const field = (
    name: string,
    longName: string,
    of: (step: number) => Float32Array | undefined,
    overTime = true,
  ): GridVariable => ({
    name,
    longName,
    dtype: 'float32',
    overTime,
    units: '1',
    fill: NaN,
    standardName: 'sea_ice_area_fraction',
    rows: (step, firstRow, rowCount) =>
      (of(step) as Float32Array).slice(firstRow * width, (firstRow + rowCount) * width), // a field per step
  });
  const stored: StoredForecast = {
    domain: job.domain,
    issue: isoDate(issue),
    leads: outputSteps,
    issuedAt: new Date().toISOString(),
    model: job.model,
  };
  await writeZarr(output, {
    height,
    width,
    crs: grid.crs,
    transform: grid.transform,
    times: references.map(({ lead }) => isoDate(issue + lead)),
    variables: [
      field('sic', 'forecast concentration', (step) =>
        masked.subarray(step * cells, (step + 1) * cells),
      ),
      ...(interval === null
        ? []
        : [
            field('lower', 'lower bound of the interval', (step) => bounds[step]?.lower),
            field('upper', 'upper bound of the interval', (step) => bounds[step]?.upper),
          ]),
      field('damped', 'damped anomaly persistence', (s) => references[s]?.dampedAnomalyPersistence),
      field('climatology', 'climatology', (s) => references[s]?.climatology),
      field('persistence', 'persistence: the newest day', () => history, false),
      {
        name: 'active',
        longName: 'cells that are forecast',
        dtype: 'uint8',
        overTime: false,
        units: null,
        fill: null,
        rows: (_, firstRow, rowCount) =>
          active.slice(firstRow * width, (firstRow + rowCount) * width),
      },
    ],
    attributes: {
      title: 'Sea-ice concentration forecast',
      source: `@arctic/model-convlstm ${job.model.version}`,
      served: JSON.stringify(stored),
      ...(interval === null
        ? {}
        : { interval_level: interval.level, interval_source: interval.source }),
    },
  });
  return stored;
}
