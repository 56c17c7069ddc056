import { hasRun, type Failure, type RowResult, type Timing } from './results.js';

const HEAD = ['', 'median ms', 'min ms', 'peak MB', 'speed', 'memory'] as const;

/**
 * Results as a table for the terminal: a block for each row, ours first. `speed` is the throughput and
 * `memory` the peak of a line, both as multiples of the fastest peer's.
 */
export function formatTable(rows: readonly RowResult[]): string {
  const blocks = rows.map(({ title, fastestPeer, ours, peers }) => {
    const fastest = fastestPeer === null ? undefined : peers[fastestPeer];
    const reference = fastest && hasRun(fastest) ? fastest : undefined;
    const lines = Object.entries(peers).map(([name, peer]) => line(name, peer, reference));
    return { title, lines: [line('arctic', ours, reference), ...lines] };
  });
  const cells = [HEAD, ...blocks.flatMap(({ lines }) => lines.filter(({ length }) => length > 2))];
  const widths = HEAD.map((_, i) => Math.max(...cells.map((row) => (row[i] ?? '').length)));
  const text = (row: readonly string[]) =>
    row.length === 2
      ? `  ${(row[0] ?? '').padEnd(widths[0] ?? 0)}  ${row[1] ?? ''}`
      : `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}`.trimEnd();
  return blocks
    .map(({ title, lines }) => [title, text(HEAD), ...lines.map(text), ''].join('\n'))
    .join('\n');
}

/** One line for each row: what the whole is about. */
export function formatSummary(rows: readonly RowResult[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows
    .map(({ name, ratio, fastestPeer, memoryRatio, leanestMemoryRatio, ours }) =>
      ratio === null
        ? `${name.padEnd(width)}  ${ours.medianMs.toFixed(1)} ms; no peer ran`
        : `${name.padEnd(width)}  ${times(ratio)} the speed of ${fastestPeer}, ` +
          `${times(memoryRatio)} its memory (${times(leanestMemoryRatio)} the least of all peers)`,
    )
    .join('\n');
}

function line(name: string, entry: Timing | Failure, reference: Timing | undefined): string[] {
  if (!hasRun(entry)) return [name, `did not run: ${entry.error}`];
  return [
    name,
    entry.medianMs.toFixed(1),
    entry.minMs.toFixed(1),
    entry.peakMb.toFixed(0),
    reference ? times(reference.medianMs / entry.medianMs) : '',
    reference ? times(entry.peakMb / reference.peakMb) : '',
  ];
}

function times(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(2)}×`;
}
