import { DataSynthError, requireInteger, requireNumber, requireSeed } from './errors.js';
import { clamp } from './fields.js';
import { fractalNoise } from './noise.js';
import { createRng } from './rng.js';
import { carryInto, driftInto, squaredReach } from './sic/drift.js';
import { observeInto } from './sic/observe.js';
import { createStorms, type Storm } from './sic/storms.js';
import { createDriftingField } from './sic/waves.js';
import { makeWorld, seasonalBalance, type SeaWorld } from './sic/world.js';

/** What sequence to generate. */
export interface SicSeriesOptions {
  /** Seed of the world: coast, mean ice edge and currents, hence the climatology. */
  readonly seed: number;
  /** Seed of weather and observation errors; another one gives further years of the same world. @default seed */
  readonly weatherSeed?: number;
  /** Length in years, used where `days` is not given. @default 5 */
  readonly years?: number;
  /** Length in days. @default 365.25 × years, rounded up */
  readonly days?: number;
  /** Rows of the grid, 16..1024. @default 64 */
  readonly height?: number;
  /** Columns of the grid, 16..1024. @default 64 */
  readonly width?: number;
  /** First day, `YYYY-MM-DD`. @default '2010-01-01' */
  readonly startDate?: string;
  /** Width of a cell in km. @default 25 */
  readonly cellSizeKm?: number;
  /** Standard deviation of the observation error at half cover, in concentration. @default 0.075 */
  readonly observationNoise?: number;
  /** Share of days on which a swath is missing, 0..1. @default 0.03 */
  readonly missingDayShare?: number;
}

/** Daily sea-ice concentration with its truth. Axes: T days, H rows (north first), W columns. */
export interface SicSeries {
  readonly height: number;
  readonly width: number;
  /** Days since 1970-01-01, one after the other, int32 [T]. */
  readonly days: Int32Array;
  /** Observed concentration 0..1 in steps of 1/250, float32 [T,H,W]; NaN on land and where missing. */
  readonly sic: Float32Array;
  /** True concentration 0..1 without errors, float32 [T,H,W]; NaN on land. */
  readonly truth: Float32Array;
  /** 1 = ocean, 0 = land, uint8 [H,W]. */
  readonly ocean: Uint8Array;
  /** Cell area in km², float32 [H,W]. */
  readonly area: Float32Array;
  /** Width of a cell in km. */
  readonly cellSizeKm: number;
}

/** Days run before the first, so that weather and ice have met. */
const SPIN_UP_DAYS = 150;
/** Days in which the ice goes 63 % of the way to the season's balance. */
const RESPONSE_DAYS = 14;

/**
 * Generates daily sea-ice concentration of an imaginary polar sea over years.
 *
 * A true field is stepped day by day: ice is carried along a drift of mean gyre, winds that last for
 * days and travelling storms; it is drawn towards a seasonal balance whose edge wanders for weeks;
 * storms open it, small patches form at random. The observation adds errors, a weather filter and
 * missing swaths. Drift and edge anomalies last, so the coming days can be forecast from the past.
 *
 * @throws DataSynthError for an impossible option.
 *
 * @example
 * ```ts
 * const series = generateSicSeries({ seed: 1, days: 40, height: 32, width: 32 });
 * series.sic.length; // 40 × 32 × 32
 * ```
 */
export function generateSicSeries(options: SicSeriesOptions): SicSeries {
  const { seed, height = 64, width = 64, cellSizeKm = 25, years = 5 } = options;
  const { weatherSeed = seed, observationNoise = 0.075, missingDayShare = 0.03 } = options;
  requireSeed('seed', seed);
  requireSeed('weatherSeed', weatherSeed);
  requireInteger('height', height, 16, 1024);
  requireInteger('width', width, 16, 1024);
  requireNumber('years', years, 1 / 366, 200);
  requireNumber('cellSizeKm', cellSizeKm, 0.1, 500);
  requireNumber('observationNoise', observationNoise, 0, 0.3);
  requireNumber('missingDayShare', missingDayShare, 0, 1);
  const length = options.days ?? Math.ceil(365.25 * years);
  requireInteger('days', length, 1, 73_050);
  const firstDay = dayNumberOf(options.startDate ?? '2010-01-01');

  const world = makeWorld(seed, height, width, cellSizeKm);
  const sea = createSea(world, weatherSeed, firstDay - SPIN_UP_DAYS);
  const observer = createRng(weatherSeed).fork('observer');
  const cells = height * width;
  const sic = new Float32Array(length * cells);
  const truth = new Float32Array(length * cells);
  const days = Int32Array.from({ length }, (_, t) => firstDay + t);
  for (let day = 0; day < SPIN_UP_DAYS; day++) sea.advance();
  for (let t = 0; t < length; t++) {
    const storms = sea.advance();
    const now = truth.subarray(t * cells, (t + 1) * cells);
    now.set(sea.ice);
    observeInto(sic.subarray(t * cells, (t + 1) * cells), now, observer, world, storms, {
      noise: observationNoise,
      missingDayShare,
    });
    for (let i = 0; i < cells; i++) if (world.ocean[i] !== 1) now[i] = Number.NaN;
  }
  return { height, width, days, sic, truth, ocean: world.ocean, area: world.area, cellSizeKm };
}

