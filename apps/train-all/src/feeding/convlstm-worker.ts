import { rngOf, type WorkerHandler } from '@arctic/trainer-core/worker';
import {
  type ForecastArrays,
  type SeriesFields,
  type Steps,
  createInputBuilder,
  weighLeads,
} from '@arctic/inference/inputs';
import { createCropSampler } from '../forecast/crops.js';
import type { BatchRequest } from './open-feeder.js';

/** The series that the forecaster trains on. */
export interface ConvlstmFeed extends Steps {
  readonly series: SeriesFields;
  /** Issue days to train on, indices of the series. */
  readonly issues: readonly number[];
  /** Cells a side of the patches; 0 for the whole grid. */
  readonly cropSize: number;
  /** One factor per lead, multiplied into the weights of the cells. */
  readonly leadWeights: readonly number[];
}

/** Makes batches of patches of active ocean. */
export function createWorker({
  series,
  issues,
  cropSize,
  leadWeights,
  ...steps
}: ConvlstmFeed): WorkerHandler<BatchRequest, ForecastArrays> {
  const builder = createInputBuilder(series, steps);
  const sampleCrop = createCropSampler(series.active, series.height, series.width, cropSize);
  return ({ indices, keys }) => {
    // Any of eight turns: ice does not know which way the grid lies, and one series of a few years is little.
    const cases = indices.map((i, position) => {
      const rng = rngOf(keys[position] as string); // one for each sample
      const crop = sampleCrop(rng.next());
      const turn = Math.floor(rng.next() * 8);
      const symmetry = crop.height === crop.width ? turn : turn & 6;
      return { issue: issues[i] as number, crop: { ...crop, symmetry } }; // indices come from the number of issues
    });
    const value = weighLeads(builder.build(cases), leadWeights);
    const { past, future, reference, target, weights } = value;
    return { value, transfer: [past, future, reference, target, weights] };
  };
}
