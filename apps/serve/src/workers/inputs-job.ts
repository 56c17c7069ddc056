import { climatologyOn } from '@arctic/metrics';
import { writeSafetensors } from '@arctic/nn';
import { isoDate } from '@arctic/raster';
import { CONTENT_TYPES } from '../products/content-types.js';
import { writePacked } from '../products/write-packed.js';
import type { ProductJob, ProductResult } from './jobs.js';
import { expectHistory, readDays } from './read-days.js';
import { indexOf, seriesFor } from './reference-of.js';

/** Days before the history that gaps are filled from; as the forecast itself does. */
const FILL_DAYS = 7;

/**
 * What a forecast is made from, as safetensors, so that a browser can make the same one: `sic` [Tin,H,W] with gaps
 * filled, `normal` [Tin+L,H,W] (climatology of the days of history and of forecast), `alpha` [L,H,W], `active` [H,W].
 */
export async function inputsJob(
  job: Extract<ProductJob, { kind: 'inputs' }>,
): Promise<ProductResult> {
  const { days, folder, reference, issue, inputSteps, outputSteps, output } = job;
  expectHistory(days, issue, inputSteps);
  const from = issue - inputSteps + 1 - FILL_DAYS;
  const used = days.filter(({ day }) => day >= from && day <= issue);
  const series = await seriesFor(await readDays(used, from, issue), folder, reference);
  const { height, width, climatology, damping, active } = series;
  const cells = height * width;
  const index = indexOf(series, issue);
  const normal = new Float32Array((inputSteps + outputSteps) * cells);
  for (let step = 0; step < inputSteps + outputSteps; step++)
    normal.set(climatologyOn(climatology, issue - inputSteps + 1 + step), step * cells);
  const bytes = writeSafetensors(
    new Map([
      [
        'sic',
        {
          shape: [inputSteps, height, width],
          data: series.sic.slice((index - inputSteps + 1) * cells, (index + 1) * cells),
        },
      ],
      ['normal', { shape: [inputSteps + outputSteps, height, width], data: normal }],
      [
        'alpha',
        {
          shape: [outputSteps, height, width],
          data: damping.alpha.slice(0, outputSteps * cells),
        },
      ],
      ['active', { shape: [height, width], data: Int32Array.from(active) }],
    ]),
    { issued: isoDate(issue), firstDay: String(issue - inputSteps + 1) },
  );
  return writePacked(output, bytes, CONTENT_TYPES.safetensors);
}
