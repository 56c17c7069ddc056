import { readCube, type SicCube } from '@arctic/raster';
import { ServeError } from '../errors.js';
import type { DayFile } from './jobs.js';

/** Days that may be missing among those that a forecast is made from, and in a row. */
const MOST_MISSING = 5;

/**
 * Single days put together to one series of consecutive days; days that are not there are NaN.
 *
 * @param from and to: first and last day, since 1970-01-01.
 */
export async function readDays(
  files: readonly DayFile[],
  from: number,
  to: number,
): Promise<SicCube> {
  const cubes = await Promise.all(files.map(async ({ path }) => readCube(path)));
  const newest = cubes.at(-1);
  if (!newest)
    throw new ServeError(404, 'no-observations', 'Expected observations. Received: none');
  const cells = newest.height * newest.width;
  const steps = to - from + 1;
  const sic = new Float32Array(steps * cells).fill(NaN);
  cubes.forEach((cube, i) => sic.set(cube.sic, ((files[i]?.day ?? 0) - from) * cells)); // a file per cube
  return { ...newest, sic, days: Int32Array.from({ length: steps }, (_, i) => from + i) };
}

/** @throws ServeError 422 where too few of the days before a forecast are there. */
export function expectHistory(files: readonly DayFile[], issue: number, inputSteps: number): void {
  const there = files.filter(({ day }) => day > issue - inputSteps && day <= issue);
  if (there.some(({ day }) => day === issue) && inputSteps - there.length <= MOST_MISSING) return;
  throw new ServeError(
    422,
    'too-few-days',
    `Expected ${inputSteps} days of observations up to the issue day, at most ${MOST_MISSING} of them missing. Received: ${there.length}`,
  );
}
