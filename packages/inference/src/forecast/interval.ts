import { InferenceError } from '../errors.js';

/** Edges of the bins of forecast concentration that errors are gathered in. */
const EDGES = [0, 0.02, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99, 1] as const;
/** Steps that errors of −1…1 are counted in. */
const ERROR_STEPS = 2000;
/** Errors below which a bin says too little and takes those of all bins. */
const LEAST_ERRORS = 200;

/**
 * How far observations lay from forecasts in the validation split, for every lead and range of
 * forecast concentration: quantiles of (observation − forecast). Independent of season and place.
 */
export interface ForecastInterval {
  readonly schema: 1;
  /** Share of observations within, such as 0.9. */
  readonly level: number;
  /** Edges of the bins of forecast concentration, ascending, 0 to 1. */
  readonly edges: readonly number[];
  /** [leads][bins] quantile (1 − level) / 2 of the error. */
  readonly lower: readonly (readonly number[])[];
  /** [leads][bins] quantile (1 + level) / 2 of the error. */
  readonly upper: readonly (readonly number[])[];
  /** Where it comes from, in a sentence. */
  readonly source: string;
}

/** Gathers errors by lead and forecast concentration. */
export interface IntervalFit {
  /** @param forecast [N] 0..1 @param observed [N], NaN where there is none @param active [N] non-zero where cells count */
  add(
    lead: number,
    forecast: ArrayLike<number>,
    observed: ArrayLike<number>,
    active: ArrayLike<number>,
  ): void;
  /** Bins with few errors take the quantiles of the whole lead. */
  result(source: string): ForecastInterval;
}

/** A fit of the interval of a forecaster with so many leads. */
export function createIntervalFit(leads: number, level = 0.9): IntervalFit {
  const bins = EDGES.length - 1;
  const counts = Array.from({ length: leads }, () =>
    Array.from({ length: bins }, () => new Float64Array(ERROR_STEPS + 1)),
  );
  return {
    add(lead, forecast, observed, active) {
      const ofLead = counts[lead - 1];
      if (!ofLead)
        throw new InferenceError(`interval: expected a lead of 1 to ${leads}. Received: ${lead}`);
      for (let i = 0; i < forecast.length; i++) {
        const f = forecast[i] as number;
        const error = (observed[i] as number) - f;
        if (!active[i] || Number.isNaN(error)) continue;
        const histogram = ofLead[binOf(EDGES, f)] as Float64Array; // one per bin
        const step = Math.round(((error + 1) / 2) * ERROR_STEPS);
        histogram[step] = (histogram[step] ?? 0) + 1;
      }
    },
    result(source) {
      const quantiles = (share: number) =>
        counts.map((ofLead) => {
          const all = new Float64Array(ERROR_STEPS + 1);
          for (const histogram of ofLead) histogram.forEach((n, i) => (all[i] = (all[i] ?? 0) + n));
          return ofLead.map((histogram) =>
            quantile(histogram.reduce((a, b) => a + b, 0) < LEAST_ERRORS ? all : histogram, share),
          );
        });
      return {
        schema: 1,
        level,
        edges: EDGES,
        lower: quantiles((1 - level) / 2),
        upper: quantiles((1 + level) / 2),
        source,
      };
    },
  };
}

function quantile(histogram: Float64Array, share: number): number {
  const total = histogram.reduce((a, b) => a + b, 0);
  if (total === 0) return share < 0.5 ? -1 : 1;
  let sum = 0;
  const step = histogram.findIndex((n) => (sum += n) >= share * total);
  return Number(((2 * step) / ERROR_STEPS - 1).toFixed(4));
}

function binOf(edges: readonly number[], value: number): number {
  const bin = edges.findLastIndex((edge) => value >= edge);
  return Math.min(Math.max(bin, 0), edges.length - 2);
}

/** Lower and upper bound of one lead's forecast, each [N] 0..1, NaN where the forecast is. */
export function applyInterval(
  { edges, lower, upper }: ForecastInterval,
  lead: number,
  forecast: Float32Array,
): { readonly lower: Float32Array; readonly upper: Float32Array } {
  const [low, high] = [lower[lead - 1], upper[lead - 1]];
  if (!low || !high)
    throw new InferenceError(
      `interval: expected a lead of 1 to ${lower.length}. Received: ${lead}`,
    );
  const bound = (errors: readonly number[]) =>
    forecast.map((f) =>
      Number.isNaN(f) ? NaN : Math.min(1, Math.max(0, f + (errors[binOf(edges, f)] ?? NaN))),
    );
  return { lower: bound(low), upper: bound(high) };
}
