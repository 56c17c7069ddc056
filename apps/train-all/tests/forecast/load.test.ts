import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dayNumber, isoDate, writeCube } from '@arctic/raster';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig, type ConfigOverrides, type RunConfig } from '../../src/config.js';
import { paths, type RunContext } from '../../src/context.js';
import { loadForecastData } from '../../src/forecast/load.js';
import { preprocess } from '../../src/steps/preprocess.js';
import { makeCube } from '../../../../tools/make-cube.js';

let out = '';
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'load-'));
});
afterEach(() => {
  rmSync(out, { recursive: true });
});

const configOf = (overrides: ConfigOverrides) =>
  resolveConfig('run', out, {}, { models: ['convlstm'], ...overrides });

/** Preprocessing reads nothing else of the context. */
async function split(config: RunConfig): Promise<void> {
  await preprocess({ config, say: () => undefined } as unknown as RunContext);
}

const REAL: ConfigOverrides = {
  source: 'nsidc-0081',
  input: 'daily',
  convlstm: { trainEnd: '2016-09-30', validationEnd: '2017-03-31' },
};

describe('a real series', () => {
  it('is tested on the 86 issue dates whose 37 days lie in 2017-04-01 to 2017-07-31', async () => {
    const config = configOf(REAL);
    const cube = makeCube({
      from: '2015-01-01',
      days: 943,
      height: 4,
      width: 4,
      source: 'nsidc-0081',
    });
    expect(isoDate(cube.days.at(-1) ?? 0)).toBe('2017-07-31');
    await writeCube(paths(config).series, cube);
    await split(config);
    const data = await loadForecastData(config);
    const date = (issue: number | undefined) => isoDate(data.series.days[issue ?? 0] ?? 0);

    expect(data.test).toHaveLength(86);
    expect(date(data.test[0])).toBe('2017-04-30');
    expect(date(data.test.at(-1))).toBe('2017-07-24');
    expect(data.testSeries).toBe(data.series);
    expect(data.trainingPeriod.map(isoDate)).toEqual(['2015-01-01', '2016-09-30']);

    // Windows of different splits share no day, and 37 days lie between training and validation.
    const last = (issues: readonly number[]) => Math.max(...issues) + 7;
    const first = (issues: readonly number[]) => Math.min(...issues) - 29;
    expect(date(last(data.train))).toBe('2016-09-30');
    expect(first(data.validation) - last(data.train) - 1).toBeGreaterThanOrEqual(37);
    expect(first(data.test) - last(data.validation) - 1).toBeGreaterThanOrEqual(37);
  });

  it('refuses a climatology that has seen validation or test years', async () => {
    const config = configOf({
      ...REAL,
      climatology: 'monthly',
      convlstm: { ...REAL.convlstm, climatologyYears: [2014, 2016] },
    });
    const cube = makeCube({ from: '2015-01-01', days: 943, height: 4, width: 4 });
    await writeCube(paths(config).series, cube);
    await writeCube(
      paths(config).monthly,
      makeCube({ from: '2014-01-01', days: 2, height: 4, width: 4 }),
    );
    await split(config);
    await expect(loadForecastData(config)).rejects.toThrow(
      'convlstm.climatologyYears: expected years that end before the last training day, 2016-09-30. Received: 2014 to 2016',
    );
  });

  it('asks for data where there are none', async () => {
    await expect(loadForecastData(configOf(REAL))).rejects.toThrow(
      /sea_ice_concentration\.zarr: expected a concentration series. Received: nothing. Make it first/,
    );
  });
});

describe('a generated series', () => {
  it('is tested in other weather with the climatology and damping of the training days', async () => {
    const config = configOf({ samples: 20, testSamples: 5 });
    const { series, seriesTest } = paths(config);
    await writeCube(series, makeCube({ from: '2001-01-01', days: 900, height: 4, width: 4 }));
    const other = makeCube({ from: '2001-01-01', days: 200, height: 4, width: 4 });
    await writeCube(seriesTest, { ...other, sic: other.sic.map((v) => 0.5 * v) });
    await split(config);
    const data = await loadForecastData(config);
    expect(data.train).toHaveLength(16);
    expect(data.validation).toHaveLength(4);
    expect(data.test).toHaveLength(5);
    expect(data.testSeries).not.toBe(data.series);
    expect(data.testSeries.climatology).toBe(data.series.climatology);
    expect(data.testSeries.damping).toBe(data.series.damping);
    const trainTo = data.trainingPeriod[1] - dayNumber('2001-01-01');
    expect(Math.max(...data.train) + 7).toBeLessThanOrEqual(trainTo);
  });
});
