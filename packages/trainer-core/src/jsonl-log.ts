import { createReadStream, existsSync } from 'node:fs';
import { appendFile, mkdir, truncate } from 'node:fs/promises';
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
 * programs. Each line has `step`, the optimizer steps taken by then. A resumed run drops the lines of
 * steps that are made again, and one that was cut short.
 *
 * @param path The file, for example `run/events.jsonl`.
 * @example
 * jsonlLogger('run/steps.jsonl', { kinds: ['batch'] });
 */
export function jsonlLogger(path: string, { kinds }: JsonlOptions = {}): Callback {
  let step = 0;
  return async (event) => {
    step = stepOf(event) ?? step;
    if (event.kind === 'start') await keepUntil(path, step);
    if (kinds && !kinds.includes(event.kind)) return;
    await appendFile(path, `${JSON.stringify({ ...event, step }, plain)}\n`);
  };
}

/** Optimizer steps taken when an event is told; undefined where they are those of the event before. */
function stepOf(event: TrainEvent): number | undefined {
  if (event.kind === 'epoch') return event.metrics.step;
  if (event.kind === 'end') return event.result.steps;
  return 'step' in event ? event.step : undefined;
}

/** Leaves the lines of steps up to `step`; 0 begins a run, and the file. */
async function keepUntil(path: string, step: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (existsSync(path)) await truncate(path, step === 0 ? 0 : await bytesUntil(path, step));
}

/** Where the first line of a later step begins, or one that was cut short. */
async function bytesUntil(path: string, step: number): Promise<number> {
  let kept = 0;
  let parts: Uint8Array[] = [];
  // A stream without an encoding is one of bytes.
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...parts, chunk.subarray(from, end + 1)]);
      if (!(stepOfLine(line.toString('utf8')) <= step)) return kept;
      kept += line.length;
      parts = [];
      from = end + 1;
    }
    parts.push(chunk.subarray(from));
  }
  return kept;
}

/** -Infinity where a line tells of none, NaN for what is no line of JSON. */
function stepOfLine(line: string): number {
  try {
    return (JSON.parse(line) as { readonly step?: number }).step ?? -Infinity;
  } catch {
    return NaN;
  }
}