/** The moving sea: `ice` is the true concentration of the day last advanced to. */
function createSea(
  world: SeaWorld,
  weatherSeed: number,
  startDay: number,
): { readonly ice: Float32Array; advance(): readonly Storm[] } {
  const { height, width } = world;
  const n = height * width;
  const rng = createRng(weatherSeed).fork('weather');
  const extent = Math.min(height, width);
  const grid = { height, width };
  const winds = createDriftingField(rng.fork('winds'), {
    ...grid,
    wavelengths: [0.35 * extent, extent],
    deviation: 3.2,
    memoryDays: 15,
    waves: 20,
  });
  const edges = createDriftingField(rng.fork('edges'), {
    ...grid,
    wavelengths: [0.6 * extent, 2 * extent],
    deviation: 0.045,
    memoryDays: 45,
  });
  const storms = createStorms(rng.fork('storms'), height, width);
  const patches = rng.fork('patches');
  const drift = { x: new Float32Array(n), y: new Float32Array(n) };
  const stream = new Float32Array(n);
  const carried = new Float32Array(n);
  const ice = new Float32Array(n);
  let day = startDay;
  for (let i = 0; i < n; i++) {
    ice[i] = seasonalBalance(world.southness[i] ?? 0, yearFractionOf(day), edges.values[i] ?? 0);
  }
  return {
    ice,
    advance() {
      const yearFraction = yearFractionOf(day++);
      winds.advance();
      edges.advance();
      const lows = storms.advance(yearFraction);
      driftInto(drift, stream, world, winds.values, lows);
      for (let i = 0; i < n; i++) ice[i] = ice[world.shore[i] ?? i] ?? 0;
      carryInto(carried, ice, drift, height, width);
      const forming = fractalNoise(patches, width, height, { scale: 9, octaves: 2 });
      for (let i = 0; i < n; i++) {
        const before = carried[i] ?? 0;
        const balance = seasonalBalance(
          world.southness[i] ?? 0,
          yearFraction,
          edges.values[i] ?? 0,
        );
        const opened = openedBy(lows, i % width, Math.floor(i / width));
        const room = before * (1 - before);
        ice[i] = clamp(
          before +
            (balance - before) / RESPONSE_DAYS +
            (forming[i] ?? 0) * (0.025 * before + 0.26 * room) -
            opened * before,
          0,
          1,
        );
      }
      return lows;
    },
  };
}

/** Share of the ice that storms break up and melt in a day. */
function openedBy(storms: readonly Storm[], column: number, row: number): number {
  let sum = 0;
  for (const storm of storms) {
    const q = squaredReach(storm, column, row);
    if (q < 6) sum += 0.07 * storm.strength * Math.exp(-0.7 * q);
  }
  return sum;
}

/** Where in the year a day lies, 0 at the first of January to 1. */
function yearFractionOf(day: number): number {
  const date = new Date(day * 86_400_000);
  const start = Date.UTC(date.getUTCFullYear(), 0, 1) / 86_400_000;
  return (day - start) / 365.25;
}

/** Days since 1970-01-01 of `YYYY-MM-DD`. */
function dayNumberOf(date: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (!Number.isFinite(time)) {
    throw new DataSynthError(
      'invalid-option',
      `startDate: expected a date like 2010-01-01. Received: ${date}.`,
    );
  }
  return time / 86_400_000;
}
