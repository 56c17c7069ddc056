import { describe, expect, it } from 'vitest';
import { formatChart } from '../src/chart.js';
import { rowResult, timing, type Results } from '../src/results.js';
import { formatSummary, formatTable } from '../src/table.js';

const ROWS = [
  rowResult({ name: 'resnet', title: 'ResNet, batch < 8' }, 3, timing([100, 110, 120], 2000), {
    torch: timing([132], 1000),
    keras: { error: 'out of memory' },
  }),
];

describe('formatTable', () => {
  it('has a line for ours and for each peer, those that did not run with their error', () => {
    const lines = formatTable(ROWS).split('\n');
    expect(lines[0]).toBe('ResNet, batch < 8');
    expect(lines[2]).toMatch(/arctic +110\.0 +100\.0 +2000 +1\.20× +2\.00×/);
    expect(lines[3]).toMatch(/torch +132\.0 +132\.0 +1000 +1\.00× +1\.00×/);
    expect(lines[4]).toMatch(/keras +did not run: out of memory/);
  });
});

describe('formatSummary', () => {
  it('says how ours compares with the fastest peer', () => {
    expect(formatSummary(ROWS)).toBe(
      'resnet  1.20× the speed of torch, 2.00× its memory (2.00× the least of all peers)',
    );
  });

  it('says where there is nothing to compare with', () => {
    const alone = rowResult({ name: 'alone', title: 'Alone' }, 1, timing([1], 1), {});
    expect(formatSummary([alone])).toBe('alone  1.0 ms; no peer ran');
  });
});

describe('formatChart', () => {
  const results: Results = {
    machine: { cpu: 'A & B' },
    versions: {},
    threads: 2,
    warmUp: 2,
    rows: ROWS,
  };

  it('draws a bar for each that ran, in proportion to its throughput', () => {
    const svg = formatChart(results);
    const widths = [...svg.matchAll(/<rect x="170"[^>]* width="([\d.]+)"/g)].map(([, w]) =>
      Number(w),
    );
    expect(widths).toHaveLength(2);
    expect((widths[0] ?? 0) / (widths[1] ?? 1)).toBeCloseTo(1.2, 2);
  });

  it('escapes what XML keeps for itself', () => {
    expect(formatChart(results)).toContain('batch &lt; 8');
    expect(formatChart(results)).toContain('A &amp; B');
  });
});
