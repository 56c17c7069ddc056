import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Callback, TrainEvent } from './events.js';

/** Which events are kept. */
export interface JsonlOptions {
  /** @default every kind */
  readonly kinds?: readonly TrainEvent['kind'][];
}

/** Numbers that JSON cannot carry become text. */
const plain = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

/**
 * A callback that adds events to a file, one line of JSON each: what happened, step by step, for
 * programs. A resumed run drops the lines of steps that are made again, and one that was cut short.
 *
 * @param path The file, for example `run/events.jsonl`.
 * @example
 * jsonlLogger('run/steps.jsonl', { kinds: ['batch'] });
 */
export function jsonlLogger(path: string, { kinds }: JsonlOptions = {}): Callback {
  return async (event) => {
    if (event.kind === 'start') await keepUntil(path, event.step);
    if (kinds && !kinds.includes(event.kind)) return;
    await appendFile(path, `${JSON.stringify(event, plain)}\n`);
  };
}

/** Leaves the lines of steps up to `step`. */
async function keepUntil(path: string, step: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const lines = step === 0 ? [] : await linesOf(path);
  const end = lines.findIndex((line) => !(stepOf(line) <= step));
  const kept = end < 0 ? lines : lines.slice(0, end);
  await writeFile(`${path}.tmp`, kept.map((line) => `${line}\n`).join(''), { flush: true });
  await rename(`${path}.tmp`, path);
}

async function linesOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').filter((line) => line !== '');
}

/** The step that a line tells of; -Infinity where it tells of none, NaN where it was cut short. */
function stepOf(line: string): number {
  try {
    const { step, metrics } = JSON.parse(line) as { step?: number; metrics?: { step: number } };
    return metrics?.step ?? step ?? -Infinity;
  } catch {
    return NaN;
  }
}
