import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Callback, MetricsRow } from './events.js';

/**
 * A callback that keeps one row per epoch in a CSV file.
 *
 * The file is written anew after each epoch and renamed into place, so it is never cut short. After
 * a resume it holds the epochs of the checkpoint and goes on from there: rows that a killed run
 * wrote later are made again.
 *
 * @param path The file, for example `run/metrics.csv`.
 */
export function csvLogger(path: string): Callback {
  let rows: readonly MetricsRow[] = [];
  return async (event) => {
    if (event.kind === 'start') rows = event.history;
    else if (event.kind === 'epoch') rows = [...rows, event.metrics];
    else return;
    if (rows.length === 0) {
      await rm(path, { force: true });
      return;
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.tmp`, toCsv(rows), { flush: true });
    await rename(`${path}.tmp`, path);
  };
}

/** Rows as CSV with a header; a metric that a row lacks, or NaN, is an empty field. */
function toCsv(rows: readonly MetricsRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) =>
    columns.map((column) => {
      const value = row[column];
      return value === undefined || Number.isNaN(value) ? '' : String(value);
    }),
  );
  return [columns.map(quoted), ...lines].map((line) => `${line.join(',')}\n`).join('');
}

function quoted(name: string): string {
  return /[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
