import { createLeadScores, type CaseSums } from '@arctic/metrics';
import { dayNumber, readCube } from '@arctic/raster';
import type { ScoredName } from '../archive/archive.js';
import type { ProductJob } from './jobs.js';
import { readForecast } from './product-job.js';

/** The sums of one lead of a forecast, and of what it is compared to, against an observation. */
export async function scoreJob({
  folder,
  observation,
  lead,
}: Extract<ProductJob, { kind: 'score' }>): Promise<readonly (readonly [ScoredName, CaseSums])[]> {
  const { sic, area } = await readCube(observation);
  const { stored, active, ...fields } = await readForecast(folder);
  const cells = area.length;
  const at = (values: Float32Array) => values.subarray((lead - 1) * cells, lead * cells);
  const forecasts: readonly (readonly [ScoredName, Float32Array])[] = [
    ['model', at(fields.sic)],
    ['persistence', fields.persistence],
    ['dampedAnomalyPersistence', at(fields.damped)],
    ['climatology', at(fields.climatology)],
  ];
  // A cell counts only where every forecast has a value, so that all are scored on the same cells.
  const truth = sic.map((v, i) => (forecasts.some(([, f]) => Number.isNaN(f[i])) ? NaN : v));
  return forecasts.map(([name, forecast]) => {
    const scores = createLeadScores({ leads: stored.leads, mask: active, area });
    scores.add(lead, forecast, truth, dayNumber(stored.issue));
    const [sums] = scores.result()[lead - 1]?.cases ?? [];
    return [name, sums as CaseSums] as const; // one was added
  });
}
