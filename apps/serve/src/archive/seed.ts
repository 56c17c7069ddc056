import { existsSync } from 'node:fs';
import { dayNumber, isoDate, readCube } from '@arctic/raster';
import type { Service } from '../service.js';
import { ingest } from './ingest.js';

/** Days of the generated series that an empty archive starts with: history, and two weeks of forecasts. */
const SEED_DAYS = 52;
const SEED_FORECASTS = 15;

/**
 * Fills an empty archive with the end of a generated series, so that a trained smoke model has something to
 * forecast. @returns what is still to be forecast and scored, in the background; null where nothing was done
 */
export async function seed(
  service: Service,
  series: string,
): Promise<(() => Promise<void>) | null> {
  const { archive } = service;
  if (archive.domains().some(({ id }) => archive.newestDay(id) !== null)) return null;
  if (!existsSync(series)) return null;
  const { days, attrs } = await readCube(series);
  if (!attrs.synthetic) return null;
  const last = days.at(-1) ?? dayNumber('1970-01-01');
  const cube = await readCube(series, { from: isoDate(last - SEED_DAYS + 1) });
  const { domain } = await ingest(archive, cube);
  const issues = Array.from({ length: SEED_FORECASTS }, (_, i) => last - i);
  return async () => service.catchUp(domain, issues);
}
