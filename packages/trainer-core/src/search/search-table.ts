import type { SettingValue } from './search-space.js';
import type { TrialRecord } from './trial.js';

/** Trials as rows of text: rank, number, settings, budget, score, seconds and what went wrong. */
function searchRows(
  trials: readonly TrialRecord[],
  scoreName: string,
): readonly (readonly string[])[] {
  const names = [...new Set(trials.flatMap(({ settings }) => Object.keys(settings)))];
  return [
    ['rank', 'trial', ...names, 'budget', scoreName, 'seconds', 'error'],
    ...trials.map(({ trial, settings, budget, score, seconds, error }, i) => [
      score === null ? '' : String(i + 1),
      String(trial),
      ...names.map((name) => textOf(settings[name])),
      String(budget),
      score === null ? 'failed' : String(Number(score.toPrecision(6))),
      seconds.toFixed(1),
      error?.split('\n')[0] ?? '',
    ]),
  ];
}

/**
 * The trials of a search as a table for a terminal.
 *
 * @param trials The best first, as they are in a `SearchResult`.
 */
export function searchTable(trials: readonly TrialRecord[], scoreName: string): string {
  const rows = searchRows(trials, scoreName);
  const last = (rows[0]?.length ?? 1) - 1;
  const widths = Array.from({ length: last }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column < last ? cell.padStart(widths[column] ?? 0) : cell))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same as CSV. */
export function searchCsv(trials: readonly TrialRecord[], scoreName: string): string {
  return searchRows(trials, scoreName)
    .map((row) => `${row.map(quoted).join(',')}\n`)
    .join('');
}

function textOf(value: SettingValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
