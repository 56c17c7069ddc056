/** Shape of a one-cycle schedule. */
export interface OneCycleOptions {
  /** Share of the schedule in which the rate rises, 0 … 1. @default 0.3 */
  readonly riseShare?: number;
  /** The first rate is the full rate divided by this. @default 25 */
  readonly startDivisor?: number;
  /** The last rate is the first one divided by this. @default 1e4 */
  readonly endDivisor?: number;
  /** How it goes from one rate to the next. @default 'cosine' */
  readonly anneal?: 'cosine' | 'linear';
  /**
   * Up and down to the last rate (2), or up, down to the first rate in as long, and down to the last
   * (3). @default 2
   */
  readonly phases?: 2 | 3;
  /**
   * Momentum (AdamW's `beta1`) that falls from `high` to `low` while the rate rises and rises while
   * it falls. torch does this by default, with 0.85 and 0.95. @default the optimizer's, constant
   */
  readonly momentum?: { readonly low: number; readonly high: number };
}

/**
 * Rate, as a share of the full rate, and momentum of a step: those of torch's `OneCycleLR`.
 *
 * @param step From 0; the last is total − 1, and later ones are like it.
 * @param total Length of the schedule.
 */
export function oneCycleAt(
  step: number,
  total: number,
  options: OneCycleOptions,
): { readonly rate: number; readonly momentum: number | undefined } {
  const { riseShare = 0.3, startDivisor = 25, endDivisor = 1e4, anneal = 'cosine' } = options;
  const { low, high } = options.momentum ?? { low: NaN, high: NaN };
  const start = { rate: 1 / startDivisor, momentum: high };
  const peak = { rate: 1, momentum: low };
  const end = { rate: start.rate / endDivisor, momentum: high };
  const rise = riseShare * total;
  const phases =
    options.phases === 3
      ? [
          { until: rise - 1, from: start, to: peak },
          { until: 2 * rise - 2, from: peak, to: start },
          { until: total - 1, from: start, to: end },
        ]
      : [
          { until: rise - 1, from: start, to: peak },
          { until: total - 1, from: peak, to: end },
        ];
  const now = Math.min(step, total - 1);
  const at = phases.findIndex(({ until }, i) => now <= until || i === phases.length - 1);
  const { until, from, to } = phases[at] as (typeof phases)[number]; // the last one at least
  const since = phases[at - 1]?.until ?? 0;
  const way = until > since ? (now - since) / (until - since) : 1;
  const between = (a: number, b: number) =>
    anneal === 'linear' ? (b - a) * way + a : b + ((a - b) / 2) * (Math.cos(Math.PI * way) + 1);
  return {
    rate: between(from.rate, to.rate),
    momentum: options.momentum && between(from.momentum, to.momentum),
  };
}
