import { climatologyOn, type Climatology } from './climatology.js';
import type { Damping } from './damping.js';
import { MetricsError } from './errors.js';
import { anomalyPersistence, dampedAnomalyPersistence, persistence } from './persistence.js';

/** What the reference forecasts of one issue day are made from. */
export interface ReferenceOptions {
  /** [T,N], oldest first, ending with the issue day; one step is enough. Fraction 0..1. */
  readonly history: Float32Array;
  /** Issue day t0, days since 1970-01-01: the day of the newest step. */
  readonly day: number;
  /** From training years only. */
  readonly climatology: Climatology;
  /** From the training period only, for at least the leads wanted. */
  readonly damping: Damping;
  /** Number of leads, days. @default those of the damping */
  readonly leads?: number;
}

/** The four reference forecasts of one lead, each [N], fraction 0..1, NaN missing. */
export interface ReferenceForecasts {
  /** Days ahead, 1..L. */
  readonly lead: number;
  readonly persistence: Float32Array;
  readonly climatology: Float32Array;
  readonly anomalyPersistence: Float32Array;
  readonly dampedAnomalyPersistence: Float32Array;
}

/** The names of the reference forecasts, weakest claim first. */
export const REFERENCE_NAMES = [
  'persistence',
  'climatology',
  'anomalyPersistence',
  'dampedAnomalyPersistence',
] as const;

/** One of {@link REFERENCE_NAMES}. */
export type ReferenceName = (typeof REFERENCE_NAMES)[number];

/**
 * The four reference forecasts of an issue day, for leads 1..L: what a model has to beat.
 *
 * @returns [L] sets of four fields, lead 1 first.
 * @throws MetricsError where shapes differ or more leads are asked for than the damping has.
 */
export function referenceForecasts(options: ReferenceOptions): ReferenceForecasts[] {
  const { history, day, climatology, damping, leads = damping.leads } = options;
  const { cells } = climatology;
  if (leads > damping.leads || damping.cells !== cells) {
    throw new MetricsError(
      `Expected damping for ${leads} leads and ${cells} cells. Received: ${damping.leads} leads ` +
        `and ${damping.cells} cells.`,
    );
  }
  const newest = persistence(history, cells);
  const climatologyNow = climatologyOn(climatology, day);
  return Array.from({ length: leads }, (_, position) => {
    const climatologyThen = climatologyOn(climatology, day + position + 1);
    const alpha = damping.alpha.subarray(position * cells, (position + 1) * cells);
    const start = { newest, climatologyNow, climatologyThen };
    return {
      lead: position + 1,
      persistence: newest,
      climatology: climatologyThen,
      anomalyPersistence: anomalyPersistence(start),
      dampedAnomalyPersistence: dampedAnomalyPersistence({ ...start, alpha }),
    };
  });
}
