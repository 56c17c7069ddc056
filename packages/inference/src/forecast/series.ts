import {
  activeCells,
  climatologyFromDaily,
  climatologyFromMonthly,
  fillFromDayBeforeInto,
  fitDamping,
  type Climatology,
  type Damping,
} from '@arctic/metrics';
import type { GridInfo, SicCube } from '@arctic/raster';
import { isoDate } from '../dates.js';
import { InferenceError } from '../errors.js';

/** A daily series with everything a forecast needs beside it; statistics come from training days only. */
export interface ForecastSeries {
  /** [T,N] float32, 0..1, gaps filled from the day before; NaN on land. */
  readonly sic: Float32Array;
  /** [T,N] uint8, 1 where the value was observed rather than filled. */
  readonly observed: Uint8Array;
  /** [T] days since 1970-01-01, consecutive. */
  readonly days: Int32Array;
  readonly height: number;
  readonly width: number;
  readonly grid: GridInfo;
  /** [N] 1 = active ocean cell. */
  readonly active: Uint8Array;
  /** [N] km². */
  readonly area: Float32Array;
  readonly climatology: Climatology;
  readonly damping: Damping;
  readonly synthetic: boolean;
  readonly source: string;
}

/** The seasonal cycle and the cells that count, from training data only. */
export interface Normal {
  readonly climatology: Climatology;
  /** [N] 1 = active ocean cell. */
  readonly active: Uint8Array;
}

/** Years of the monthly record to use. */
export interface RecordYears {
  readonly climatologyYears: readonly [number, number];
  readonly activeYears: readonly [number, number];
}

/**
 * A daily cube made ready: gaps filled (in place), observed cells remembered.
 *
 * @param damping that of another series, or the training days (since 1970-01-01) and leads to fit it on.
 * @throws InferenceError when days are missing.
 */
export function prepareSeries(
  cube: SicCube,
  { climatology, active }: Normal,
  damping: Damping | DampingPeriod,
): ForecastSeries {
  const { sic, days, height, width, grid, area } = cube;
  const broken = days.findIndex((day, i) => i > 0 && day !== (days[i - 1] ?? day) + 1);
  if (broken > 0) {
    throw new InferenceError(
      `${cube.attrs.source}: expected consecutive days. Received: ${isoDate(days[broken - 1] ?? 0)} then ${isoDate(days[broken] ?? 0)}`,
    );
  }
  const observed = new Uint8Array(sic.length);
  for (let i = 0; i < sic.length; i++) observed[i] = Number.isNaN(sic[i]) ? 0 : 1;
  fillFromDayBeforeInto(sic, height * width, sic);
  const fitted =
    'alpha' in damping ? damping : fitDamping({ sic, days, climatology, mask: active, ...damping });
  return {
    sic,
    observed,
    days,
    height,
    width,
    grid,
    area,
    active,
    climatology,
    damping: fitted,
    synthetic: cube.attrs.synthetic,
    source: cube.attrs.source,
  };
}

/** Which days and leads to fit the damping of anomalies on. */
export interface DampingPeriod {
  readonly leads: number;
  /** First and last day, since 1970-01-01. */
  readonly from: number;
  readonly to: number;
}

/** Active cells and climatology from a monthly record of the same grid. */
export function statisticsFromMonthly(
  daily: SicCube,
  monthly: SicCube,
  { climatologyYears, activeYears }: RecordYears,
): Normal {
  if (monthly.height !== daily.height || monthly.width !== daily.width) {
    throw new InferenceError(
      `--climatology: expected the grid of the daily series, ${daily.grid.name} of ${daily.height} × ${daily.width} cells. Received: ${monthly.grid.name} of ${monthly.height} × ${monthly.width}`,
    );
  }
  const { sic, days } = monthly;
  const ocean = daily.ocean.map((wet, i) => (wet && !daily.poleHole?.[i] ? 1 : 0));
  return {
    active: activeCells({ sic, days, ocean, fromYear: activeYears[0], toYear: activeYears[1] }),
    climatology: climatologyFromMonthly({
      sic,
      days,
      fromYear: climatologyYears[0],
      toYear: climatologyYears[1],
    }),
  };
}

/** Active cells and climatology from the training days of the daily series itself. */
export function statisticsFromDaily(daily: SicCube, from: number, to: number): Normal {
  const { sic, days, ocean } = daily;
  const cells = ocean.length;
  const first = days.findIndex((day) => day >= from);
  const last = days.findLastIndex((day) => day <= to);
  const training = {
    sic: sic.subarray(first * cells, (last + 1) * cells),
    days: days.subarray(first, last + 1),
  };
  return {
    active: activeCells({ ...training, ocean }),
    climatology: climatologyFromDaily(training),
  };
}

/** The mean damping of another domain for every cell, where none can be fitted. */
export function uniformDamping(mean: readonly number[], { cells }: Climatology): Damping {
  return {
    leads: mean.length,
    cells,
    alpha: Float32Array.from(
      { length: mean.length * cells },
      (_, i) => mean[Math.floor(i / cells)] ?? 0,
    ),
    domainMean: mean,
  };
}
