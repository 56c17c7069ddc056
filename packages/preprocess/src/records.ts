import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@arctic/raster';
import { PreprocessError } from './errors.js';
import { isRecord } from './manifest.js';

/** What the processed folder holds arrays for. */
export type Task = 'classifier' | 'siamese' | 'convlstm';

/** The JSON files at the top of the processed folder: one key for each task. */
export type RecordName = 'stats' | 'split';

/**
 * The entry of a task in `stats.json` or `split.json`, undefined where there is none.
 *
 * @throws PreprocessError `InvalidInput` where the file is damaged.
 */
export async function readRecord(folder: string, name: RecordName, task: Task): Promise<unknown> {
  return (await readRecords(join(folder, `${name}.json`)))[task];
}

/**
 * Puts the entry of one task into `stats.json` or `split.json`; those of the other tasks stay.
 *
 * @throws PreprocessError `InvalidInput` where the file that is there is damaged.
 */
export async function writeRecord(
  folder: string,
  name: RecordName,
  task: Task,
  entry: unknown,
): Promise<void> {
  const path = join(folder, `${name}.json`);
  const merged = { ...(await readRecords(path)), schema: 1, [task]: entry };
  await writeFileAtomic(path, Buffer.from(`${JSON.stringify(merged, null, 2)}\n`));
}

/** Throws where an earlier file is damaged: before the work, not after it. */
export async function checkRecords(folder: string): Promise<void> {
  for (const name of ['stats', 'split']) await readRecords(join(folder, `${name}.json`));
}

async function readRecords(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    throw damaged(path, cause);
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (isRecord(parsed) && parsed['schema'] === 1) return parsed;
    throw new Error('another schema');
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause: unknown): PreprocessError {
  return new PreprocessError(
    'InvalidInput',
    `${path}: expected the record of an earlier run, JSON of schema 1. Received: ` +
      `${cause instanceof Error ? cause.message : String(cause)}. Delete the file and run again.`,
    { cause },
  );
}
