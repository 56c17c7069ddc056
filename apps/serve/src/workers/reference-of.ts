import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import {
  loadReference,
  prepareSeries,
  uniformDamping,
  type ForecastSeries,
} from '@arctic/inference';
import { isoDate, type SicCube } from '@arctic/raster';
import { ServeError } from '../errors.js';

/**
 * A series ready for a forecaster: climatology, active cells and damping are those of the model folder where it
 * was trained on this grid, else those that were kept for the domain.
 *
 * @throws ServeError 422 where neither has the grid.
 */
export async function seriesFor(
  cube: SicCube,
  folder: string,
  reference: string | null,
): Promise<ForecastSeries> {
  const { meta } = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as {
    meta: { grid?: { name?: unknown } };
  }; // the registry opened it
  const own = meta.grid?.name === cube.grid.name ? await loadReference(folder) : null;
  const kept = own ?? (reference === null ? null : await loadReference(reference));
  if (kept === null || kept.height !== cube.height || kept.width !== cube.width)
    throw new ServeError(
      422,
      'no-reference',
      `Expected climatology and active cells of ${cube.grid.name}, which the forecaster was not trained on. Received: none. Give a monthly record: serve:ingest -- --climatology PATH`,
    );
  const { climatology, active, damping } = kept;
  const leads = damping.leads > 0 ? damping : uniformDamping(damping.domainMean, climatology);
  return prepareSeries(cube, { climatology, active }, leads);
}

/** Where in a series an issue day is. */
export function indexOf(series: ForecastSeries, issue: number): number {
  const index = issue - (series.days[0] ?? 0);
  if (index < 0 || index >= series.days.length)
    throw new ServeError(422, 'no-observations', `Expected ${isoDate(issue)} in the series.`);
  return index;
}
