import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@arctic/raster';
import { InferenceError } from '../errors.js';
import type { ForecastInterval } from './interval.js';

const FILE = 'interval.json';

/** Writes the interval beside the model's files. */
export async function saveInterval(folder: string, interval: ForecastInterval): Promise<void> {
  await writeFileAtomic(join(folder, FILE), Buffer.from(`${JSON.stringify(interval, null, 2)}\n`));
}

/** The interval of a model folder, or null where there is none. @throws InferenceError where it is damaged. */
export async function loadInterval(folder: string): Promise<ForecastInterval | null> {
  const path = join(folder, FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return null;
  }
  const fail = (received: string, cause?: unknown) =>
    new InferenceError(
      `${path}: expected the interval that nx run train-all:export writes. Received: ${received}`,
      { cause },
    );
  let value: Partial<ForecastInterval> | null;
  try {
    value = JSON.parse(text) as Partial<ForecastInterval> | null; // checked below
  } catch (cause) {
    throw fail(cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (
    value?.schema !== 1 ||
    typeof value.level !== 'number' ||
    ![value.edges, value.lower, value.upper].every(Array.isArray)
  )
    throw fail('other fields');
  return value as ForecastInterval; // its fields are there
}
